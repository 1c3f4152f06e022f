import Foundation
import Platform
import Testing

@testable import Files

@Suite("names of files")
struct NameTests {
  private let reconstruct = ["reconstruct", "-m", Samples.model]

  @Test("a file that looks like options is a file", arguments: ["-dash.png", "-r.png", "--x.png"])
  func dash(name: String) throws {
    let folder = try Folder()
    try FileManager.default.copyItem(atPath: Samples.disc(0), toPath: folder(name))
    let script = "cd \"$0\" && \"$1\" reconstruct \(name) -m \"$2\" -o -hash.png"
    let result = try shell(script, folder)
    #expect(result.exitCode == 0 && result.errors == "", "\(result.errors)")
    #expect(try Set(folder.names) == [name, "-hash.png"])
  }

  @Test("line ends in a name make no second line")
  func lineEnds() throws {
    let message = try Program.fail(
      66, ["encode", "/no\r\nlatent: all is well.png", "-m", Samples.model])
    #expect(message == "/no\\r\\nlatent: all is well.png: no such file or directory")
  }

  #if os(Linux)
    @Test("two names that Unicode holds for equal are two files")
    func normalization() throws {
      let folder = try Folder()
      try FileManager.default.createDirectory(
        atPath: folder("in"), withIntermediateDirectories: false)
      for (index, name) in ["\u{E9}.png", "e\u{301}.png"].enumerated() {
        try FileManager.default.copyItem(
          atPath: Samples.disc(index), toPath: folder("in/" + name))
      }
      try Program.succeed(reconstruct + [folder("in"), "-o", folder("out/")])
      let names = try Paths.list(folder("out")).map { Array($0.utf8) }
      #expect(Set(names) == [Array("\u{E9}.png".utf8), Array("e\u{301}.png".utf8)])
    }
  #endif

  @Test("a combining mark at a name's start belongs to the name, not to the slash")
  func combiningMark() throws {
    #expect(Array(Paths.folder("out/\u{301}x.png").utf8) == Array("out/".utf8))
    #expect(Array(Paths.name("out/\u{301}x.png").utf8) == Array("\u{301}x.png".utf8))
    let folder = try Folder()
    try Program.succeed(reconstruct + [Samples.disc(0), "-o", folder.path + "/\u{301}x.png"])
    #expect(try Paths.list(folder.path).map { Array($0.utf8) } == [Array("\u{301}x.png".utf8)])
  }

  #if os(Linux)
    @Test("a name that is no UTF-8 is read and written byte for byte, as a file and from a folder")
    func otherBytes() throws {
      let folder = try Folder()
      let result = try shell(
        #"""
        cd "$0" && mkdir in && a=$(printf 'v\377.png') && b=$(printf 'v\376.png') &&
        cp "$3" "in/$a" && cp "$3" "in/$b" && cp "$3" "in/$(printf 'e\303\251.png')" &&
        "$1" reconstruct "in/$a" -m "$2" -o "$b" && "$1" reconstruct in -m "$2" -o out/ &&
        cmp "$b" "out/$b" && "$1" info "out/$a" >list && "$1" info --json "out/$a" >list.json &&
        "$1" encode "out/$a" -m "$2" --format ndjson >codes && "$1" train in -o "$b.safetensors" \
          --hidden 2 --latents 2 --steps 1 --batch-size 2 -q &&
        "$1" encode "out/$a" -m "$b.safetensors" >again
        """#, folder)
      #expect(result.exitCode == 0 && result.errors == "", "\(result.errors)")
      #expect(
        try Set(Paths.list(folder("out")).map(\.systemPathBytes))
          == [
            Array("v".utf8) + [0xFF] + Array(".png".utf8),
            Array("v".utf8) + [0xFE] + Array(".png".utf8), Array("e\u{E9}.png".utf8),
          ])
      for name in ["list", "list.json", "codes"] {
        let text = String(decoding: try folder.data(name), as: UTF8.self)
        let shown = name == "list" ? #"out/v\xff.png"# : #"out/v\\xff.png"#
        #expect(text.contains(shown), "\(text)")
      }
      let missing = try shell(#""$1" info "$(printf 'w\377\033.png')""#, folder)
      #expect(missing.exitCode == 66 && missing.errors.hasPrefix("latent: w\\xff\\e.png: "))
    }
  #endif

  #if os(Linux)
    /// Where a mount of one's own is allowed, as for the root of a container. Sanitizers cannot do without /proc.
    private static let canHideProc: Bool = {
      guard Program.sanitizer == nil else { return false }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "unshare -m mount -t tmpfs none /proc"]
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return false }
      process.waitUntilExit()
      return process.terminationStatus == 0
    }()

    @Test("without /proc arguments are found all the same", .enabled(if: canHideProc))
    func withoutProc() throws {
      let folder = try Folder()
      let result = try shell(
        "cd \"$0\" && unshare -m sh -c 'mount -t tmpfs none /proc && exec \"$@\"' sh \"$1\" "
          + "reconstruct \"$3\" -m \"$2\" -o a.png", folder)
      #expect(result.exitCode == 0 && result.errors == "", "\(result.errors)")
      #expect(try folder.names == ["a.png"])
    }
  #endif

  /// Runs a script that finds the folder, the program, a model and a picture as $0 to $3.
  private func shell(
    _ script: String, _ folder: Folder
  ) throws -> (exitCode: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, folder.path, Program.path, Samples.model, Samples.disc(0)]
    let errors = FileManager.default.temporaryDirectory
      .appendingPathComponent("latent-tests-\(UUID().uuidString)")
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    )
  }
}
