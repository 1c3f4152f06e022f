import Foundation
import ImageCodecs
import Testing

/// Options that a format has no use for, streams without anything in them, and systems that grant little.
@Suite("options, streams and threads that are not to be had")
struct LimitTests {
  private let quick = ["-m", Samples.model, "--sigma", "10", "--steps", "0", "--draws", "1"]

  @Test(
    "an option that a format has no use for is refused before anything is computed",
    arguments: [
      ("a.jpg", ["--depth", "16"], "--depth 16: not for JPEG"),
      ("a.y4m", ["--depth", "16"], nil), ("a.png", ["--depth", "16"], nil),
      ("a.jpg", ["--depth", "8"], nil), ("a.png", ["--quality", "80"], "--quality: not for PNG"),
      ("a.npy", ["--quality", "80"], "--quality: not for an array"),
      ("a.jpg", ["--quality", "80"], nil), ("-", ["--quality", "80"], "--quality: not for PNG"),
      ("-", ["--quality", "80", "--format", "jpeg"], nil),
      ("out-%d.png", ["--quality", "80"], "--quality: not for PNG"),
      ("out/", ["--quality", "80"], "--quality: not for PNG"),
      ("out/", ["--quality", "80", "--format", "jpeg"], nil),
      ("out/", ["--depth", "16", "--format", "jpeg"], "--depth 16: not for JPEG"),
    ] as [(String, [String], String?)])
  func uselessOptions(output: String, options: [String], message: String?) throws {
    let folder = try Folder()
    let path = output == "-" ? "-" : folder(output)
    let arguments = ["denoise", Samples.disc(0)] + quick + options + ["-o", path]
    guard let message else {
      #expect(try Program.run(arguments).exitCode == 0)
      return
    }
    let line = try Program.fail(64, arguments)
    #expect(line.hasPrefix(message + "; write ") && line.hasSuffix(", or leave it out"))
    #expect(try folder.names.isEmpty)
  }

  @Test("of a folder's formats one may have a use for an option")
  func mixedFolder() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      atPath: folder("in"), withIntermediateDirectories: false)
    let image = try ImageReader.read(path: Samples.disc(0))
    for name in ["in/a.jpg", "in/b.png"] { try ImageWriter.write(image, to: folder(name)) }
    for options in [["--quality", "40"], ["--depth", "16"]] {
      try Program.succeed(["denoise", folder("in"), "-o", folder("out/")] + quick + options)
    }
    #expect(try ImageReader.read(path: folder("out/b.png")).depth == 16)
  }

  @Test(
    "an empty stream is said to be one",
    arguments: [
      (["denoise", "-", "-o", "-"], 65, "picture, found an empty file"),
      (["encode", "-"], 65, "picture, found an empty file"),
      (["reconstruct", "-", "-o", "-"], 65, "picture, found an empty file"),
      (["inpaint", "PICTURE", "--mask", "-", "-o", "-"], 65, "picture, found an empty file"),
      (["decode", "-", "-o", "-"], 66, "expected latents, found nothing"),
      (["decode", "-o", "-"], 66, "expected latents, found nothing"),
    ])
  func emptyStream(arguments: [String], code: Int32, message: String) throws {
    let arguments = arguments.map { $0 == "PICTURE" ? Samples.disc(0) : $0 }
    let line = try Program.fail(code, arguments + ["-m", Samples.model])
    #expect(line.contains("standard input: expected ") && line.hasSuffix(message), "\(line)")
  }

  @Test("an empty file is said to be one")
  func emptyFile() throws {
    let folder = try Folder()
    try Data().write(to: folder.url("a.png"))
    let line = try Program.fail(65, ["denoise", folder("a.png"), "-o", folder("b.png")] + quick)
    #expect(line.hasPrefix("\(folder("a.png")): ") && line.hasSuffix("found an empty file"))
    #expect(try folder.names == ["a.png"])
  }

  #if os(Linux)
    /// Runs a script as somebody else who may have one thread at most: for the superuser there is no limit.
    private static func alone(_ script: String, _ arguments: [String]) throws -> Program.Result {
      let folder = try Folder()
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      let limited = #"exec setpriv --reuid=54321 --clear-groups prlimit --nproc=1 sh -c "$@""#
      process.arguments = ["-c", limited, "sh", "exec \(script)", "sh"] + arguments
      for name in ["out", "err"] { try Data().write(to: folder.url(name)) }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try FileHandle(forWritingTo: folder.url("out"))
      process.standardError = try FileHandle(forWritingTo: folder.url("err"))
      try process.run()
      let deadline = Date(timeIntervalSinceNow: 60)
      while process.isRunning && Date() < deadline { usleep(10_000) }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      return Program.Result(
        output: try folder.data("out"),
        errors: String(decoding: try folder.data("err"), as: UTF8.self),
        exitCode: process.terminationReason == .exit ? process.terminationStatus : -1)
    }

    /// Where the superuser runs the tests, in a folder that others may read, as in a container.
    private static let canLimit: Bool =
      geteuid() == 0
      && (try? alone(#""$1" info "$2""#, [Program.path, Samples.disc(0)]).exitCode) == 0

    @Test("where no thread can be had, all is done on the only one", .enabled(if: canLimit))
    func noThreads() throws {
      let folder = try Folder()
      chmod(folder.path, 0o777)
      // Enough rows to be compressed in parts, on several threads where there are some.
      let large = ConditionalCommandTests.scene(3, width: 1500, height: 1000, channels: 3)
      try ImageWriter.write(large, to: folder("large.png"))
      let runs: [[String]] = [
        [
          "train", Samples.folder("discs"), "-o", folder("m.safetensors"), "--latents", "2",
          "--hidden", "3", "--steps", "5", "-q",
        ],
        [
          "train", ConditionalCommandTests.scenes("train"), "-o", folder("c.safetensors"),
          "--preset", "photograph", "--crop", "16x16", "--widths", "4,6", "--latents", "2",
          "--batch-size", "2", "--steps", "2", "-q",
        ],
        ["denoise", Samples.disc(0), "-o", folder("a.png"), "--threads", "4"] + quick,
        [
          "denoise", folder("large.png"), "--strength", "0", "-m", ConditionalCommandTests.model,
          "-o", folder("b.png"),
        ],
        [
          "denoise", Samples.disc(1), "-o", folder("out/"), "--claim", "--no-record",
        ] + quick,
      ]
      for arguments in runs {
        let result = try Self.alone(#""$@""#, [Program.path] + arguments)
        #expect(result.exitCode == 0 && result.errors == "", "\(arguments): \(result.errors)")
      }
      #expect(try ImageReader.read(path: folder("b.png")).samples == large.samples)
      #expect(
        try folder.names
          == ["a.png", "b.png", "c.safetensors", "large.png", "m.safetensors", "out"])
    }
  #endif
}
