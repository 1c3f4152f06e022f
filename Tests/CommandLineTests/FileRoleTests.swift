import Foundation
import Testing

/// What is written must not be what is read, nor written twice: 64, and nothing is lost.
@Suite("files of their own")
struct FileRoleTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    let copies = [
      (Samples.disc(0), "a.png"), (Samples.disc(1), "b.png"), (Samples.model, "m.safetensors"),
      (Samples.folder("mask.png"), "mask.png"),
    ]
    for (source, name) in copies {
      try FileManager.default.copyItem(atPath: source, toPath: folder(name))
    }
    try Data("0.1\t0.2\t0.3\n".utf8).write(to: folder.url("z-0001.png"))
    try FileManager.default.createSymbolicLink(
      atPath: folder("link.png"), withDestinationPath: folder("mask.png"))
  }

  static let cases: [[String]] = [
    ["inpaint", "a.png", "--mask", "mask.png", "-o", "mask.png"],
    ["inpaint", "a.png", "--mask", "mask.png", "-o", "link.png"],
    ["inpaint", "a.png", "--mask", "mask.png", "-o", "m.safetensors", "--format", "png"],
    ["inpaint", "a.png", "b.png", "--mask", "mask.png", "--grid", "2x1", "-o", "a.png"],
    ["inpaint", "a.png", "b.png", "--mask", "mask.png", "-o", "all.npy", "--log", "x"],
    ["sample", "-o", "m.safetensors", "--format", "png"],
    ["reconstruct", "a.png", "b.png", "--grid", "2x1", "-o", "b.png"],
    ["interpolate", "a.png", "b.png", "-o", "a.png"],
    ["encode", "a.png", "-o", "a.png"],
    ["encode", "a.png", "-o", "./m.safetensors"],
    ["decode", "z-0001.png", "-o", "z-0001.png"],
    ["decode", "z-0001.png", "-o", "z-%04d.png"],
    ["train", "a.png", "-o", "n.safetensors", "--log", "a.png", "--steps", "1"],
    ["train", ".", "-o", "n.safetensors", "--log", "b.png", "--steps", "1"],
    ["train", "a.png", "-o", "n.safetensors", "--log", "n.safetensors", "--steps", "1"],
    [
      "train", "a.png", "-o", "n.safetensors", "--log", "n.checkpoint.safetensors", "--steps", "1",
    ],
    [
      "train", "a.png", "-o", "n.safetensors", "--log", "m.safetensors", "--start-from",
      "m.safetensors", "--steps", "1",
    ],
  ]

  @Test("one line, 64, and every file as it was", arguments: cases)
  func collisions(arguments: [String]) throws {
    let before = try folder.names.map { try folder.data($0) }
    let files = Set(try folder.names)
    let paths = arguments.map { word in
      word == "."
        ? folder.path
        : files.contains(word) || word.hasSuffix(".safetensors") || word.hasSuffix(".npy")
          || word.hasSuffix("d.png") ? folder(word) : word
    }
    let model = arguments[0] == "train" ? [] : ["-m", folder("m.safetensors")]
    _ = try Program.fail(64, paths + model)
    #expect(try folder.names.map { try folder.data($0) } == before)
  }

  @Test(
    "the uncertainty goes to a file of its own",
    arguments: [
      ["-o", "s.png", "--uncertainty", "s.png"], ["-o", "s.png", "--uncertainty", "./s.png"],
      ["-o", "s.png", "--uncertainty", "a.png"],
      ["-o", "s.png", "--uncertainty", "m.safetensors.png"],
      ["-o", "out/", "--uncertainty", "out/"], ["-o", "o-%d.png", "--uncertainty", "o-%d.png"],
      ["-o", "-", "--uncertainty", "-"],
    ])
  func uncertainty(outputs: [String]) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder("m.safetensors.png"), withDestinationPath: folder("m.safetensors"))
    try FileManager.default.removeItem(atPath: folder("m.safetensors"))
    try FileManager.default.copyItem(
      atPath: ConditionalCommandTests.model, toPath: folder("m.safetensors"))
    let before = try folder.data("a.png")
    let paths = outputs.map { word in
      word.hasPrefix("-") ? word : folder.path + "/" + word
    }
    let arguments = ["denoise", folder("a.png"), "--sigma", "5", "-m", folder("m.safetensors")]
    _ = try Program.fail(64, arguments + paths)
    #expect(try folder.data("a.png") == before)
    #expect(!FileManager.default.fileExists(atPath: folder("s.png")))
  }

  @Test("a picture may be restored in its place")
  func inPlace() throws {
    try Program.succeed(
      "inpaint", folder("a.png"), "--mask", folder("mask.png"), "-m", folder("m.safetensors"),
      "--method", "map", "--steps", "1", "-o", folder("a.png"))
    try Program.succeed(
      "reconstruct", folder("b.png"), "-m", folder("m.safetensors"), "-o", folder("b.png"))
    #expect(try folder.data("a.png") != Data(contentsOf: URL(fileURLWithPath: Samples.disc(0))))
  }

  @Test("a model and a log may lie among the pictures")
  func amongPictures() throws {
    for _ in 0..<2 {
      let result = try Program.run([
        "train", folder.path, "-o", folder("n.safetensors"), "--hidden", "2", "--latents", "2",
        "--steps", "1", "--batch-size", "1", "--quiet", "--log", folder("log.json"),
      ])
      #expect(result.exitCode == 0, "\(result.errors)")
    }
  }
}
