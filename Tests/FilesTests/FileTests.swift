import Foundation
import Testing

@testable import Files

@Suite struct FileTests {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "files-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
  }

  private func entries() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 300_000])
  func readsBackWhatItWrote(count: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = folder + "/file"
    try AtomicFile.write(bytes, to: path)
    #expect(try FileReader.readFile(path) == bytes)
    #expect(try entries() == ["file"])
    let file = try ReadableFile(path: path)
    #expect(file.length == count)
    #expect(try file.read(at: count / 2, count: 10) == Array(bytes[(count / 2)...].prefix(10)))
    #expect(try file.readAll() == bytes)
  }

  @Test func readsAPipeToItsEnd() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pipe = Pipe()
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
    let writer = Thread {
      try? pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
      try? pipe.fileHandleForWriting.close()
    }
    writer.start()
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    #expect(try FileReader.readAll(descriptor: descriptor) == bytes)
  }

  @Test func refusesMoreThanTheLimit() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/file"
    try AtomicFile.write([UInt8](repeating: 7, count: 100), to: path)
    #expect(try FileReader.readFile(path, limit: 100).count == 100)
    #expect {
      try FileReader.readFile(path, limit: 99)
    } throws: {
      ($0 as? FileError)?.kind == .badData
    }
  }

  @Test func namesWhatIsMissing() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let missing = folder + "/missing"
    let error = #expect(throws: FileError.self) { try FileReader.readFile(missing) }
    #expect(error?.kind == .noInput)
    #expect(error?.description == "\(missing): no such file or directory")
    let directory = #expect(throws: FileError.self) { try FileReader.readFile(folder) }
    #expect(directory?.kind == .noInput)
    let unwritable = #expect(throws: FileError.self) {
      try AtomicFile.write([1], to: missing + "/file")
    }
    #expect(unwritable?.kind == .cannotCreate)
    #expect(throws: FileError.self) { try AtomicFile.write([1], to: folder) }
  }

  @Test func leavesTheTargetAloneWhereTheBodyThrows() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    struct Stop: Error {}
    let path = folder + "/file"
    try AtomicFile.write([1, 2, 3], to: path)
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: path) { output in
        try output.write([9])
        throw Stop()
      }
    }
    #expect(try FileReader.readFile(path) == [1, 2, 3])
    #expect(try entries() == ["file"])
  }

  @Test func keepsPermissionsAndFollowsLinks() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/file"
    let link = folder + "/link"
    try AtomicFile.write([1], to: path)
    #expect(chmod(path, 0o600) == 0)
    #expect(symlink("file", link) == 0)
    try AtomicFile.write([2], to: link, synchronized: true)
    #expect(try FileReader.readFile(path) == [2])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "file")
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func writesDirectlyToADevice() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write([1, 2], to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }
}

@Suite("places of files")
struct PlaceTests {
  @Test("whichever path leads to a file, there or to come, it is one place")
  func places() throws {
    let folder = NSTemporaryDirectory() + "latent-places-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let before = Paths.place(folder + "/out/a.png")
    #expect(before != nil && before == Paths.place(folder + "//out//a.png"))
    #expect(before != Paths.place(folder + "/out/b.png"))
    try FileManager.default.createDirectory(
      atPath: folder + "/out", withIntermediateDirectories: false)
    #expect(Paths.place(folder + "/out/a.png") == before)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/link", withDestinationPath: folder + "/out")
    #expect(Paths.place(folder + "/link/a.png") == before)
    #expect(Paths.place(folder + "/out") == nil && Paths.place("/dev/null") == nil)
    try Data().write(to: URL(fileURLWithPath: folder + "/out/a.png"))
    try FileManager.default.linkItem(atPath: folder + "/out/a.png", toPath: folder + "/b.png")
    #expect(Paths.place(folder + "/b.png") == Paths.place(folder + "/link/a.png"))
  }
}
