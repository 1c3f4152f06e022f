import Foundation
import Testing

@testable import ImageCodecs

@Suite("TIFF", .enabled(if: TIFFCodec.isAvailable)) struct TIFFTests {
  /// A file of one uncompressed strip, or of one for each plane.
  struct File {
    var isBigEndian = false
    var width = 2
    var height = 2
    var fields: [(tag: Int, type: Int, values: [Int])] = []
    var strips: [[UInt8]]

    private func number(_ value: Int, _ count: Int) -> [UInt8] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isBigEndian ? bytes.reversed() : bytes
    }

    var bytes: [UInt8] {
      var content: [UInt8] = []
      var places: [Int] = []
      for strip in strips {
        places.append(8 + content.count)
        content += strip
      }
      var all = fields
      all += [
        (256, 4, [width]), (257, 4, [height]), (273, 4, places), (279, 4, strips.map(\.count)),
        (278, 4, [height]),
      ]
      var directory = number(all.count, 2)
      for field in all.sorted(by: { $0.tag < $1.tag }) {
        let size = field.type == 3 ? 2 : 4
        var values = field.values.flatMap { number($0, size) }
        directory += number(field.tag, 2) + number(field.type, 2) + number(field.values.count, 4)
        if values.count > 4 {
          if content.count % 2 == 1 { content.append(0) }
          directory += number(8 + content.count, 4)
          content += values
        } else {
          while values.count < 4 { values.append(0) }
          directory += values
        }
      }
      if content.count % 2 == 1 { content.append(0) }
      let mark = Array((isBigEndian ? "MM" : "II").utf8) + number(42, 2)
      return mark + number(8 + content.count, 4) + content + directory + number(0, 4)
    }

    func image() throws -> Image { try ImageReader.read(bytes: bytes, name: "x") }
  }

  private func fields(bits: [Int], photometric: Int) -> [(tag: Int, type: Int, values: [Int])] {
    [(258, 3, bits), (262, 3, [photometric]), (277, 3, [bits.count])]
  }

  @Test func wholeNumbersOfEverySize() throws {
    let cases: [(Int, [UInt8], Image.Samples)] = [
      (1, [0b1000_0000, 0b0100_0000], .bits8([255, 0, 0, 255])),
      (2, [0b0001_0000, 0b1011_0000], .bits8([0, 85, 170, 255])),
      (4, [0x0F, 0x5A], .bits8([0, 255, 85, 170])),
      (8, [1, 2, 3, 4], .bits8([1, 2, 3, 4])),
      (12, [0x00, 0x0F, 0xFF, 0x80, 0x04, 0x00], .bits16([0, 65_535, 32_776, 16_388])),
    ]
    for (bits, samples, expected) in cases {
      let file = File(fields: fields(bits: [bits], photometric: 1), strips: [samples])
      let image = try file.image()
      #expect(image.samples == expected, "\(bits) bits")
      var white = file
      white.fields = fields(bits: [bits], photometric: 0)
      let largest = image.depth == 8 ? 255 : 65_535
      #expect(try white.image().values == image.values.map { largest - $0 })
    }
    for isBigEndian in [false, true] {
      let bytes: [UInt8] = isBigEndian ? [1, 2, 3, 4, 5, 6, 7, 8] : [2, 1, 4, 3, 6, 5, 8, 7]
      let file = File(
        isBigEndian: isBigEndian, fields: fields(bits: [16], photometric: 1), strips: [bytes])
      #expect(try file.image().samples == .bits16([0x0102, 0x0304, 0x0506, 0x0708]))
    }
  }

  @Test func colorsOfEveryModel() throws {
    let rgb = File(
      width: 1, height: 1, fields: fields(bits: [8, 8, 8], photometric: 2), strips: [[1, 2, 3]])
    #expect(try rgb.image().samples == .bits8([1, 2, 3]))
    var planes = rgb
    planes.fields.append((284, 3, [2]))
    planes.strips = [[1], [2], [3]]
    #expect(try planes.image().samples == .bits8([1, 2, 3]))
    var straight = File(
      width: 1, height: 1, fields: fields(bits: [8, 8, 8, 8], photometric: 2),
      strips: [[40, 20, 10, 51]])
    #expect(
      try straight.image().samples == .bits8([40, 20, 10]), "an unknown fourth sample is no alpha")
    straight.fields.append((338, 3, [2]))
    #expect(try straight.image().samples == .bits8([40, 20, 10, 51]))
    straight.fields[3].values = [1]
    #expect(try straight.image().samples == .bits8([200, 100, 50, 51]), "premultiplied")
    let inks = File(
      width: 1, height: 1, fields: fields(bits: [8, 8, 8, 8], photometric: 5),
      strips: [[0, 255, 51, 51]])
    #expect(try inks.image().samples == .bits8([204, 0, 163]))
    var palette = [Int](repeating: 0, count: 768)
    (palette[7], palette[256 + 7], palette[512 + 7]) = (65_535, 257 * 3, 257 * 9)
    let indexed = File(
      width: 1, height: 1, fields: fields(bits: [8], photometric: 3) + [(320, 3, palette)],
      strips: [[7]])
    #expect(try indexed.image().samples == .bits8([255, 3, 9]))
  }

  @Test func floatsAndSignedNumbersKeepTheirRange() throws {
    let numbers: [Float] = [-3, 0, 1, 7]
    let bytes = numbers.flatMap { number in
      withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    }
    let file = File(fields: fields(bits: [32], photometric: 1) + [(339, 3, [3])], strips: [bytes])
    let image = try file.image()
    #expect(image.metadata.valueRange == Metadata.ValueRange(lower: -3, upper: 7))
    let again = try ImageReader.read(bytes: ImageWriter.encode(image, format: .tiff), name: "x")
    #expect(
      again.metadata.valueRange == image.metadata.valueRange && again.samples == image.samples)
    #expect(zip(again.numbers(), numbers).allSatisfy { abs($0 - $1) < 1e-3 })
    let signed = File(
      fields: fields(bits: [8], photometric: 1) + [(339, 3, [2])], strips: [[0xFF, 0, 1, 3]])
    #expect(try signed.image().metadata.valueRange == Metadata.ValueRange(lower: -1, upper: 3))
  }

  @Test func pagesAndDescriptions() throws {
    var pages = (0..<3).map { page in
      Image(width: 2, height: 1, colorModel: .gray, samples: .bits16([UInt16(page), 9_000]))
    }
    pages[0].metadata.text = [
      .init(keyword: "Description", value: "ImageJ=1.53\nslices=3"),
      .init(keyword: "Software", value: "x"),
    ]
    pages[0].metadata.resolution = Resolution(horizontal: 300, vertical: 200, unit: .inch)
    pages[0].metadata.exif = nil
    let bytes = try ImageWriter.encode(pages: pages, format: .tiff)
    #expect(try ImageReader.pageCount(bytes: bytes, name: "x") == 3)
    #expect(try ImageReader.header(bytes: bytes, name: "x").pages == 3)
    for (page, image) in pages.enumerated() {
      #expect(try ImageReader.read(bytes: bytes, page: page, name: "x").samples == image.samples)
    }
    let first = try ImageReader.read(bytes: bytes, name: "x").metadata
    // Programs read a description of their own; what made the picture has an entry.
    #expect(first.text.map(\.value) == ["ImageJ=1.53\nslices=3"])
    #expect(first.exif.flatMap(TIFFDirectories.software) == "x")
    #expect(first.resolution == pages[0].metadata.resolution)
    #expect(first.remarks == ["only the first of its 3 pages is read"])
    #expect(throws: ImageError.self) { try ImageReader.read(bytes: bytes, page: 3, name: "x") }
    // OME's description is a document of its own.
    pages[0].metadata.text[0].value = "<?xml version=\"1.0\"?><OME/>"
    let ome = try ImageReader.read(bytes: ImageWriter.encode(pages[0], format: .tiff), name: "x")
    #expect(ome.metadata.text.map(\.value) == ["<?xml version=\"1.0\"?><OME/>"])
    // The program that EXIF names stays, with the others behind it.
    pages[0].metadata.exif = first.exif
    pages[0].metadata.text = [.init(keyword: "Software", value: "y")]
    let again = try ImageReader.read(bytes: ImageWriter.encode(pages[0], format: .tiff), name: "x")
    #expect(again.metadata.exif.flatMap(TIFFDirectories.software) == "x\ny")
    #expect(again.metadata.text == [])
  }

  @Test func numbersOfPixelsMayBeFractions() throws {
    var image = Image(width: 1, height: 1, colorModel: .gray, samples: .bits8([9]))
    // ImageJ's, whose unit the description tells.
    for (across, down) in [(9.2308, 9.2308), (0.25, 0.25), (118.11, 59.055), (10_000, 10_000)] {
      for unit in [Resolution.Unit.none, .centimeter, .inch] {
        image.metadata.resolution = Resolution(horizontal: across, vertical: down, unit: unit)
        let back = try ImageReader.read(bytes: ImageWriter.encode(image, format: .tiff), name: "x")
        let resolution = try #require(back.metadata.resolution)
        #expect(abs(resolution.horizontal / across - 1) < 1e-6 && resolution.unit == unit)
        #expect(abs(resolution.vertical / down - 1) < 1e-6)
        for format in [ImageFormat.png, .jpeg] {
          let other = try ImageReader.read(
            bytes: ImageWriter.encode(image, format: format), name: "x")
          #expect(other.metadata.resolution == nil || across > 0.5 || unit != .none)
        }
      }
    }
    image.metadata.resolution = Resolution(horizontal: 1, vertical: 1, unit: .none)
    let square = try ImageReader.read(bytes: ImageWriter.encode(image, format: .tiff), name: "x")
    #expect(square.metadata.resolution == nil)
  }

  @Test func hostileFilesAreRefused() throws {
    let file = File(fields: fields(bits: [8], photometric: 1), strips: [[1, 2, 3, 4]])
    let whole = file.bytes
    var survivors = 0
    var random = MutationTests.Generator(state: 3)
    let limits = ImageLimits(maximumPixels: 1 << 16)
    for _ in 0..<2000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      if Bool.random(using: &random) {
        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
      }
      if (try? ImageReader.read(bytes: bytes, name: "x", limits: limits)) != nil { survivors += 1 }
    }
    #expect(survivors > 0 && survivors < 2000)
    var large = file
    (large.width, large.height) = (1 << 20, 1 << 20)
    let error = #expect(throws: ImageError.self) { try large.image() }
    #expect(error?.message.contains("limit") == true)
    var cut = file
    cut.height = 6000
    #expect(throws: ImageError.self) { try cut.image() }
  }
}

@Suite("WebP", .enabled(if: WebPCodec.isAvailable)) struct WebPTests {
  private let lossless = EncodingOptions(jpegQuality: 100)

  @Test func metadataStays() throws {
    var image = FormatTests.picture(.rgba, depth: 8)
    image.metadata.iccProfile = try Fixtures.bytes("srgb.icc")
    image.metadata.exif = try ImageReader.read(path: Fixtures.path("orientation-6.jpg")).metadata
      .exif
    image.metadata.text = [.init(keyword: XMP.keyword, value: "<x/>")]
    let bytes = try ImageWriter.encode(image, format: .webp, options: lossless)
    let back = try ImageReader.read(bytes: bytes, name: "x")
    #expect(back.samples == image.samples)
    #expect(back.metadata.iccProfile == image.metadata.iccProfile)
    #expect(back.metadata.exif == image.metadata.exif)
    #expect(back.metadata.text == image.metadata.text)
    #expect(try ImageStreamTests.cut(bytes + bytes).files == [bytes, bytes])
  }

  @Test func lossyIsCloseAndSmaller() throws {
    let image = try ImageReader.read(path: Fixtures.path("ycbcr-444.jpg"))
    let lossy = try ImageWriter.encode(image, format: .webp)
    let back = try ImageReader.read(bytes: lossy, name: "x")
    #expect((back.width, back.height) == (image.width, image.height))
    let mean = zip(back.values, image.values).map { abs($0 - $1) }.reduce(0, +) / image.values.count
    #expect(mean < 20)
  }

  @Test func anAnimationIsRefusedWithItsCount() throws {
    // An extended header with the animation flag, its parameters and two frames.
    func chunk(_ kind: String, _ content: [UInt8]) -> [UInt8] {
      Array(kind.utf8) + [UInt8(content.count), 0, 0, 0] + content
    }
    let frame = chunk("ANMF", [UInt8](repeating: 0, count: 16))
    let content =
      Array("WEBP".utf8) + chunk("VP8X", [2, 0, 0, 0, 3, 0, 0, 3, 0, 0])
      + chunk("ANIM", [0, 0, 0, 0, 0, 0]) + frame + frame
    let file = Array("RIFF".utf8) + [UInt8(content.count), 0, 0, 0] + content
    let error = #expect(throws: ImageError.self) { try ImageReader.read(bytes: file, name: "x") }
    #expect(
      error?.message.contains("an animated WebP of 2 pictures") == true,
      "\(String(describing: error))")
  }

  @Test func hostileFilesAreRefused() throws {
    let whole = try ImageWriter.encode(
      FormatTests.picture(.rgba, depth: 8), format: .webp, options: lossless)
    var random = MutationTests.Generator(state: 5)
    for _ in 0..<500 {
      var bytes = whole
      bytes[Int.random(in: 12..<bytes.count, using: &random)] = UInt8.random(
        in: 0...255, using: &random)
      _ = try? ImageReader.read(
        bytes: bytes, name: "x", limits: ImageLimits(maximumPixels: 1 << 16))
    }
    for count in 0..<whole.count - 1 {
      #expect(throws: ImageError.self) {
        try ImageReader.read(bytes: Array(whole.prefix(count)), name: "x")
      }
    }
  }
}
