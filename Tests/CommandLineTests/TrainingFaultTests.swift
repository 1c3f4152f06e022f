import Foundation
import Testing

@Suite("training when something fails")
struct TrainingFaultTests {
  private let options = [
    "--hidden", "8", "--latents", "2", "--batch-size", "3", "--seed", "4", "--threads", "1",
  ]

  private func train(_ output: String, _ more: String...) throws -> Program.Result {
    try Program.run(["train", Samples.folder("discs"), "-o", output] + options + more)
  }

  @Test("a log that cannot be written is given up, and the model comes all the same")
  func fullLog() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let folder = try Folder()
    let result = try train(
      folder("a.safetensors"), "--steps", "20", "--log", "/dev/full", "--log-every", "5", "-q")
    #expect(result.exitCode == 0)
    #expect(result.errors.contains("/dev/full: "))
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(try folder.names == ["a.safetensors"])
  }

  @Test("a checkpoint that cannot be written is said, and training goes on")
  func failedCheckpoint() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      atPath: folder("a.checkpoint.safetensors/x"), withIntermediateDirectories: true)
    let result = try train(
      folder("a.safetensors"), "--steps", "5", "--checkpoint-every", "1s", "--keep-checkpoint", "-q"
    )
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.errors.contains("a.checkpoint.safetensors: is a directory; no checkpoint"))
    #expect(try folder.data("a.safetensors").count > 100)
  }

  @Test("the end of the terminal and kill save as Ctrl-C does", arguments: [SIGHUP, SIGTERM])
  func signals(number: Int32) throws {
    let folder = try Folder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments =
      ["train", Samples.folder("discs"), "-o", folder("a.safetensors")] + options
      + ["--steps", "1000000000", "--log", folder("log.ndjson")]
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer { kill(process.processIdentifier, SIGKILL) }
    let deadline = Date(timeIntervalSinceNow: 60)
    while process.isRunning && Date() < deadline && (try? folder.data("log.ndjson").count) ?? 0 == 0
    {
      usleep(10_000)
    }
    kill(process.processIdentifier, number)
    while process.isRunning && Date() < deadline { usleep(10_000) }
    try #require(!process.isRunning)
    #expect(process.terminationReason == .exit && process.terminationStatus == 128 + number)
    #expect(
      try folder.names == ["a.checkpoint.safetensors", "a.safetensors", "log.ndjson"])
  }

  @Test("a run that is gone on with does not tell of a step twice")
  func log() throws {
    let folder = try Folder()
    _ = try train(
      folder("a.safetensors"), "--steps", "10", "--log", folder("l"), "--log-every", "2",
      "--keep-checkpoint")
    // As if the run had gone on for some steps after its last checkpoint, and been cut off.
    let handle = try FileHandle(forWritingTo: folder.url("l"))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"step\":12}\n{\"step\":14}\n{\"st".utf8))
    try handle.close()
    _ = try train(
      folder("a.safetensors"), "--steps", "16", "--log", folder("l"), "--log-every", "2", "--resume"
    )
    let steps = try String(decoding: folder.data("l"), as: UTF8.self).split(separator: "\n").map {
      try #require(
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])["step"] as? Int
    }
    #expect(steps == [2, 4, 6, 8, 10, 12, 14, 16])
  }
}
