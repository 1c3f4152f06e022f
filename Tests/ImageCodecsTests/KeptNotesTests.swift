import Foundation
import Testing

@testable import ImageCodecs

/// What files say beside the pixels, and what becomes of it.
@Suite struct KeptNotesTests {
  private let small = FormatTests.picture(.rgb, depth: 8)

  /// A PNG file with another chunk behind its header.
  static func png(_ image: Image, adding chunks: [(type: String, content: [UInt8])]) throws
    -> [UInt8]
  {
    var bytes = try ImageWriter.encode(image, format: .png)
    for chunk in chunks.reversed() {
      let body = Array(chunk.type.utf8) + chunk.content
      bytes.insert(contentsOf: number(chunk.content.count) + body + number(Int(crc(body))), at: 33)
    }
    return bytes
  }

  private static func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// PNG specification, annex D.
  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF as UInt32) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
      }
    }
  }

  private func count(_ type: String, in bytes: [UInt8]) -> Int {
    (0..<bytes.count - 3).count { bytes[$0..<$0 + 4].elementsEqual(type.utf8) }
  }

  private func again(_ image: Image, _ format: ImageFormat = .png) throws -> Image {
    try ImageReader.read(bytes: ImageWriter.encode(image, format: format), name: "x")
  }

  @Test func thereIsOneEXIFBlock() throws {
    var image = small
    image.metadata.exif = try ImageReader.read(path: Fixtures.path("orientation-6.jpg")).metadata
      .exif
    let bytes = try ImageWriter.encode(image, format: .png)
    #expect(count("eXIf", in: bytes) == 1)
    #expect(try ImageReader.read(bytes: bytes, name: "x").metadata.exif == image.metadata.exif)
  }

  @Test func codePointsStay() throws {
    let bytes = try Self.png(small, adding: [("cICP", [9, 16, 0, 1])])
    let image = try ImageReader.read(bytes: bytes, name: "x")
    #expect(image.metadata.codePoints == [9, 16, 0, 1])
    #expect(try again(image).metadata.codePoints == [9, 16, 0, 1])
    let gray = try again(image.converted(to: .gray))
    #expect(gray.metadata.codePoints == nil)
  }

  @Test func languagesAndManyTextsStay() throws {
    var image = small
    image.metadata.text = (0..<200).map { .init(keyword: "K\($0)", value: "v\($0)") }
    image.metadata.text.append(
      .init(keyword: "Title", value: "Bär", language: "de-AT", translatedKeyword: "Überschrift"))
    #expect(try again(image).metadata.text == image.metadata.text)
  }

  @Test func allTextsTogetherAreLimited() throws {
    var image = small
    let long = String(repeating: "a", count: 3 << 20)
    image.metadata.text = (0..<6).map { .init(keyword: "K\($0)", value: long) }
    let bytes = try ImageWriter.encode(image, format: .png)
    #expect(bytes.count < 1 << 20)
    let back = try ImageReader.read(bytes: bytes, name: "x").metadata
    #expect(back.text.map(\.keyword) == ["K0", "K1"])
    #expect(back.remarks.count == 1 && back.remarks[0].contains("4 of its texts left out"))
  }

  @Test func damagedTextsAreLeftOut() throws {
    let bytes = try Self.png(
      small,
      adding: [
        ("tEXt", Array("no end".utf8)), ("zTXt", Array("K\0\0rubbish".utf8)), ("iTXt", [75, 0, 1]),
        ("tEXt", Array("K\0good".utf8)),
      ])
    let metadata = try ImageReader.read(bytes: bytes, name: "x").metadata
    #expect(metadata.text == [.init(keyword: "K", value: "good")])
    #expect(metadata.remarks.count == 1 && metadata.remarks[0].hasPrefix("3 of its texts"))
  }

  @Test func anAnimationIsNamed() throws {
    let bytes = try Self.png(small, adding: [("acTL", [0, 0, 0, 3, 0, 0, 0, 0])])
    let image = try ImageReader.read(bytes: bytes, name: "x")
    #expect(image.samples == small.samples)
    #expect(image.metadata.remarks == ["an animated PNG of 3 pictures; only the first is read"])
  }

  // MARK: IPTC

  private func block(_ number: Int, _ content: [UInt8]) -> [UInt8] {
    Array("8BIM".utf8) + [UInt8(number >> 8), UInt8(number & 255), 0, 0]
      + Self.number(content.count)
      + content + (content.count % 2 == 1 ? [0] : [])
  }

  @Test(arguments: [ImageFormat.jpeg, .png] + (TIFFCodec.isAvailable ? [.tiff] : []))
  func iptcStays(format: ImageFormat) throws {
    var image = small
    let notes = block(0x0404, [0x1C, 2, 120, 0, 3, 65, 66, 67])
    image.metadata.photoshopResources = notes
    let back = try again(again(image, format), .jpeg)
    #expect(back.metadata.photoshopResources == notes)
    #expect(back.metadata.text.isEmpty)
  }

  @Test func thumbnailsOfPhotoshopGo() {
    let notes = block(0x0404, [1, 2, 3])
    #expect(PhotoshopResources.forResult(block(0x040C, [9, 9]) + notes) == notes)
    #expect(PhotoshopResources.forResult(block(0x0409, [9])) == nil)
    for count in 0..<notes.count { _ = PhotoshopResources.forResult(Array(notes.prefix(count))) }
    #expect(PhotoshopResources.bytes(ofRawProfile: PhotoshopResources.rawProfile(notes)) == notes)
    for text in ["", "8bim", "\n8bim\n3\n01", "\n8bim\n1\n0g", "\n8bim\nx\n00"] {
      #expect(PhotoshopResources.bytes(ofRawProfile: text) == nil)
    }
  }

  // MARK: XMP and EXIF

  @Test(arguments: [
    (
      #"<r GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion='1' dc:x="2"/>"#, #"<r dc:x="2"/>"#
    ),
    (
      #"<r><GCamera:MotionPhoto>1</GCamera:MotionPhoto><dc:x>2</dc:x></r>"#,
      #"<r><dc:x>2</dc:x></r>"#
    ),
    (
      #"<r hdrgm:Version="1.0"><Container:Directory><rdf:Seq><a/></rdf:Seq></Container:Directory></r>"#,
      "<r></r>"
    ),
    (#"<r><hdrgm:GainMapMin/>x</r>"#, "<r>x</r>"), ("GCamera:MotionPhoto", "GCamera:MotionPhoto"),
    (#"<r GCamera:MotionPhoto="1"#, #"<r GCamera:MotionPhoto="1"#),
    ("<GCamera:MotionPhoto>1", "<GCamera:MotionPhoto>1"),
  ])
  func companionsAreForgotten(packet: String, expected: String) {
    #expect(XMP.removingCompanions(packet) == expected)
  }

  @Test func extentsFollowThePicture() throws {
    let packet = #"<r tiff:ImageWidth="30"><exif:PixelYDimension> 20 </exif:PixelYDimension></r>"#
    var image = small
    image.metadata.text = [.init(keyword: XMP.keyword, value: packet)]
    for format in [ImageFormat.png, .jpeg] {
      #expect(
        try again(image, format).metadata.text.map(\.value) == [
          #"<r tiff:ImageWidth="7"><exif:PixelYDimension> 5 </exif:PixelYDimension></r>"#
        ])
    }
  }

  @Test func densityTurnsWithThePicture() throws {
    // An EXIF block of orientation 6, 72 by 144 pixels an inch.
    let block: [UInt8] =
      Array("II*\0".utf8) + [8, 0, 0, 0, 3, 0]
      + [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]
      + [0x1A, 1, 5, 0, 1, 0, 0, 0, 50, 0, 0, 0]
      + [0x1B, 1, 5, 0, 1, 0, 0, 0, 58, 0, 0, 0] + [0, 0, 0, 0]
      + [72, 0, 0, 0, 1, 0, 0, 0] + [144, 0, 0, 0, 1, 0, 0, 0]
    var image = small
    image.metadata.exif = block
    image.metadata.resolution = Resolution(horizontal: 72, vertical: 144, unit: .inch)
    let packet = #"<r tiff:XResolution="72/1" tiff:YResolution="144/1"/>"#
    image.metadata.text = [.init(keyword: XMP.keyword, value: packet)]
    let turned = try again(image, .jpeg)
    #expect((turned.width, turned.height) == (5, 7))
    #expect(turned.metadata.resolution?.horizontal == 144)
    let exif = try #require(turned.metadata.exif)
    #expect(exif[50] == 144 && exif[58] == 72 && EXIF.orientation(of: exif) == .upright)
    #expect(
      turned.metadata.text.map(\.value) == [
        #"<r tiff:XResolution="144/1" tiff:YResolution="72/1"/>"#
      ])
    var cut = block
    for count in 0..<block.count {
      cut = Array(block.prefix(count))
      EXIF.transposeResolution(of: &cut)
    }
  }

  // MARK: JPEG without its end

  @Test(arguments: ["ycbcr-444.jpg", "restart.jpg", "grey.jpg", "progressive.jpg"])
  func aJPEGThatLacksItsEndMarkerIsRead(name: String) throws {
    let bytes = try Fixtures.bytes(name)
    let whole = try ImageReader.read(bytes: bytes, name: "x")
    let image = try ImageReader.read(bytes: Array(bytes.dropLast(2)), name: "x")
    #expect(image.samples == whole.samples)
    #expect(image.metadata.remarks.count == 1 && whole.metadata.remarks.isEmpty)
  }

  @Test func aJPEGThatLacksMoreIsRefused() throws {
    for name in ["ycbcr-444.jpg", "grey.jpg"] {
      let bytes = try Fixtures.bytes(name)
      #expect(throws: ImageError.self) {
        try ImageReader.read(bytes: Array(bytes.dropLast(2 + bytes.count / 20)), name: "x")
      }
    }
    // Cut before a scan of a progressive picture: all that is there is whole.
    let bytes = try Fixtures.bytes("progressive.jpg")
    let scans = (0..<bytes.count - 1).filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }
    #expect(scans.count > 3)
    for scan in scans.dropFirst() {
      #expect(throws: ImageError.self) {
        try ImageReader.read(bytes: Array(bytes.prefix(scan)), name: "x")
      }
    }
  }

  // MARK: colors

  @Test func linearLightBecomesSRGBWhereTheFormatCannotSayIt() throws {
    var image = Image(width: 4, height: 1, colorModel: .gray, samples: .bits8([0, 55, 128, 255]))
    image.metadata.calibration = ColorCalibration(gamma: 100_000)
    // sRGB of light 55/255 and 128/255.
    #expect(try again(image, .pnm).samples == .bits8([0, 128, 188, 255]))
    let jpeg = try again(image, .jpeg)
    #expect(
      zip(jpeg.values, [0, 128, 188, 255]).allSatisfy { abs($0 - $1) <= 3 }, "\(jpeg.values)")
    let png = try again(image, .png)
    #expect(png.samples == image.samples && png.metadata.calibration == image.metadata.calibration)
    image.metadata.calibration = ColorCalibration(gamma: 45_455)
    #expect(try again(image, .pnm).samples == image.samples)
    image.metadata.calibration = ColorCalibration(renderingIntent: 0, gamma: 100_000)
    #expect(try again(image, .pnm).samples == image.samples)
  }

  @Test func otherPrimariesAreConverted() throws {
    // Display P3's primaries with sRGB's curve: white stays, its red lies beyond sRGB's.
    var image = Image(
      width: 2, height: 1, colorModel: .rgb, samples: .bits8([255, 255, 255, 200, 100, 100]))
    image.metadata.calibration = ColorCalibration(
      chromaticities: [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000])
    let converted = try again(image, .pnm).values
    #expect(converted[..<3].allSatisfy { $0 == 255 })
    // 214.9, 92.6, 96.6 by the definitions in double precision (NumPy).
    #expect(zip(converted[3...], [215, 93, 97]).allSatisfy { abs($0 - $1) <= 1 }, "\(converted)")
  }

  @Test func codePointsAreConverted() throws {
    var image = Image(
      width: 2, height: 1, colorModel: .rgb, samples: .bits8([255, 255, 255, 200, 100, 100]))
    func converted(_ points: [UInt8]) throws -> [Int] {
      image.metadata.codePoints = points
      let png = try again(image, .png)
      #expect(png.samples == image.samples && png.metadata.codePoints == points)
      return try again(image, .pnm).values
    }
    // The same colors as by gAMA and cHRM.
    #expect(try converted([12, 13, 0, 1])[3...].elementsEqual([215, 93, 97]))
    for points in [[1, 13, 0, 1], [1, 1, 0, 1], [2, 2, 0, 1], [12, 13, 9, 1]] as [[UInt8]] {
      #expect(try converted(points) == image.values, "\(points)")
    }
    #expect(try converted([1, 8, 0, 1])[3...].elementsEqual([229, 168, 168]))
    // 16 of 8 bits is black and 235 white; 203 cd/m2 are white by BT.2408: 0.5807 of the perceptual quantizer, 0.75 of
    // hybrid log-gamma.
    image.samples = .bits8([16, 16, 16, 235, 235, 235])
    #expect(try converted([1, 13, 0, 0]) == [0, 0, 0, 255, 255, 255])
    image.samples = .bits8([0, 0, 0, 148, 148, 148])
    #expect(try converted([9, 16, 0, 1])[3...].allSatisfy { 253...255 ~= $0 })
    image.samples = .bits8([0, 0, 0, 191, 191, 191])
    #expect(try converted([9, 18, 0, 1])[3...].allSatisfy { 253...255 ~= $0 })
    // Half of that light is 188 of sRGB; 0.5102 and 0.6333 (by the definitions, NumPy).
    image.samples = .bits16([0, 0, 0, 33_433, 33_433, 33_433])
    #expect(try converted([1, 16, 0, 1])[3...].allSatisfy { abs($0 - 188 * 257) < 300 })
    image.samples = .bits16([0, 0, 0, 41_503, 41_503, 41_503])
    #expect(try converted([1, 18, 0, 1])[3...].allSatisfy { abs($0 - 188 * 257) < 300 })
  }

  @Test func aDamagedProfileIsToldOf() throws {
    let jpeg = try Fixtures.bytes("ycbcr-444.jpg")
    for profile in [Array("no profile".utf8), [UInt8](repeating: 0, count: 200)] {
      let content = Array("ICC_PROFILE\0".utf8) + [1, 1] + profile
      let segment: [UInt8] = [0xFF, 0xE2, 0, UInt8(content.count + 2)] + content
      let image = try ImageReader.read(
        bytes: Array(jpeg[..<2]) + segment + jpeg[2...], name: "x")
      #expect(image.metadata.iccProfile == nil)
      #expect(image.metadata.remarks == ["its color profile is damaged, and left out"])
    }
  }

  @Test func aDamagedProfileOfPNGIsToldOf() throws {
    let bytes = try Self.png(small, adding: [("iCCP", Array("name\0\0rubbish".utf8))])
    let image = try ImageReader.read(bytes: bytes, name: "x")
    #expect(image.samples == small.samples && image.metadata.iccProfile == nil)
    #expect(image.metadata.remarks == ["its color profile is damaged, and left out"])
    let whole = try ImageReader.read(path: Fixtures.path("metadata.png")).metadata
    #expect(whole.iccProfile != nil && whole.remarks == [])
  }

  @Test func aResolutionThatEXIFAloneTellsIsThatOfTIFF() throws {
    guard ImageFormat.allCases.contains(.tiff) else { return }
    // Orientation and density of 300x150 an inch, big-endian; the fractions stand at 62 and 70.
    func entry(_ tag: UInt8, _ type: UInt8, _ value: [UInt8]) -> [UInt8] {
      [1, tag, 0, type, 0, 0, 0, 1] + value
    }
    let block: [UInt8] =
      [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 4] + entry(0x12, 3, [0, 1, 0, 0])
      + entry(0x1A, 5, [0, 0, 0, 62]) + entry(0x1B, 5, [0, 0, 0, 70])
      + entry(0x28, 3, [0, 2, 0, 0]) + [0, 0, 0, 0]
      + [0, 0, 1, 44, 0, 0, 0, 1] + [0, 0, 1, 44, 0, 0, 0, 2]
    var image = Image(width: 1, height: 1, colorModel: .gray, samples: .bits8([7]))
    image.metadata.exif = block
    let back = try again(image, .tiff)
    #expect(back.metadata.resolution == Resolution(horizontal: 300, vertical: 150, unit: .inch))
    for count in 0..<block.count { _ = EXIF.resolution(of: Array(block.prefix(count))) }
  }
}
