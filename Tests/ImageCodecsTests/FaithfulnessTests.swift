import Testing

@testable import ImageCodecs

/// What a file says about its pixels' size, colors and extents.
@Suite struct FaithfulnessTests {
  private func rewritten(_ image: Image, as format: ImageFormat) throws -> Metadata {
    try ImageReader.read(bytes: ImageWriter.encode(image, format: format), name: "x").metadata
  }

  private func image(_ metadata: Metadata) -> Image {
    var image = WritingTests.picture(.rgb, depth: 8)
    image.metadata = metadata
    return image
  }

  @Test(arguments: [72, 96, 150, 300, 301, 600, 2400])
  func pixelsAnInchSurviveBothFormats(resolution: Int) throws {
    let inches = try #require(
      Resolution(
        horizontal: Double(resolution), vertical: 2 * Double(resolution), unit: .inch))
    let jpeg = try rewritten(image(Metadata(resolution: inches)), as: .jpeg)
    #expect(jpeg.resolution == inches)
    let png = try rewritten(image(jpeg), as: .png)
    #expect(png.resolution?.unit == .meter)
    #expect(png.resolution == inches.perMeter)
    #expect(try rewritten(image(png), as: .png).resolution == png.resolution)
    #expect(try rewritten(image(png), as: .jpeg).resolution == inches)
  }

  @Test func knownResolutions() {
    #expect(Resolution(horizontal: 72, vertical: 300, unit: .inch)?.perMeter.horizontal == 2835)
    #expect(Resolution(horizontal: 72, vertical: 300, unit: .inch)?.perMeter.vertical == 11_811)
    #expect(Resolution(horizontal: 40, vertical: 1, unit: .centimeter)?.perMeter.horizontal == 4000)
    #expect(Resolution(horizontal: 0, vertical: 1, unit: .inch) == nil)
  }

  @Test(arguments: [ImageFormat.png, .jpeg])
  func pixelsThatAreNotSquareStaySo(format: ImageFormat) throws {
    let ratio = Resolution(horizontal: 4, vertical: 3, unit: .none)
    #expect(try rewritten(image(Metadata(resolution: ratio)), as: format).resolution == ratio)
    #expect(try rewritten(image(Metadata()), as: format).resolution == nil)
  }

  @Test func aResolutionBeyondJFIFIsLeftOut() throws {
    let large = Resolution(horizontal: 65_536, vertical: 1, unit: .inch)
    #expect(try rewritten(image(Metadata(resolution: large)), as: .jpeg).resolution == nil)
  }

  @Test func turningExchangesTheResolutions() throws {
    let resolution = Resolution(horizontal: 100, vertical: 200, unit: .meter)
    let picture = image(Metadata(resolution: resolution))
    #expect(picture.applying(.rotatedRight).metadata.resolution?.horizontal == 200)
    #expect(picture.applying(.rotatedHalf).metadata.resolution == resolution)
  }

  @Test(arguments: [
    ColorCalibration(renderingIntent: 1), ColorCalibration(gamma: 100_000),
    ColorCalibration(
      gamma: 45_455,
      chromaticities: [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6000]),
  ])
  func calibrationSurvivesInPNG(calibration: ColorCalibration) throws {
    let back = try rewritten(image(Metadata(calibration: calibration)), as: .png)
    #expect(back.calibration == calibration)
    var profiled = Metadata(calibration: calibration)
    profiled.iccProfile = try Fixtures.bytes("srgb.icc")
    let both = try rewritten(image(profiled), as: .png)
    #expect(both.iccProfile == profiled.iccProfile)
    #expect(both.calibration == nil)
  }

  @Test(arguments: [false, true], [ImageFormat.png, .jpeg])
  func theExtentsInEXIFAreThoseOfThePicture(isBigEndian: Bool, format: ImageFormat) throws {
    let exif = TIFFBlock(isBigEndian: isBigEndian, width: 4000, height: 3000).bytes
    let back = try #require(try rewritten(image(Metadata(exif: exif)), as: format).exif)
    #expect(back == TIFFBlock(isBigEndian: isBigEndian, width: 19, height: 14).bytes)
  }

  @Test(arguments: [false, true])
  func theThumbnailIsTakenOut(isBigEndian: Bool) throws {
    let thumbnail: [UInt8] = [0xFF, 0xD8, 1, 2, 3, 0xFF, 0xD9]
    let plain = TIFFBlock(isBigEndian: isBigEndian, width: 9, height: 8).bytes
    for (followers, expected) in [([], 0), ([0x55, 0x66], 9)] as [([UInt8], Int)] {
      var block = TIFFBlock(
        isBigEndian: isBigEndian, width: 9, height: 8, thumbnail: thumbnail, followers: followers
      ).bytes
      #expect(block.count == plain.count + 30 + 7 + followers.count)
      EXIF.removeThumbnail(from: &block)
      #expect(Array(block.prefix(plain.count)) == plain)
      #expect(!block.contains(0xD8))
      #expect(block.suffix(followers.count) == followers[...])
      #expect(block.count == plain.count + 30 + expected)
    }
  }

  @Test func readersDeliverNoThumbnail() throws {
    let block = TIFFBlock(
      isBigEndian: false, width: 9, height: 8, thumbnail: [0xFF, 0xD8, 0xFF, 0xD9])
    for format in [ImageFormat.png, .jpeg] {
      let exif = try rewritten(image(Metadata(exif: block.bytes)), as: format).exif
      #expect(exif?.contains(0xD8) == false)
    }
  }

  @Test func hostileThumbnailsAreSafe() {
    let whole = TIFFBlock(
      isBigEndian: true, width: 9, height: 8, thumbnail: [0xFF, 0xD8, 0xFF, 0xD9]
    ).bytes
    for count in 0...whole.count {
      var block = Array(whole.prefix(count))
      EXIF.removeThumbnail(from: &block)
      EXIF.setExtents(of: &block, width: 1, height: 1)
    }
    for index in whole.indices {
      for value: UInt8 in [0, 1, 0x7F, 0xFF] {
        var block = whole
        block[index] = value
        EXIF.removeThumbnail(from: &block)
        EXIF.setExtents(of: &block, width: 1 << 40, height: 70_000)
      }
    }
  }
}

/// An EXIF block with extents in its EXIF directory (a SHORT and a LONG) and perhaps a thumbnail.
private struct TIFFBlock {
  let bytes: [UInt8]

  init(
    isBigEndian: Bool, width: Int, height: Int, thumbnail: [UInt8]? = nil,
    followers: [UInt8] = []
  ) {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isBigEndian ? little.reversed() : little
    }
    func entry(_ tag: Int, isLong: Bool, _ value: Int) -> [UInt8] {
      number(tag, 2) + number(isLong ? 4 : 3, 2) + number(1, 4)
        + (isLong ? number(value, 4) : number(value, 2) + [0, 0])
    }
    var bytes: [UInt8] = isBigEndian ? [0x4D, 0x4D, 0, 0x2A] : [0x49, 0x49, 0x2A, 0]
    let end = 8 + 18 + 30
    bytes += number(8, 4)
    bytes += number(1, 2) + entry(0x8769, isLong: true, 26)
    bytes += number(thumbnail == nil ? 0 : end, 4)
    bytes += number(2, 2) + entry(0xA002, isLong: false, width)
    bytes += entry(0xA003, isLong: true, height) + number(0, 4)
    if let thumbnail {
      bytes += number(2, 2) + entry(0x0201, isLong: true, end + 30)
      bytes += entry(0x0202, isLong: true, thumbnail.count) + number(0, 4)
      bytes += thumbnail + followers
    }
    self.bytes = bytes
  }
}
