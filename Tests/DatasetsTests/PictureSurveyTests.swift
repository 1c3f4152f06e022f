import ImageCodecs
import Testing

@testable import Datasets

@Suite struct PictureSurveyTests {
  /// Pictures of a folder by name.
  private func survey(_ pictures: [(String, Image)]) throws -> PictureSurvey {
    let folder = try TemporaryFolder()
    for (name, image) in pictures { try folder.write(image, name) }
    return try PictureSurvey([folder.path])
  }

  private func noise(_ width: Int, _ height: Int, _ seed: Int) -> Image {
    var state = UInt32(truncatingIfNeeded: seed &* 2_654_435_761 | 1)
    return Image.gray(width, height) { _, _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
  }

  @Test func extents() throws {
    let survey = try survey([
      ("a.png", noise(20, 10, 1)), ("b.png", noise(20, 10, 2)), ("c.png", noise(8, 30, 3)),
      ("d.png", noise(40, 40, 4)), ("e.png", noise(21, 11, 5)),
    ])
    #expect(survey.count == 5)
    #expect(survey.commonest == PictureSurvey.Extents(width: 20, height: 10))
    #expect(survey.median == PictureSurvey.Extents(width: 20, height: 11))
    #expect(!survey.isOfOneSize)
  }

  @Test func noiseIsNoDrawing() throws {
    let survey = try survey([("a.png", noise(32, 32, 1)), ("b.png", noise(32, 32, 2))])
    #expect(survey.isOfOneSize && !survey.isColored && !survey.isTransparent)
    #expect(survey.equalShare < 0.02)
    #expect(abs(survey.extremeShare - 0.25) < 0.06)
  }

  @Test func blackAndWhiteDrawing() throws {
    let bars = Image.gray(32, 16) { x, _ in x / 8 % 2 == 0 ? 0 : 255 }
    let survey = try survey([("a.png", bars)])
    #expect(survey.extremeShare == 1)
    #expect(abs(survey.equalShare - 28.0 / 31) < 1e-9)
  }

  /// Three channels alone are no color; nor is what a transparent pixel hides.
  @Test func colorAndTransparency() throws {
    let gray = [UInt8](repeating: 90, count: 3 * 16)
    let grayInColor = Image(width: 4, height: 4, colorModel: .rgb, samples: .bits8(gray))
    #expect(try !survey([("a.png", grayInColor)]).isColored)
    var red = [UInt8](repeating: 0, count: 4 * 16)
    for pixel in 0..<16 { red[4 * pixel] = 200 }
    let hidden = Image(width: 4, height: 4, colorModel: .rgba, samples: .bits8(red))
    let survey = try survey([("a.png", hidden)])
    #expect(survey.isTransparent && !survey.isColored && survey.extremeShare == 1)
    for pixel in 0..<16 { red[4 * pixel + 3] = 255 }
    let shown = Image(width: 4, height: 4, colorModel: .rgba, samples: .bits8(red))
    let opaque = try self.survey([("a.png", shown)])
    #expect(!opaque.isTransparent && opaque.isColored)
  }

  @Test func fingerprintsTellFilesApart() throws {
    let folders = try (0..<3).map { _ in try TemporaryFolder() }
    for folder in folders {
      try folder.write(noise(8, 8, 1), "a.png")
      try folder.write(noise(8, 8, 2), "b.png")
    }
    let first = try Dataset([folders[0].path]).fingerprint
    #expect(try Dataset([folders[1].path]).fingerprint == first)
    #expect(try Dataset([folders[1].path]).fingerprint.difference(from: first) == nil)
    try folders[1].write(noise(8, 8, 3), "b.png")
    let other = try Dataset([folders[1].path]).fingerprint
    #expect(other.names == first.names && other.contents != first.contents)
    #expect(other.difference(from: first)?.contains("other contents") == true)
    try folders[2].write(noise(8, 8, 3), "c.png")
    #expect(
      try Dataset([folders[2].path]).fingerprint.difference(from: first)
        == "expected a run on 3 pictures, found one on 2")
    // The folders go with the last reference to them.
    withExtendedLifetime(folders) {}
  }
}
