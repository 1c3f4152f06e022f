import Files
import Testing

@testable import ImageCodecs

/// What a new format takes: a codec, and its name among `ImageFormat.known`.
@Suite struct NewFormatTests {
  @Test func isReadWrittenAndNamed() throws {
    let picture = FormatTests.picture(.gray, depth: 8)
    #expect(ImageFormat(name: "toy") == nil)
    try ImageFormat.$known.withValue(ImageFormat.known + [.toy]) {
      let format = try #require(ImageFormat(name: "toy"))
      #expect(ImageFormat(path: "a/b.TOY") == format && ImageFormat.names.contains("toy"))
      #expect(ImageFormat.list.hasSuffix(" or Toy"))
      let bytes = try ImageWriter.encode(picture, format: format)
      #expect(ImageFormat(firstBytes: Array(bytes.prefix(32))) == format)
      #expect(try ImageReader.header(bytes: bytes, name: "x").format == format)
      #expect(try ImageReader.read(bytes: bytes, name: "x").samples == picture.samples)
      #expect(throws: ImageError.self) {
        try ImageReader.read(bytes: Array(bytes.dropLast()), name: "x")
      }
    }
  }
}

extension ImageFormat {
  fileprivate static let toy = ImageFormat("toy", "Toy", extensions: ["toy"], ToyCodec.self) {
    $0.hasAlpha = false
    $0.depth = 8
    $0.hasProfile = false
  }
}

/// "TOY", a byte each for width and height, and gray samples.
private enum ToyCodec: ImageCodec {
  static func recognizes(_ first: [UInt8]) -> Bool { first.starts(with: Array("TOY".utf8)) }

  static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    let start = try source.read(at: 0, count: 5)
    return ImageHeader(
      format: .toy, width: Int(start[3]), height: Int(start[4]), colorModel: .gray, depth: 8,
      orientation: .upright)
  }

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits, minimumSize: (width: Int, height: Int)?
  ) throws -> Image {
    let (width, height) = (Int(bytes[3]), Int(bytes[4]))
    guard bytes.count == 5 + width * height else {
      throw ImageError(kind: .badData, path: name, message: "damaged Toy")
    }
    return Image(
      width: width, height: height, colorModel: .gray, samples: .bits8(Array(bytes[5...])))
  }

  static func encode(
    _ image: Image, options: EncodingOptions, name: String
  ) throws(ImageError) -> [UInt8] {
    guard case .bits8(let samples) = image.samples else {
      throw ImageError(kind: .usage, path: name, message: "expected 8 bits")
    }
    return Array("TOY".utf8) + [UInt8(image.width), UInt8(image.height)] + samples
  }
}
