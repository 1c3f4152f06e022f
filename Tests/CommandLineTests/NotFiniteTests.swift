import Foundation
import Testing

/// A model whose numbers lead nowhere says so, and writes nothing.
@Suite("numbers that are not finite")
struct NotFiniteTests {
  /// The model with all its numbers as large as numbers are, which is what a file may hold.
  private func damaged(_ model: String, _ folder: Folder) throws -> String {
    var data = try Data(contentsOf: URL(fileURLWithPath: model))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    for place in stride(from: 8 + length, to: data.count, by: 4) {
      data.replaceSubrange(place..<place + 4, with: [0xFF, 0xFF, 0x7F, 0x7F])
    }
    try data.write(to: folder.url("huge.safetensors"))
    return folder("huge.safetensors")
  }

  static let commands: [[String]] = [
    ["encode", "a"], ["sample", "-o", "out.png"], ["reconstruct", "a", "-o", "out.png"],
    ["denoise", "a", "--sigma", "20", "-o", "out.png"], ["denoise", "a", "-o", "out.png"],
    ["denoise", "a", "--sigma", "20", "--samples", "2", "-o", "out-%d.png"],
    ["inpaint", "a", "--mask", "mask", "-o", "out.png"],
    ["inpaint", "a", "--mask", "mask", "--method", "map", "-o", "out.png"],
    ["inpaint", "a", "--mask", "mask", "--method", "gibbs", "-o", "out.png"],
    ["interpolate", "a", "a", "-o", "out.png"], ["evaluate", "a"],
    ["evaluate", "a", "--importance-samples", "3"],
  ]

  private func run(_ arguments: [String], _ model: String, picture: String, mask: String) throws {
    let folder = try Folder()
    let words = arguments.map { word in
      switch word {
      case "a": picture
      case "mask": mask
      default: word.hasPrefix("out") ? folder(word) : word
      }
    }
    let result = try Program.run(words + ["-m", try damaged(model, folder)])
    #expect(result.exitCode == 65)
    #expect(result.text == "")
    let lines = result.errors.split(separator: "\n").filter { !$0.hasSuffix(", estimated") }
    #expect(lines.allSatisfy { $0.hasSuffix("the model gives numbers that are not finite") })
    #expect(!lines.isEmpty)
    #expect(try folder.names == ["huge.safetensors"])
  }

  @Test("of models of one size", arguments: commands)
  func flat(arguments: [String]) throws {
    try run(
      arguments, Samples.model, picture: Samples.disc(2), mask: Samples.folder("mask.png"))
  }

  @Test("of deep models", arguments: commands)
  func deep(arguments: [String]) throws {
    try run(
      arguments, DeepCommandTests.model, picture: Samples.disc(2), mask: Samples.folder("mask.png"))
  }

  @Test("--strength 0 asks no model")
  func strengthZero() throws {
    let folder = try Folder()
    let model = try damaged(ConditionalCommandTests.model, folder)
    let film = Data("YUV4MPEG2 W2 H2 F25:1 C420jpeg\nFRAME\n012345FRAME\n6789ab".utf8)
    try film.write(to: folder.url("in.y4m"))
    try Program.succeed(
      "denoise", folder("in.y4m"), "--strength", "0", "-m", model, "-o", folder("out.y4m"))
    try Program.succeed(
      "denoise", Samples.folder("transparent.png"), "--strength", "0", "-m", model, "-o",
      folder("out.png"))
    #expect(try pixels(folder("out.png")) == pixels(Samples.folder("transparent.png")))
    #expect(try folder.data("out.y4m").count > 50)
  }

  @Test("of latents")
  func decode() throws {
    let folder = try Folder()
    let model = try damaged(Samples.model, folder)
    let message = try Program.fail(
      65, ["decode", "-m", model, "-o", folder("a.png")], input: Data("1 2 3\n".utf8))
    #expect(message == "the model gives numbers that are not finite")
  }

  @Test(
    "of models of photographs",
    arguments: [
      ["denoise", "a", "--sigma", "20", "-o", "out.png"],
      ["denoise", "a", "--sigma", "20", "--ensemble", "2", "-o", "out.png"],
      ["denoise", "a", "--sigma", "20", "--samples", "2", "-o", "out-%d.png"],
      ["inpaint", "a", "--mask", "mask", "-o", "out.png"],
      ["upscale", "a", "-s", "2", "-o", "out.png"],
      ["encode", "a"], ["sample", "-o", "out.png"], ["reconstruct", "a", "-o", "out.png"],
      ["interpolate", "a", "a", "-o", "out.png"], ["evaluate", "a"],
    ])
  func conditional(arguments: [String]) throws {
    try run(
      arguments, ConditionalCommandTests.model, picture: Samples.disc(2),
      mask: Samples.folder("mask.png"))
  }
}
