import Foundation
import ImageCodecs
import Testing

@Suite("what files say beside the pixels")
struct FaithfulFileTests {
  private let quick = ["--steps", "0", "--draws", "1"]

  private func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/images/" + name).path
  }

  /// Denoises a picture and reads the result.
  private func denoised(
    _ path: String, model: String = Samples.model, to name: String = "a.png", _ more: String...
  ) throws -> Image {
    let folder = try Folder()
    try Program.succeed(
      ["denoise", path, "-m", model, "--sigma", "12.5", "-o", folder(name)] + quick + more)
    return try ImageReader.read(path: folder(name))
  }

  private let record =
    "latent 0.1.0 denoise --model colour --sigma 12.5 --steps 0 --draws 1"

  /// A color picture that says much of itself.
  private func spoken() throws -> Image {
    var image = try ImageReader.read(path: Samples.folder("colour.png"))
    image.metadata = try ImageReader.read(path: fixture("metadata.png")).metadata
    image.metadata.exif = try ImageReader.read(path: fixture("orientation-3.jpg")).metadata.exif
    image.metadata.resolution = Resolution(horizontal: 300, vertical: 300, unit: .inch)
    return image
  }

  @Test("profile, EXIF, texts and resolution stay, and what was done is added")
  func metadata() throws {
    let folder = try Folder()
    let image = try spoken()
    try ImageWriter.write(image, to: folder("in.png"))
    let result = try denoised(folder("in.png"), model: Samples.color)
    #expect(result.metadata.iccProfile == image.metadata.iccProfile)
    #expect(result.metadata.exif == image.metadata.exif)
    #expect(result.metadata.resolution?.horizontal == 11_811)
    #expect(
      result.metadata.text
        == image.metadata.text + [Metadata.TextEntry(keyword: "Software", value: record)])
    let plain = try denoised(folder("in.png"), model: Samples.color, "--no-record")
    #expect(plain.metadata.text == image.metadata.text)
    #expect(plain.samples == result.samples)
  }

  @Test("a JPEG's comment tells it")
  func comment() throws {
    let folder = try Folder()
    var image = try spoken()
    image.metadata.text = [Metadata.TextEntry(keyword: "Comment", value: "Größe")]
    try ImageWriter.write(image, to: folder("in.jpg"))
    let result = try denoised(folder("in.jpg"), model: Samples.color, to: "a.jpg").metadata
    #expect(result.iccProfile == image.metadata.iccProfile)
    #expect(result.exif == image.metadata.exif)
    #expect(result.resolution == image.metadata.resolution)
    #expect(result.text.map(\.value) == ["Größe", "Software: " + record])
  }

  @Test("a PNG that is calibrated without a profile stays so")
  func calibration() throws {
    let folder = try Folder()
    var image = try spoken()
    image.metadata = Metadata(calibration: ColorCalibration(gamma: 100_000))
    try ImageWriter.write(image, to: folder("in.png"))
    let result = try denoised(folder("in.png"), model: Samples.color)
    #expect(result.metadata.calibration == image.metadata.calibration)
  }

  @Test("what was estimated is recorded, and samples are numbered")
  func records() throws {
    let folder = try Folder()
    _ = try Program.run(
      [
        "denoise", Samples.folder("large.png"), "-m", Samples.model, "--tiled", "-o",
        folder("a.png"), "--seed", "3",
      ] + quick)
    let text = try ImageReader.read(path: folder("a.png")).metadata.text.map(\.value)
    let words = try #require(text.first).split(separator: " ").map(String.init)
    #expect(words.prefix(6) == ["latent", "0.1.0", "denoise", "--model", "grey", "--sigma"])
    #expect(Double(words[6]) != nil)
    #expect(words[7...].joined(separator: " ") == "--steps 0 --draws 1 --seed 3 --tiled")
    try Program.succeed([
      "inpaint", Samples.disc(1), "--mask", Samples.folder("mask.png"), "-m", Samples.model,
      "--samples", "2", "--steps", "1", "--iterations", "1", "-o", folder("s-%d.png"),
    ])
    #expect(
      try ImageReader.read(path: folder("s-2.png")).metadata.text.map(\.value) == [
        "latent 0.1.0 inpaint --model grey --steps 1 --iterations 1 "
          + "--samples 2, sample 2"
      ])
  }

  @Test("an orientation is applied and its tag reset", arguments: [3, 6])
  func orientation(_ number: Int) throws {
    let path = fixture("orientation-\(number).jpg")
    let result = try denoised(path, model: Samples.color, to: "a.jpg", "--resize")
    #expect((result.width, result.height) == (24, 16))
    #expect(result.metadata.exif == (try ImageReader.read(path: path).metadata.exif))
  }

  @Test("colors under full transparency do not show in the result, and stay as they are")
  func hiddenColors() throws {
    let folder = try Folder()
    let image = try ImageReader.read(path: Samples.folder("colour.png"))
    let planes = image.colorPlanes()
    // A column of half transparency between what shows and what does not.
    let alpha = (0..<144).map { Float([0, 0.5, 1][min($0 % 12 / 4, 2)]) }
    var results: [Image] = []
    for hidden: Float in [0, 1] {
      let colors = planes.indices.map { alpha[$0 % 144] == 0 ? hidden : planes[$0] }
      let picture = Image(
        planes: colors, width: 12, height: 12, channels: 3, alpha: alpha, depth: 16)
      try ImageWriter.write(picture, to: folder("in.png"))
      let result = try denoised(folder("in.png"), model: Samples.color)
      #expect(result.colorModel == .rgba && result.depth == 16)
      #expect(result.alphaPlane() == picture.alphaPlane())
      let after = result.colorPlanes()
      for place in after.indices where alpha[place % 144] == 0 { #expect(after[place] == hidden) }
      #expect(after != picture.colorPlanes())
      results.append(result)
    }
    let (black, white) = (results[0].colorPlanes(), results[1].colorPlanes())
    for place in black.indices where alpha[place % 144] > 0 {
      #expect(black[place] == white[place])
    }
  }

  @Test(
    "transparency of every kind comes back",
    arguments: [
      "palette-8-trns.png", "palette-2-trns-interlaced.png", "grey-1-trns.png", "rgb-16-trns.png",
      "grey-16-trns.png", "grey-alpha-16.png", "rgba-8-interlaced.png",
    ])
  func transparency(name: String) throws {
    let before = try ImageReader.read(path: fixture(name))
    let after = try denoised(fixture(name), model: Samples.color, "--resize")
    #expect(after.colorModel == before.colorModel)
    #expect(after.depth == before.depth)
    #expect(after.alphaPlane() == before.alphaPlane())
  }

  @Test("JPEG and arrays get transparent pictures on a background")
  func background() throws {
    let folder = try Folder()
    for (level, option) in [(255, "white"), (0, "black")] {
      let jpeg = try denoised(
        Samples.folder("transparent.png"), to: "a.jpg", "--background", option, "--quality", "100")
      #expect(jpeg.colorModel == .gray)
      #expect(jpeg.colorPlanes()[72...].allSatisfy { abs($0 * 255 - Float(level)) < 12 })
      try Program.succeed(
        [
          "denoise", Samples.folder("transparent.png"), "-m", Samples.model, "--sigma", "5",
          "--background", option, "-o", folder("a.npy"),
        ] + quick)
      #expect(
        array(try folder.data("a.npy")).numbers[72...].allSatisfy { $0 == Float(level) })
    }
  }

  @Test("16 bits stay 16 bits unless told otherwise", arguments: [("8", 8), ("16", 16), (nil, 16)])
  func depth(option: String?, depth: Int) throws {
    let folder = try Folder()
    try Program.succeed(
      ["inpaint", Samples.folder("deep.png"), "--mask", Samples.folder("mask.png"), "-m"]
        + [Samples.model, "--method", "map", "--steps", "1", "-o", folder("a.png")]
        + (option.map { ["--depth", $0] } ?? []))
    let (before, after) = try (
      ImageReader.read(path: Samples.folder("deep.png")), ImageReader.read(path: folder("a.png"))
    )
    #expect(after.depth == depth)
    let seen = before.converted(toDepth: depth).colorPlanes()[..<72]
    #expect(after.colorPlanes()[..<72] == seen)
  }
}
