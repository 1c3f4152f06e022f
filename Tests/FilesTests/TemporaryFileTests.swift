import Foundation
import Platform
import Testing

@testable import Files

@Suite struct TemporaryFileTests {
  /// A folder of its own, whose temporary files nobody has looked for yet.
  private func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "temporary-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test func whatReplacesAPrivateFileIsPrivateFromTheStart() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/file"
    try AtomicFile.write([1], to: path)
    for permissions in [0o600, 0o644] {
      try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
      try AtomicFile.write(to: path) { output in
        try output.write([2])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let temporary = try #require(names.first { $0.hasPrefix(".latent-") })
        #expect(try mode(folder + "/" + temporary) == 0o600)
      }
      #expect(try mode(path) == permissions)
    }
  }

  @Test func filesOfDeadProcessesAreRemoved() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exit 0"]
    try process.run()
    process.waitUntilExit()
    let dead = "\(folder)/.latent-\(process.processIdentifier)-1.tmp"
    let others = [
      ".latent-\(process.processIdentifier)-1-00000000.tmp",
      ".latent-\(getpid())-1.tmp", ".latent-1-1.tmp", ".latent-x-1.tmp", ".latent-.tmp", "a.tmp",
    ]
    for path in [dead] + others.map({ folder + "/" + $0 }) {
      try Data([1]).write(to: URL(fileURLWithPath: path))
    }
    let forgotten = folder + "/.latent-1-1-0000000f.tmp"
    try Data([1]).write(to: URL(fileURLWithPath: forgotten))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -100_000)], ofItemAtPath: forgotten)
    try AtomicFile.write([1], to: folder + "/file")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == (others + ["file"]).sorted())
    #expect(TemporaryFiles.takeRemoved().contains(dead))
  }

  @Test func aCombiningMarkStaysInItsFolder() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(Paths.folder("/a/b/\u{301}x") == "/a/b/")
    #expect(Paths.folder("x") == "")
    try AtomicFile.write([1, 2], to: folder + "/\u{301}x.png")
    #expect(try FileReader.readFile(folder + "/\u{301}x.png") == [1, 2])
  }
}

@Suite struct PrintableTests {
  @Test(arguments: [
    ("a b\u{E9}\u{6F22}", "a b\u{E9}\u{6F22}"), ("a\r\nb\tc", "a\\r\\nb\\tc"),
    ("\u{1B}]52;c;x\u{7}", "\\e]52;c;x\\u{07}"), ("\u{9B}2J\u{7F}", "\\u{9b}2J\\u{7f}"),
    ("x\u{202E}gnp", "x\\u{202e}gnp"), ("\u{2028}", "\\u{2028}"), ("", ""),
  ])
  func controlCharactersAreEscaped(text: String, expected: String) {
    #expect(Printable.escaped(text) == expected)
  }

  @Test func linesStayWhereTheyAreWanted() {
    #expect(Printable.escaped("a\nb\r\n", keepsLines: true) == "a\nb\\r\n")
  }

  @Test func bytesThatAreNoTextAreEscaped() {
    let path = String(systemPath: [0x61, 0xFF, 0x0A, 0xC3, 0xA9])
    #expect(Printable.escaped(path) == "a\\xff\\n\u{E9}")
    #expect(Printable.path(path) == "a\\xff\n\u{E9}")
    #expect(Printable.path("a\u{E9}") == "a\u{E9}")
  }

  @Test func longTextsAreCutInTheirMiddle() {
    let text = Printable.escaped(String(repeating: "\u{E9}", count: 1000), limit: 101)
    #expect(text.utf8.count < 140 && text.contains("bytes left out"))
    #expect(text.hasPrefix("\u{E9}") && text.hasSuffix("\u{E9}"))
    #expect(Printable.escaped("abc", limit: 3) == "abc")
  }
}

@Suite struct ProcessStartTests {
  @Test func argumentsAreThoseOfTheProcess() {
    #expect(
      ProcessStart.arguments.map { String(decoding: $0, as: UTF8.self) }
        == Array(CommandLine.arguments.dropFirst()))
    #expect(ProcessStart.program == CommandLine.arguments.first)
  }
}
