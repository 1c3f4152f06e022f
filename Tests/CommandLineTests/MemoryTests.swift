import Foundation
import ImageCodecs
import Testing

/// What asks for more memory than there is ends with one line, before it is taken.
@Suite("memory")
struct MemoryTests {
  /// Runs the program with so many kilobytes of addresses.
  private func run(limit kilobytes: Int, _ arguments: [String]) throws -> Program.Result {
    let folder = try Folder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments =
      ["-c", "ulimit -v \(kilobytes) && exec \"$@\"", "sh", Program.path] + arguments
    for name in ["out", "err"] { try Data().write(to: folder.url(name)) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: folder.url("out"))
    process.standardError = try FileHandle(forWritingTo: folder.url("err"))
    try process.run()
    process.waitUntilExit()
    return Program.Result(
      output: try folder.data("out"),
      errors: String(decoding: try folder.data("err"), as: UTF8.self),
      exitCode: process.terminationReason == .exit ? process.terminationStatus : -1)
  }

  /// White, of a file of a few kilobytes.
  private func writeLarge(_ path: String) throws {
    let side = 9000
    let image = Image(
      width: side, height: side, colorModel: .rgb,
      samples: .bits8([UInt8](repeating: 255, count: 3 * side * side)))
    try ImageWriter.write(image, to: path)
  }

  #if os(Linux)
    /// A sanitizer's shadow of the memory takes more addresses than there are.
    private static let isSanitized = Program.sanitizer != nil

    @Test(
      "a picture, with what would be needed; in a batch the next one", .disabled(if: isSanitized))
    func picture() throws {
      let folder = try Folder()
      try writeLarge(folder("large.png"))
      let result = try run(
        limit: 200_000,
        ["compare", folder("large.png"), folder("large.png")])
      #expect(result.exitCode == 71)
      #expect(
        result.errors.hasPrefix(
          "latent: \(folder("large.png")): expected 243 MB of memory for a picture of 9000x9000, found "
        ), "\(result.errors)")
      let batch = try run(
        limit: 200_000,
        [
          "reconstruct", folder("large.png"), Samples.disc(0), "-m", Samples.model, "--threads",
          "1", "--resize", "--gray", "-o", folder("out/"),
        ])
      #expect(batch.exitCode == 65)
      #expect(batch.errors.contains("large.png: expected 243 MB of memory"), "\(batch.errors)")
      #expect(FileManager.default.fileExists(atPath: folder("out/0.png")))
    }
  #endif
}
