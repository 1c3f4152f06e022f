import Foundation
import ImageCodecs
import Testing

/// `upscale`, and noise that is told by a file.
extension ConditionalCommandTests {
  @Test("a picture becomes larger by the factor", arguments: [2, 3, 4])
  func upscale(scale: Int) throws {
    let folder = try Folder()
    try Program.succeed(
      "upscale", Self.scenes("deep.png"), "-s", "\(scale)", "-m", Self.model, "-o",
      folder("a.png"))
    let image = try ImageReader.read(path: folder("a.png"))
    #expect(image.width == 45 * scale && image.height == 37 * scale)
    #expect(image.colorModel == .rgba && image.depth == 16)
  }

  @Test("a factor may be any, and a size is not exceeded")
  func upscaleBetweenWholeFactors() throws {
    let folder = try Folder()
    for (name, options) in [
      ("a.png", ["-s", "1.5"]), ("b.png", ["--size", "100x70"]), ("c.png", ["--size", "90x74"]),
      ("d.png", ["-s", "2"]),
    ] {
      try Program.succeed(
        ["upscale", Self.scenes("deep.png"), "-m", Self.model, "-o", folder(name)] + options)
    }
    let extents = try ["a.png", "b.png", "c.png"].map { name in
      let image = try ImageReader.read(path: folder(name))
      #expect(image.colorModel == .rgba && image.depth == 16)
      return [image.width, image.height]
    }
    // 45 x 37: 67.5 x 55.5 are rounded, and of 100x70 the height is met first.
    #expect(extents == [[68, 56], [85, 70], [90, 74]])
    #expect(try samples(folder("c.png")) == samples(folder("d.png")))
    for (size, words) in [("45x37", "smaller than 45x37"), ("400x300", "a fourth of 400x300")] {
      let line = try Program.fail(
        65,
        [
          "upscale", Self.scenes("deep.png"), "--size", size, "-m", Self.model, "-o",
          folder("e.png"),
        ])
      #expect(line.contains(words) && line.contains("deep.png"))
    }
    for options in [
      ["-s", "1"], ["-s", "4.1"], ["-s", "nan"], [], ["-s", "2", "--size", "90x74"],
    ] {
      try Program.fail(
        64, ["upscale", Self.scenes("deep.png"), "-m", Self.model, "-o", folder("e.png")] + options)
    }
  }

  @Test("noise is taken off before a picture is enlarged")
  func upscaleWithNoise() throws {
    let folder = try Folder()
    let picture = Self.scenes("colour.png")
    try Program.succeed(
      "denoise", picture, "--sigma", "20", "-m", Self.model, "--depth", "16", "-o",
      folder("clean.png"))
    try Program.succeed(
      "upscale", folder("clean.png"), "-s", "2", "-m", Self.model, "--depth", "8", "-o",
      folder("two.png"))
    try Program.succeed(
      "upscale", picture, "--sigma", "20", "-s", "2", "-m", Self.model, "-o", folder("one.png"))
    try Program.succeed("upscale", picture, "-s", "2", "-m", Self.model, "-o", folder("plain.png"))
    #expect(try pixels(folder("one.png")) == pixels(folder("two.png")))
    #expect(try pixels(folder("one.png")) != pixels(folder("plain.png")))
    try Program.fail(
      64,
      [
        "upscale", picture, "--sigma", "2", "--denoise", "-s", "2", "-m", Self.model, "-o",
        folder("a.png"),
      ])
  }

  @Test("noise comes from a file that info wrote")
  func noiseFromFile() throws {
    let folder = try Folder()
    let picture = Self.scenes("colour.png")
    try Data(#"{"noise": {"luma": [9, 8, 7], "chroma": [3, 3, 3]}}"#.utf8)
      .write(to: folder.url("camera.json"))
    try Program.succeed(
      "denoise", picture, "--noise", folder("camera.json"), "-m", Self.model, "-o",
      folder("a.png"))
    try Program.succeed(
      "denoise", picture, "--noise", "luma=9/8/7,chroma=3", "-m", Self.model, "-o",
      folder("b.png"))
    #expect(try pixels(folder("a.png")) == pixels(folder("b.png")))
    // A name with an equals sign in it is no level where there is such a file.
    try Data(contentsOf: folder.url("camera.json")).write(to: folder.url("iso=400.json"))
    try Program.succeed(
      "denoise", picture, "--noise", folder("iso=400.json"), "-m", Self.model, "-o",
      folder("e.png"))
    #expect(try pixels(folder("e.png")) == pixels(folder("b.png")))
    try Program.fail(
      64,
      [
        "denoise", picture, "--noise", folder("iso=800.json"), "-m", Self.model, "-o",
        folder("d.png"),
      ]
    )
    let text = try ImageReader.read(path: folder("a.png")).metadata.text
    #expect(text.contains { $0.value.contains("--noise luma=9.00/8.00/7.00,chroma=3.00") })
    let info = try Program.succeed("info", picture, "--json").output
    try info.write(to: folder.url("info.json"))
    try Program.succeed(
      "denoise", picture, "--noise", folder("info.json"), "-m", Self.model, "-o",
      folder("c.png"))
    try Data("{}".utf8).write(to: folder.url("none.json"))
    let line = try Program.fail(
      65,
      [
        "denoise", picture, "--noise", folder("none.json"), "-m", Self.model, "-o",
        folder("d.png"),
      ])
    #expect(line.contains("none.json: expected what latent info PICTURE --json prints"))
    try Program.fail(
      66,
      ["denoise", picture, "--noise", folder("no.json"), "-m", Self.model, "-o", folder("d.png")])
  }
}
