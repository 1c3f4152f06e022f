import Foundation
import Testing

@testable import ImageCodecs

@Suite struct WritingTests {
  static let models = Image.ColorModel.allCases

  /// Smooth enough for JPEG, with every channel different.
  static func picture(
    _ model: Image.ColorModel, depth: Int, width: Int = 19, height: Int = 14
  ) -> Image {
    var values: [Float] = []
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<model.channels {
          values.append(0.5 + 0.4 * Float(sin(Double(x) * 0.2 + Double(y) * 0.3 + Double(c))))
        }
      }
    }
    return Image(
      width: width, height: height, colorModel: model,
      samples: depth == 8
        ? .bits8(values.map { UInt8($0 * 255) }) : .bits16(values.map { UInt16($0 * 65535) }))
  }

  @Test(arguments: models, [8, 16])
  func pngIsLossless(model: Image.ColorModel, depth: Int) throws {
    let image = Self.picture(model, depth: depth)
    let bytes = try ImageWriter.encode(image, format: .png)
    #expect(try ImageReader.read(bytes: bytes, name: "x") == image)
    #expect(try ImageWriter.encode(image, format: .png) == bytes)
    let header = try ImageReader.header(bytes: bytes, name: "x")
    #expect(header.colorModel == model)
    #expect(header.depth == depth)
  }

  struct Extents: Sendable {
    let model: Image.ColorModel
    let depth: Int
    let width: Int
    let height: Int

    init(_ model: Image.ColorModel, _ depth: Int, _ width: Int, _ height: Int) {
      self.model = model
      self.depth = depth
      self.width = width
      self.height = height
    }
  }

  /// Large pictures are compressed in parts: the rows of a part, at its edges too, must come back, and
  /// the file be the same each time. The last has rows longer than a part.
  @Test(arguments: [
    Extents(.rgb, 8, 1201, 1203), Extents(.rgba, 16, 700, 801), Extents(.grayAlpha, 8, 1500, 1400),
    Extents(.gray, 16, 1_100_000, 3),
  ])
  func largePNGIsLossless(_ extents: Extents) throws {
    let (model, depth, width, height) = (
      extents.model, extents.depth, extents.width, extents.height
    )
    let count = width * height * model.channels
    func number(_ index: Int) -> UInt32 {
      let row = index / (width * model.channels)
      // Rows of noise, flat ones and ramps ask for different filters.
      return switch row % 7 {
      case 0: UInt32(truncatingIfNeeded: index &* 2_654_435_761) >> 16
      case 1: 77
      default: UInt32(truncatingIfNeeded: index / 3 + row * 11)
      }
    }
    let samples: Image.Samples =
      depth == 8
      ? .bits8((0..<count).map { UInt8(truncatingIfNeeded: number($0)) })
      : .bits16((0..<count).map { UInt16(truncatingIfNeeded: number($0)) })
    let image = Image(width: width, height: height, colorModel: model, samples: samples)
    let bytes = try ImageWriter.encode(image, format: .png)
    #expect(try ImageReader.read(bytes: bytes, name: "x") == image)
    #expect(try ImageWriter.encode(image, format: .png) == bytes)
    #expect(bytes.count < count * depth / 8 * 3 / 4)
  }

  /// What little repeats in is compressed fast, what much repeats in slowly.
  @Test func pngCompressionSuitsThePicture() throws {
    var state: UInt32 = 1
    func noise(_ index: Int) -> UInt8 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(index / 512 % 64) &+ UInt8(state >> 25)
    }
    func stripes(_ index: Int) -> UInt8 { UInt8((index / 7 ^ index / 2048 * 5) % 4 * 60) }
    for (number, level) in [(noise, 3), (stripes, 6)] as [((Int) -> UInt8, Int)] {
      let image = Image(
        width: 512, height: 256, colorModel: .gray,
        samples: .bits8((0..<512 * 256).map(number)))
      let bytes = try ImageWriter.encode(image, format: .png)
      var options = EncodingOptions()
      options.pngCompression = level
      #expect(try ImageWriter.encode(image, format: .png, options: options) == bytes)
      options.pngCompression = 9 - level
      #expect(try ImageWriter.encode(image, format: .png, options: options) != bytes)
    }
  }

  @Test(arguments: [Image.ColorModel.gray, .rgb], [false, true])
  func jpegIsClose(model: Image.ColorModel, isProgressive: Bool) throws {
    let image = Self.picture(model, depth: 8)
    let options = EncodingOptions(jpegQuality: 98, isProgressive: isProgressive)
    let bytes = try ImageWriter.encode(image, format: .jpeg, options: options)
    let back = try ImageReader.read(bytes: bytes, name: "x")
    #expect(back.colorModel == model)
    #expect(back.largestDifference(to: image) <= 6)
    #expect(try ImageWriter.encode(image, format: .jpeg, options: options) == bytes)
  }

  @Test(arguments: [(90, UInt8(0x22)), (91, 0x11), (1, 0x22), (100, 0x11)])
  func subsamplesColorUpToQuality90(quality: Int, factors: UInt8) throws {
    let bytes = try ImageWriter.encode(
      Self.picture(.rgb, depth: 8), format: .jpeg,
      options: EncodingOptions(jpegQuality: quality))
    let frame = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    #expect(bytes[frame + 11] == factors)
  }

  @Test func sixteenBitsAreRoundedForJPEG() throws {
    let fine = Self.picture(.rgb, depth: 16)
    #expect(
      try ImageWriter.encode(fine, format: .jpeg)
        == ImageWriter.encode(fine.converted(toDepth: 8), format: .jpeg))
  }

  @Test(arguments: [Image.ColorModel.grayAlpha, .rgba], [8, 16])
  func alphaInJPEGIsRefusedOrFlattened(model: Image.ColorModel, depth: Int) throws {
    let image = Self.picture(model, depth: depth)
    let error = #expect(throws: ImageError.self) {
      try ImageWriter.encode(image, format: .jpeg, name: "a.jpg")
    }
    #expect(error?.kind == .usage)
    #expect(error?.message.contains("PNG") == true)
    let bytes = try ImageWriter.encode(
      image, format: .jpeg, options: EncodingOptions(jpegQuality: 98, flattenAlpha: true))
    let back = try ImageReader.read(bytes: bytes, name: "x")
    #expect(back.largestDifference(to: image.flattened().converted(toDepth: 8)) <= 8)
  }

  @Test func refusesWhatTheFormatCannotHold() throws {
    let wide = Image(
      width: 65_501, height: 1, colorModel: .gray,
      samples: .bits8([UInt8](repeating: 0, count: 65_501)))
    #expect(throws: ImageError.self) { try ImageWriter.encode(wide, format: .jpeg) }
    #expect(throws: Never.self) { try ImageWriter.encode(wide, format: .png) }
    for quality in [0, 101] {
      #expect(throws: ImageError.self) {
        try ImageWriter.encode(
          Self.picture(.rgb, depth: 8), format: .jpeg,
          options: EncodingOptions(jpegQuality: quality))
      }
    }
  }

  @Test(arguments: [
    ("png", ImageFormat.png), ("PNG", .png), ("jpg", .jpeg), ("Jpeg", .jpeg), ("avif", nil),
    ("", nil),
  ])
  func formatsHaveNames(name: String, format: ImageFormat?) {
    #expect(ImageFormat(name: name) == format)
    #expect(ImageFormat(path: "a.b/c." + name) == format)
    #expect(ImageFormat(path: "a." + name + "/c") == nil)
    #expect(ImageFormat(path: "." + name) == nil)
  }
}
