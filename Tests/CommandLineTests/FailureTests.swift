import Foundation
import ImageCodecs
import Testing

@Suite("failures")
struct FailureTests {
  @Test(
    "wrong usage is 64, one line, with where to read on",
    arguments: [
      (["frobnicate"], "'latent help'"),
      (["encode", "-m", "x"], "'latent help encode'"),
      (["sample", "-m", "x", "-o", "a.png", "--temperature", "-1"], "'latent help sample'"),
      (["decode", "-m", "x", "-o", "a.png", "--depth", "12"], "'latent help decode'"),
      (
        ["reconstruct", "a", "-m", "x", "-o", "b.png", "--resize", "--tiled"], "--resize or --tiled"
      ),
      (["inpaint", "a", "--mask", "b", "-m", "x", "-o", "c.png", "--method", "best"], "--method"),
    ])
  func usage(arguments: [String], words: String) throws {
    #expect(try Program.fail(64, arguments).contains(words))
  }

  @Test func missingInput() throws {
    let message = try Program.fail(66, ["encode", "/nowhere.png", "-m", Samples.model])
    #expect(message == "/nowhere.png: no such file or directory")
  }

  @Test("an empty name can be seen in the message")
  func emptyName() throws {
    let picture = try Program.fail(66, ["encode", "", "-m", Samples.model])
    #expect(picture == "'': no such file or directory")
    let model = try Program.fail(66, ["encode", Samples.disc(0), "-m", ""])
    #expect(model.hasPrefix("'': expected the name of a model"))
  }

  @Test func missingModel() throws {
    #expect(
      try Program.fail(66, ["info", "/nowhere.safetensors"])
        == "/nowhere.safetensors: no such file or directory")
    let message = try Program.fail(
      66, ["info", "unheard"], environment: ["LATENT_MODELS": Samples.folder.path])
    #expect(message.hasPrefix("unheard: expected the name of a model, looked in "))
    #expect(message.contains(Samples.folder.path))
  }

  @Test("a name that no model has may be that of a file")
  func fileOfAModelsName() throws {
    let folder = try Folder()
    try Data("no tensors, but some words".utf8).write(to: folder.url("words"))
    let words = try Program.run(["info", "words"], in: folder.path)
    #expect(words.exitCode == 65 && words.errors.hasPrefix("latent: words: no safetensors file"))
    try FileManager.default.copyItem(atPath: Samples.model, toPath: folder("trained"))
    #expect(try Program.run(["info", "trained"], in: folder.path).exitCode == 0)
  }

  @Test("info tells of a picture that is not there, or is none, by its name")
  func missingPicture() throws {
    for name in ["missing.png", "missing.Y4M", "missing.heic"] {
      #expect(try Program.fail(66, ["info", name]) == "\(name): no such file or directory")
    }
    let message = try Program.fail(65, ["info", Samples.folder("broken.png")])
    #expect(message.contains("broken.png: expected a \(ImageFormat.list) picture"))
  }

  @Test func noModel() throws {
    #expect(
      try Program.fail(65, ["info", Samples.folder("broken.png")])
        .contains("broken.png: "))
  }

  @Test func noPicture() throws {
    let message = try Program.fail(
      65, ["denoise", Samples.folder("broken.png"), "-m", Samples.model, "-o", "/tmp/x.png"])
    #expect(
      message.hasPrefix(Samples.folder("broken.png") + ": expected a \(ImageFormat.list) picture"))
  }

  @Test("in a batch one bad file is reported and the others are done")
  func batch() throws {
    let folder = try Folder()
    let result = try Program.run([
      "reconstruct", Samples.disc(0), Samples.folder("broken.png"), "/nowhere.png", Samples.disc(1),
      "-m", Samples.model, "-o", folder("out/"),
    ])
    #expect(result.exitCode == 65)
    #expect(result.errors.split(separator: "\n").count == 2)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder("out")).sorted()
        == ["0.png", "1.png"])
  }

  @Test("another size names the ways out")
  func size() throws {
    #expect(
      try Program.fail(
        65,
        ["reconstruct", Samples.folder("large.png"), "-m", Samples.model, "-o", "/tmp/x.png"])
        == "\(Samples.folder("large.png")): expected 12x12 gray, the model's size, "
        + "found 30x20 gray; use --resize or --tiled")
    #expect(
      try Program.fail(65, ["encode", Samples.folder("large.png"), "-m", Samples.model])
        .hasSuffix("use --resize"))
  }

  @Test("color for a gray model names --gray, which works")
  func color() throws {
    #expect(
      try Program.fail(65, ["encode", Samples.folder("colour.png"), "-m", Samples.model])
        .hasSuffix("use --gray to drop the color"))
    try Program.succeed("encode", Samples.folder("colour.png"), "-m", Samples.model, "--gray")
  }

  @Test("several pictures for one file are refused before anything is written")
  func outputs() throws {
    let folder = try Folder()
    let message = try Program.fail(
      64, ["sample", "-m", Samples.model, "-n", "3", "-o", folder("a.png")])
    #expect(message.hasPrefix("\(folder("a.png")): expected one picture for one file, found 3"))
    #expect(
      try Program.fail(
        64, ["sample", "-m", Samples.model, "-n", "5", "--grid", "2x2", "-o", folder("a.png")]
      ).contains("found 5"))
    _ = try Program.fail(
      64, ["decode", "-m", Samples.model, "-o", folder("a.png")], input: Data("1 2 3\n4 5 6".utf8))
    #expect(
      try Program.fail(64, ["sample", "-m", Samples.model, "-o", folder("a.gif")])
        .contains("expected the extension of a picture such as .png, .jpg or .npy"))
    #expect(try folder.names == [])
  }

  @Test func cannotCreate() throws {
    let folder = try Folder()
    _ = try Program.fail(73, ["sample", "-m", Samples.model, "-o", folder("none/a.png")])
    _ = try Program.fail(
      73, ["train", Samples.folder("discs"), "-o", folder("none/m.safetensors"), "--steps", "1"])
    try Data().write(to: folder.url("file"))
    _ = try Program.fail(73, ["sample", "-m", Samples.model, "-o", folder("file/a/")])
  }

  @Test("vectors of another length name the line")
  func vectors() throws {
    let message = try Program.fail(
      65, ["decode", "-m", Samples.model, "-o", "-"], input: Data("1 2\n".utf8))
    #expect(message.hasPrefix("standard input: line 1: expected 3 numbers, found 2"))
  }

  @Test("an unknown backend is named with those there are")
  func backend() throws {
    let message = try Program.fail(
      69, ["sample", "-m", Samples.model, "-o", "-"], environment: ["LATENT_BACKEND": "abacus"])
    #expect(message.hasPrefix("LATENT_BACKEND: expected one of "))
    #expect(message.hasSuffix("found 'abacus'"))
  }

  @Test("a mask of another size, arrays of other types, pictures of two sizes")
  func mismatches() throws {
    let folder = try Folder()
    #expect(
      try Program.fail(
        65,
        [
          "inpaint", Samples.disc(0), "--mask", Samples.folder("large.png"), "-m", Samples.model,
          "-o", folder("a.png"),
        ]
      ).contains("expected a mask of the picture's 12x12 pixels, found 30x20"))
    var whole = npy([Float](repeating: 0, count: 144), shape: "12, 12")
    whole.replaceSubrange(21..<24, with: Data("<c8".utf8))
    try whole.write(to: folder.url("complex.npy"))
    #expect(
      try Program.fail(65, ["compare", folder("complex.npy"), Samples.disc(0)])
        .contains("elements of type '<c8'"))
    #expect(
      try Program.fail(65, ["compare", Samples.disc(0), Samples.folder("large.png")])
        .contains("expected the size of"))
  }

  @Test("a manifold needs two latents")
  func manifold() throws {
    #expect(
      try Program.fail(64, ["sample", "-m", Samples.model, "--manifold", "3x3", "-o", "-"])
        .contains("expected a model with 2 latents, found 3"))
  }

  @Test("a reader that has seen enough ends the program quietly")
  func brokenPipe() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      "'\(Program.path)' sample -m '\(Samples.model)' -n 2000 -o - --threads 1 | head -c 10",
    ]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    #expect(errors.fileHandleForReading.readDataToEndOfFile().isEmpty)
    #expect(output.fileHandleForReading.readDataToEndOfFile().count == 10)
  }
}
