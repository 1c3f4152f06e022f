import Foundation
import Tensors
import Testing
import VAE

/// A hierarchical model of two levels, with random parameters, on pictures of any size.
@Suite("commands with a hierarchical model")
struct HierarchicalModelTests {
  private static let gray = written("hierarchical", channels: 1)
  private static let color = written("hierarchical-colour", channels: 3)

  private static func written(_ name: String, channels: Int) -> String {
    let path = Samples.folder("\(name).safetensors")
    let model = Model(
      Configuration(
        image: ImageShape(channels: channels, height: 8, width: 8),
        hierarchy: Hierarchy(
          widths: [8, 8], targetWidths: [6, 6], latents: [2, 2], blocks: [1, 1], activation: .relu,
          isConditional: true)), seed: 5)
    var random = RandomSource(seed: 6)
    for slot in model.parameters.slots {
      let noise = random.normal(slot.shape)
      guard let start = model.parameters[slot.name] else { continue }
      model.parameters[slot.name] = Tensor(
        slot.shape, zip(start.elements, noise.elements).map { $0 + 0.1 * $1 })
    }
    do {
      try model.write(to: path, as: .float16)
    } catch {
      Issue.record(error)
    }
    return path
  }

  private func object(_ data: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func nats(_ object: Any?) throws -> Double {
    try #require((object as? [String: Any])?["nats"] as? Double)
  }

  @Test("encode into decode gives the bytes of reconstruct, whatever the size")
  func roundTrip() throws {
    let folder = try Folder()
    let pictures = [Samples.disc(0), Samples.folder("odd.png"), Samples.folder("large.png")]
    let stream = try Program.run(
      ["encode"] + pictures + ["-m", Self.gray, "--format", "ndjson"])
    #expect(stream.exitCode == 0)
    let images = try stream.lines.map { try object(Data($0.utf8))["image"] as? [Int] }
    #expect(images == [[1, 12, 12], [1, 9, 13], [1, 20, 30]])
    try Program.succeed(
      "decode", "-m", Self.gray, "-o", folder("decoded-%d.png"), input: stream.output)
    for (index, picture) in pictures.enumerated() {
      try Program.succeed("reconstruct", picture, "-m", Self.gray, "-o", folder("r.png"))
      #expect(try folder.data("decoded-\(index + 1).png") == folder.data("r.png"))
    }
  }

  @Test("--size where nothing else settles the size", arguments: ["text", "npy"])
  func size(format: String) throws {
    let folder = try Folder()
    try Program.succeed(
      "reconstruct", Samples.folder("odd.png"), "-m", Self.gray, "-o", folder("r.png"))
    for options in [[], ["--variance"]] {
      let stream = try Program.run(
        ["encode", Samples.folder("odd.png"), "-m", Self.gray, "--format", format] + options
      ).output
      try Program.succeed(
        "decode", "-m", Self.gray, "--size", "13x9", "-o", folder("d.png"), input: stream)
      #expect(try folder.data("d.png") == folder.data("r.png"))
      let message = try Program.fail(65, ["decode", "-m", Self.gray, "-o", "-"], input: stream)
      #expect(message.hasPrefix("standard input: record 1: expected the latents of a square"))
      #expect(message.contains("--size"))

      let square = try Program.run(
        ["encode", Samples.disc(2), "-m", Self.gray, "--format", format] + options
      ).output
      try Program.succeed("decode", "-m", Self.gray, "-o", folder("s.png"), input: square)
      #expect(try pixels(folder("s.png")).count == 144)
    }
  }

  @Test("what does not fit is refused with the remedy")
  func refusals() throws {
    let object = #"{"image":[3,8,8],"mean":[1]}"#
    #expect(
      try Program.fail(65, ["decode", "-m", Self.gray, "-o", "-"], input: Data(object.utf8))
        .hasPrefix("standard input: record 1: expected \"image\" to be [1, height, width]"))
    let short = #"{"image":[1,8,8],"mean":[1,2]}"#
    #expect(
      try Program.fail(65, ["decode", "-m", Self.gray, "-o", "-"], input: Data(short.utf8))
        == "standard input: record 1: expected 40 latents for 8x8 gray, found 2")
    #expect(
      try Program.fail(64, ["sample", "-m", Samples.model, "--size", "16x12", "-o", "-"])
        == "--size: expected 12x12, the only size of the model, found 16x12; leave it out")
    #expect(
      try Program.fail(64, ["sample", "-m", Self.gray, "--size", "65536x65536", "-o", "-"])
        .hasPrefix("--size: expected at most "))
    #expect(
      try Program.fail(64, ["encode", Samples.disc(0), "-m", Self.gray, "--resize"])
        == "--resize: not for \(Self.gray), a model that takes pictures of any size")
    #expect(
      try Program.fail(
        65,
        [
          "interpolate", Samples.folder("odd.png"), Samples.disc(0), "-m", Self.gray, "-o", "-",
        ]
      ).contains("expected 13x9 pixels, as of the first picture, found 12x12"))
  }

  @Test("draws through all levels follow the seed", arguments: [0, 1])
  func sampledLatents(seed: Int) throws {
    func draw(_ seed: Int) throws -> String {
      try Program.succeed(
        "encode", Samples.folder("odd.png"), "-m", Self.gray, "--sample", "--seed", "\(seed)"
      ).text
    }
    #expect(try draw(seed) == draw(seed))
    #expect(try draw(seed) != draw(seed + 1))
  }

  @Test("samples of any size; those of the training size without one")
  func samples() throws {
    let folder = try Folder()
    for (name, count) in [("a", "1"), ("b", "2")] {
      try Program.succeed(
        "sample", "-m", Self.color, "--size", "11x6", "-n", count, "--seed", "4", "-o",
        folder("\(name)-%d.png"))
    }
    #expect(try pixels(folder("a-1.png")).count == 3 * 66)
    #expect(try folder.data("a-1.png") == folder.data("b-1.png"))
    #expect(try folder.data("b-1.png") != folder.data("b-2.png"))
    try Program.succeed("sample", "-m", Self.gray, "-o", folder("c.png"))
    #expect(try pixels(folder("c.png")).count == 64)
  }

  @Test("frames between pictures of one size", arguments: ["linear", "spherical"])
  func interpolation(path: String) throws {
    let folder = try Folder()
    let (first, last) = (Samples.folder("odd.png"), Samples.folder("odd-2.png"))
    try Program.succeed(
      "interpolate", first, last, "-m", Self.gray, "--frames", "3", "--path", path, "-o",
      folder("f-%d.png"))
    for (index, picture) in [(1, first), (3, last)] {
      try Program.succeed("reconstruct", picture, "-m", Self.gray, "-o", folder("r.png"))
      let (a, b) = (try pixels(folder("f-\(index).png")), try pixels(folder("r.png")))
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1 })
    }
    #expect(try pixels(folder("f-2.png")).count == 13 * 9)
  }

  @Test("the rate is the sum of its groups'; bits/dim count 256 levels")
  func evaluate() throws {
    let report = try object(
      Program.succeed(
        "evaluate", Samples.folder("odd.png"), Samples.disc(1), "-m", Self.gray, "--json",
        "--samples", "100", "--importance-samples", "200", "--per-image"
      ).output)
    let groups = try #require(report["group_rates"] as? [Any]).map(nats)
    #expect(groups.count == 2)
    #expect(try abs(groups[0] + groups[1] - nats(report["rate"])) < 1e-3)
    #expect(try nats(report["log_likelihood"]) > nats(report["bound"]))
    let each = try #require(report["per_image"] as? [[String: Any]])
    let bits = each.compactMap { $0["bits_per_dimension"] as? Double }
    #expect(bits.count == 2 && bits.allSatisfy { $0 > 0 })
    let mean = try #require(report["bits_per_dimension"] as? Double)
    #expect(abs(mean - bits.reduce(0, +) / 2) < 1e-6)

    let lines = try Program.succeed("evaluate", Samples.disc(1), "-m", Self.gray).lines
    #expect(lines.count == 7)
    #expect(lines[3].hasPrefix("  at 1/2  ") && lines[4].hasPrefix("  at 1/4  "))
  }

  @Test func info() throws {
    let text = try Program.succeed("info", Self.gray).text
    #expect(text.contains("pictures      any size, trained on 8x8 gray\n"))
    #expect(text.contains("latents       2 at 1/2, 2 at 1/4: 0.6250 per pixel\n"))
    #expect(text.contains("  stride        4 pixels\n"))
    let report = try object(Program.succeed("info", Self.gray, "--json").output)
    let hierarchy = try #require(report["hierarchy"] as? [String: Any])
    let parts = try #require(hierarchy["parameters"] as? [String: Int])
    #expect(Set(parts.keys) == ["observation", "target", "decoder", "likelihood"])
    #expect(parts.values.reduce(0, +) == report["parameters"] as? Int)
  }

  @Test("color of pictures and models as with other models")
  func colors() throws {
    let folder = try Folder()
    try Program.succeed(
      "reconstruct", Samples.folder("odd.png"), "-m", Self.color, "-o", folder("c.png"))
    #expect(try pixels(folder("c.png")).count == 3 * 13 * 9)
    #expect(
      try Program.fail(
        65, ["reconstruct", Samples.folder("colour.png"), "-m", Self.gray, "-o", "-"]
      ).contains("use --gray"))
    try Program.succeed(
      "reconstruct", Samples.folder("colour.png"), "-m", Self.gray, "--gray", "-o",
      folder("g.png"))
    #expect(try pixels(folder("g.png")).count == 144)
  }
}
