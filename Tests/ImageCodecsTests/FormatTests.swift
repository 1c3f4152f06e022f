import Foundation
import Testing

@testable import ImageCodecs

/// What every registered format promises, and the formats of this program's own code.
@Suite struct FormatTests {
  /// Pixels that use the whole range, of any model and depth.
  static func picture(_ model: Image.ColorModel, depth: Int, width: Int = 7, height: Int = 5)
    -> Image
  {
    let count = width * height * model.channels
    let samples: Image.Samples =
      depth == 8
      ? .bits8((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 3) })
      : .bits16((0..<count).map { UInt16(truncatingIfNeeded: $0 &* 9_973 &+ 5) })
    return Image(width: width, height: height, colorModel: model, samples: samples)
  }

  @Test(arguments: ImageFormat.allCases, Image.ColorModel.allCases)
  func roundTrips(format: ImageFormat, model: Image.ColorModel) throws {
    let holds = format.capabilities
    for depth in [8, 16] where depth <= holds.depth {
      let image = Self.picture(model, depth: depth)
      guard holds.hasAlpha || !model.hasAlpha else {
        #expect(throws: ImageError.self) { try ImageWriter.encode(image, format: format) }
        continue
      }
      let options = EncodingOptions(jpegQuality: 100)
      let bytes = try ImageWriter.encode(image, format: format, options: options)
      #expect(ImageFormat(firstBytes: Array(bytes.prefix(32))) == format)
      let back = try ImageReader.read(bytes: bytes, name: "x")
      let header = try ImageReader.header(bytes: bytes, name: "x")
      #expect((back.width, back.height) == (7, 5))
      #expect((header.width, header.height, header.colorModel) == (7, 5, back.colorModel))
      #expect(header.depth == back.depth && header.format == format)
      // WebP has no gray, and floating-point numbers and films are read with 16 bits.
      guard format != .jpeg, format != .y4m else { continue }
      #expect(back.converted(to: model).converted(toDepth: depth).samples == image.samples)
    }
  }

  @Test func namesAndExtensions() {
    #expect(ImageFormat(name: "JPG") == .jpeg && ImageFormat(name: "pgm") == .pnm)
    #expect(ImageFormat(path: "a/b.PPM") == .pnm && ImageFormat(path: "a.y4m") == .y4m)
    #expect(ImageFormat(path: ".png") == nil && ImageFormat(path: "png") == nil)
    #expect(ImageFormat(path: "a/.\u{301}png") == nil)
    #expect(
      Set(ImageFormat.known.flatMap(\.extensions)).count
        == ImageFormat.known.flatMap(\.extensions).count)
    #expect(ForeignFormat.isNamed(by: "a.HEIC") && !ForeignFormat.isNamed(by: "a.png"))
    #expect(!ForeignFormat.isNamed(by: "README"))
  }

  @Test(arguments: [
    ("GIF89a", "a GIF file", "magick"), ("\0\0\0 ftypavif", "an AVIF file", "avifdec"),
    ("\0\0\0 ftypheic", "a HEIC file", "heif-convert"),
    ("\0\0\0 ftypmp42", "a film (MP4 family)", "ffmpeg"),
    ("PK\u{3}\u{4}", "a ZIP or .npz archive", "unzip"),
    ("\0\0\0\u{C}JXL \r\n", "a JPEG XL file", "djxl"),
    ("BM\0\0\0\0\0\0\0\0\u{36}\0\0\0\u{28}\0\0\0\0\0\0\0\0\0\0\0", "a BMP file", "magick"),
  ])
  func foreignFilesAreNamedWithARemedy(start: String, kind: String, command: String) {
    let error = #expect(throws: ImageError.self) {
      try ImageReader.read(bytes: Array(start.utf8), name: "x")
    }
    #expect(error?.message.hasPrefix(kind) == true, "\(String(describing: error))")
    #expect(error?.message.contains(command) == true, "\(String(describing: error))")
  }

  // MARK: PNM and PAM

  private func read(_ text: String, _ samples: [UInt8] = []) throws -> Image {
    try ImageReader.read(bytes: Array(text.utf8) + samples, name: "x")
  }

  @Test func pnmOfEveryKind() throws {
    #expect(
      try read("P1\n# a comment\n3 2\n101\n0 1 0\n").samples == .bits8([0, 255, 0, 255, 0, 255]))
    #expect(try read("P2 2 2 10 0 5 # half\n10 99\n").samples == .bits8([0, 128, 255, 255]))
    #expect(try read("P3\n1 1\n65535\n0 32768 65535\n").samples == .bits16([0, 32_768, 65_535]))
    #expect(
      try read("P4\n9 1\n", [0b1010_1010, 0x80]).values == [0, 255, 0, 255, 0, 255, 0, 255, 0])
    #expect(try read("P5\n2 1\n1023\n", [0, 0, 3, 255]).samples == .bits16([0, 65_535]))
    #expect(try read("P5 2 1 15\n", [0, 15]).samples == .bits8([0, 255]))
    #expect(try read("P6\n1 1\n255\n", [1, 2, 3]).samples == .bits8([1, 2, 3]))
    let pam = "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n"
    #expect(try read(pam, [7, 9]).colorModel == .grayAlpha)
  }

  @Test(arguments: [
    "P5\n2 2\n255\n\u{1}\u{2}\u{3}", "P5\n0 2\n255\n", "P5\n2 2\n0\n0000",
    "P5\n2 2\n70000\n00000000",
    "P2\n2 1\n9\n1 x", "P2\n2 1\n9\n1", "P5\n2", "P5\n-2 2\n255\n0000",
    "P5\n99999999999 2\n255\n0000",
    "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\n00000", "P7\nWIDTH 1\n",
    "PF\n1 1\n0\n0000",
    "PF\n1 1\n-1\n0000", "Pf\nx 1\n-1\n0000",
  ])
  func damagedPicturesAreRefused(text: String) {
    let error = #expect(throws: ImageError.self) { try read(text) }
    #expect(error?.kind == .badData)
    #expect(error?.message.contains("damaged P") == true, "\(String(describing: error))")
  }

  @Test func pixelsAreLimitedBeforeMemoryIsTaken() {
    for text in [
      "P5\n200000000 200000000\n255\n", "P3\n100000 100000\n255\n1 1 1", "PF\n200000 200000\n-1\n",
    ] {
      let error = #expect(throws: ImageError.self) { try read(text) }
      #expect(error?.message.contains("limit") == true, "\(String(describing: error))")
    }
  }

  @Test func namesThatSayMoreThanTheFormat() throws {
    let color = Self.picture(.rgb, depth: 8)
    #expect(throws: ImageError.self) { try ImageWriter.encode(color, format: .pnm, name: "a.pgm") }
    #expect(throws: ImageError.self) { try ImageWriter.encode(color, format: .pnm, name: "a.pbm") }
    #expect(try ImageWriter.encode(color, format: .pnm, name: "a.ppm").starts(with: "P6".utf8))
  }

  // MARK: floating-point numbers

  private func pfm(_ numbers: [Float], isBigEndian: Bool = false) -> [UInt8] {
    var bytes = Array("Pf\n\(numbers.count) 1\n\(isBigEndian ? "1.0" : "-1.0")\n".utf8)
    for number in numbers {
      let bits = isBigEndian ? number.bitPattern.bigEndian : number.bitPattern.littleEndian
      withUnsafeBytes(of: bits) { bytes += $0 }
    }
    return bytes
  }

  @Test func floatsKeepTheirRange() throws {
    for isBigEndian in [false, true] {
      let image = try ImageReader.read(bytes: pfm([-3, 0, 7], isBigEndian: isBigEndian), name: "x")
      #expect(image.metadata.valueRange == Metadata.ValueRange(lower: -3, upper: 7))
      #expect(image.samples == .bits16([0, 19_661, 65_535]))
      let back = try ImageReader.read(bytes: ImageWriter.encode(image, format: .pfm), name: "x")
      #expect(
        back.metadata.valueRange == image.metadata.valueRange && back.samples == image.samples)
    }
    let unit = try ImageReader.read(bytes: pfm([0.25, 0.5]), name: "x")
    #expect(unit.metadata.valueRange == Metadata.ValueRange(lower: 0, upper: 1))
    let odd = try ImageReader.read(bytes: pfm([.nan, .infinity, 0.5, 1]), name: "x")
    #expect(odd.samples == .bits16([0, 65_535, 32_768, 65_535]))
    #expect(odd.metadata.remarks.count == 1)
    let constant = try ImageReader.read(bytes: pfm([4, 4]), name: "x")
    #expect(constant.samples == .bits16([0, 0]) && constant.numbers() == [4, 4])
  }
}
