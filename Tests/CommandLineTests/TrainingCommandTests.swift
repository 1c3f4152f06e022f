import Foundation
import Testing

@Suite("train")
struct TrainingCommandTests {
  private let options = [
    "--hidden", "8", "--latents", "2", "--batch-size", "3", "--seed", "4", "--threads", "1",
  ]

  private func train(_ output: String, _ more: String...) throws -> Program.Result {
    try Program.run(["train", Samples.folder("discs"), "-o", output] + options + more)
  }

  @Test("equal runs give equal bytes, and so does one that is gone on with")
  func resume() throws {
    let folder = try Folder()
    #expect(try train(folder("a.safetensors"), "--steps", "9").exitCode == 0)
    #expect(try train(folder("b.safetensors"), "--steps", "9").exitCode == 0)
    #expect(try folder.data("a.safetensors") == folder.data("b.safetensors"))
    #expect(
      try train(folder("c.safetensors"), "--steps", "4", "--keep-checkpoint").exitCode == 0)
    #expect(try folder.data("a.safetensors") != folder.data("c.safetensors"))
    let resumed = try train(folder("c.safetensors"), "--steps", "9", "--resume")
    #expect(resumed.errors.contains("going on at step 4"))
    #expect(try folder.data("a.safetensors") == folder.data("c.safetensors"))
    #expect(
      try folder.names == ["a.safetensors", "b.safetensors", "c.safetensors"],
      "a finished run leaves no checkpoint")
  }

  @Test("an interrupted run leaves a model and a checkpoint that goes on to the same bits")
  func interruption() throws {
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
    process.interrupt()
    while process.isRunning && Date() < deadline { usleep(10_000) }
    try #require(!process.isRunning)
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    let info = try Program.run(["info", folder("a.safetensors"), "--json"])
    let report = try #require(
      try JSONSerialization.jsonObject(with: info.output) as? [String: Any])
    let steps = try #require((report["history"] as? [String: Any])?["steps"] as? Int)
    #expect(steps >= 100)
    _ = try train(folder("a.safetensors"), "--steps", "\(steps + 5)", "--resume")
    _ = try train(folder("b.safetensors"), "--steps", "\(steps + 5)")
    #expect(try folder.data("a.safetensors") == folder.data("b.safetensors"))
  }

  @Test("the log has an object a line; progress goes to standard error; --quiet is silent")
  func reports() throws {
    let folder = try Folder()
    let result = try train(
      folder("a.safetensors"), "--steps", "250", "--log", folder("log.ndjson"))
    #expect(result.text == "")
    #expect(result.errors.contains("7 pictures of 12x12 gray") == false)
    #expect(result.errors.contains("8 pictures of 12x12 gray, 0 held out"))
    #expect(result.errors.contains("step 250/250"))
    let lines = try String(decoding: folder.data("log.ndjson"), as: UTF8.self)
      .split(separator: "\n").map {
        try #require(
          try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
    #expect(lines.compactMap { $0["step"] as? Int } == [100, 200, 250])
    let bounds = lines.compactMap { $0["bound"] as? Double }
    #expect(bounds.count == 3 && bounds[0] < bounds[2])
    #expect(try train(folder("b.safetensors"), "--steps", "2", "--quiet").errors == "")
  }

  @Test("validation on a share and on files of its own")
  func validation() throws {
    let folder = try Folder()
    for more in [["--validation-share", "0.25"], ["--validation", Samples.disc(0)]] {
      let result = try Program.run(
        ["train", Samples.folder("discs"), "-o", folder("a.safetensors")] + options
          + ["--steps", "5"] + more)
      #expect(result.exitCode == 0)
      #expect(result.errors.contains("validation bound -"))
    }
  }

  @Test("what cannot be read is reported and skipped")
  func damaged() throws {
    let folder = try Folder()
    for index in 0..<3 {
      try FileManager.default.copyItem(
        atPath: Samples.disc(index), toPath: folder("\(index).png"))
    }
    try Data(contentsOf: URL(fileURLWithPath: Samples.disc(3))).prefix(60)
      .write(to: folder.url("cut.png"))
    try Data().write(to: folder.url("empty.png"))
    try FileManager.default.createDirectory(
      atPath: folder("folder.png"), withIntermediateDirectories: true)
    let result = try Program.run(
      ["train", folder.path, "-o", folder("m.safetensors"), "--steps", "2"] + options)
    #expect(result.exitCode == 0)
    for name in ["cut.png", "empty.png", "folder.png"] {
      #expect(
        result.errors.split(separator: "\n").filter {
          $0.contains(name) && $0.hasSuffix("skipped")
        }
        .count == 1)
    }
    #expect(result.errors.contains("3 pictures of 12x12 gray"))
  }

  @Test(
    "every likelihood, optimizer and network trains",
    arguments: [
      ["--likelihood", "gaussian", "--optimizer", "adagrad"],
      [
        "--likelihood", "gaussian-fixed", "--sigma", "20", "--mean", "identity", "--hidden", "none",
      ],
      ["--optimizer", "sgd", "--momentum", "0.9", "--learning-rate", "1e-5", "--weight-prior"],
      ["--preset", "convolutional", "--widths", "4,8", "--hidden", "8", "--schedule", "cosine"],
      ["--size", "6x8", "--fit", "fit", "--color", "--flip", "--binarize"],
    ])
  func variants(more: [String]) throws {
    let folder = try Folder()
    let result = try Program.run(
      [
        "train", Samples.folder("discs"), "-o", folder("a.safetensors"), "--steps", "2",
        "--threads", "1", "-q",
      ] + more)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try Program.run(["info", folder("a.safetensors")]).exitCode == 0)
  }
}
