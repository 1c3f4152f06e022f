import Foundation
import Testing

@Suite("what train chooses")
struct TrainingChoiceTests {
  private func tell(_ arguments: String...) throws -> String {
    try Program.succeed(["train"] + arguments + ["--dry-run", "--threads", "1"]).text
  }

  @Test("a dry run tells what and why, and writes nothing")
  func dryRun() throws {
    let text = try tell(Samples.folder("discs"))
    #expect(text.hasPrefix("8 pictures of 12x12; chosen:\n"))
    for part in [
      "--preset deep ", "--size 12x12 ", "--gray ", "--likelihood ", "--batch-size 4 ",
      "--time 20m00s ", " parameters, a file of ", " an epoch, ", " epochs in 20m00s",
      " latents on 2 grids",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    let folder = try Folder()
    _ = try tell(Samples.folder("discs"), "-o", folder("m.safetensors"))
    #expect(try folder.names == [])
  }

  @Test("what is given is not chosen")
  func given() throws {
    let text = try tell(
      Samples.folder("discs"), "--preset", "deep", "--size", "8x8", "--color", "--likelihood",
      "gaussian", "--batch-size", "2", "--epochs", "3")
    for option in ["--preset", "--size", "--gray", "--color", "--likelihood", "--batch", "--time"] {
      #expect(!text.contains("  \(option) "), "\(option)")
    }
    #expect(text.contains("8x8 color"))
  }

  @Test("pictures of several sizes are brought to one")
  func mixedSizes() throws {
    let folder = try Folder()
    let arguments = [
      "train", Samples.disc(0), Samples.folder("large.png"), "-o", folder("m.safetensors"),
      "--steps", "2", "--threads", "1",
    ]
    for (preset, expected) in [([], "deep"), (["--preset", "aevb"], "mlp")] {
      let result = try Program.run(arguments + preset)
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(result.errors.contains("--size 32x24"))
      #expect(result.errors.contains("their sizes differ"))
      let info = try Program.succeed("info", folder("m.safetensors")).text
      #expect(info.contains("32x24 gray") && info.contains(expected))
    }
  }

  @Test(
    "options of flat models ask for a flat model", arguments: ["--hidden 4", "--prior mixture"])
  func implied(options: String) throws {
    let folder = try Folder()
    try Program.succeed(
      [
        "train", Samples.folder("discs"), "-o", folder("m.safetensors"), "--steps", "1",
        "--threads", "1", "-q",
      ] + options.split(separator: " ").map(String.init))
    #expect(try Program.succeed("info", folder("m.safetensors")).text.contains("network       mlp"))
  }

  /// The choice is that of the first run, whatever the options that it was made by would give now.
  @Test("a run goes on as it was chosen, to the bits of one without interruption")
  func resume() throws {
    let folder = try Folder()
    func train(_ name: String, _ steps: String, _ more: String...) throws -> String {
      let result = try Program.run(
        [
          "train", Samples.disc(0), Samples.disc(1), Samples.folder("large.png"), "-o",
          folder("\(name).safetensors"), "--steps", steps, "--threads", "1", "--keep-checkpoint",
          "--schedule", "constant", "--warm-up", "0",
        ] + more)
      #expect(result.exitCode == 0, "\(result.errors)")
      return result.errors
    }
    _ = try train("a", "6")
    _ = try train("b", "3")
    let errors = try train("b", "6", "--resume")
    #expect(errors.contains("going on at step 3"))
    let names = ["a", "b"].map { "\($0).safetensors" }
    #expect(try folder.data(names[0]) == folder.data(names[1]))
  }
}

@Suite("checkpoints and their pictures")
struct CheckpointSafetyTests {
  private func run(_ folder: Folder, _ more: String...) throws -> Program.Result {
    try Program.run(
      [
        "train", folder("pictures"), "-o", folder("m.safetensors"), "--hidden", "4", "--steps",
        "3", "--threads", "1", "--keep-checkpoint",
      ] + more)
  }

  private func pictures(_ folder: Folder, _ files: [(String, Int)]) throws {
    try? FileManager.default.removeItem(atPath: folder("pictures"))
    try FileManager.default.createDirectory(
      atPath: folder("pictures"), withIntermediateDirectories: true)
    for (name, index) in files {
      try FileManager.default.copyItem(
        atPath: Samples.disc(index), toPath: folder("pictures/\(name)"))
    }
  }

  @Test("starting anew over a checkpoint asks")
  func overwrite() throws {
    let folder = try Folder()
    try pictures(folder, [("a.png", 0), ("b.png", 1)])
    #expect(try run(folder).exitCode == 0)
    let before = try folder.data("m.checkpoint.safetensors")
    let refused = try run(folder)
    #expect(refused.exitCode == 64)
    #expect(refused.errors.contains("--resume") && refused.errors.contains("--overwrite"))
    #expect(try folder.data("m.checkpoint.safetensors") == before)
    #expect(try run(folder, "--overwrite").exitCode == 0)
    #expect(try run(folder, "--resume").exitCode == 0)
    #expect(try run(folder, "--resume", "--overwrite").exitCode == 64)
  }

  @Test("other pictures are refused with what differs")
  func otherPictures() throws {
    let folder = try Folder()
    try pictures(folder, [("a.png", 0), ("b.png", 1)])
    #expect(try run(folder).exitCode == 0)
    for (files, reason) in [
      ([("a.png", 0), ("c.png", 1)], "found one on other files"),
      ([("a.png", 0), ("b.png", 2)], "files of the same names with other contents"),
      ([("a.png", 0), ("b.png", 1), ("c.png", 2)], "expected a run on 3 pictures"),
    ] {
      try pictures(folder, files)
      let result = try run(folder, "--resume")
      #expect(result.exitCode == 65)
      #expect(result.errors.contains(reason), "\(result.errors)")
    }
    // A copy of the same is the same.
    try pictures(folder, [("b.png", 1), ("a.png", 0)])
    #expect(try run(folder, "--resume").exitCode == 0)
  }

  @Test("--start-from tells which tensors were taken")
  func startFrom() throws {
    let folder = try Folder()
    try pictures(folder, [("a.png", 0), ("b.png", 1)])
    #expect(try run(folder).exitCode == 0)
    let result = try Program.run([
      "train", folder("pictures"), "-o", folder("n.safetensors"), "--hidden", "4", "--steps", "1",
      "--threads", "1", "--start-from", folder("m.safetensors"),
    ])
    #expect(result.exitCode == 0)
    #expect(result.errors.contains("m.safetensors: 8 tensors taken"))
  }
}
