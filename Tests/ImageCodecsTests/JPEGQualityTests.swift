import Testing

@testable import ImageCodecs

@Suite struct JPEGQualityTests {
  private static func picture(_ model: Image.ColourModel) -> Image {
    let samples = (0..<16 * 16 * model.channels).map { UInt8($0 * 37 % 251) }
    return Image(width: 16, height: 16, colourModel: model, samples: .bits8(samples))
  }

  @Test(arguments: [3, 10, 49, 50, 75, 90, 93, 95, 100], [Image.ColourModel.grey, .rgb])
  func isThatOfTheEncoder(quality: Int, model: Image.ColourModel) throws {
    let bytes = try ImageWriter.encode(
      Self.picture(model), format: .jpeg, options: EncodingOptions(jpegQuality: quality),
      name: "a")
    #expect(try ImageReader.read(bytes: bytes, name: "a").metadata.jpegQuality == quality)
  }

  @Test func otherFilesHaveNone() throws {
    let bytes = try ImageWriter.encode(
      Self.picture(.rgb), format: .png, options: EncodingOptions(), name: "a")
    #expect(try ImageReader.read(bytes: bytes, name: "a").metadata.jpegQuality == nil)
  }

  /// Tables of an encoder of its own: every step one more than libjpeg's at quality 80.
  @Test func nearestOfForeignTables() {
    let luma = JPEGQuality.scaled(JPEGQuality.standardLuma, quality: 80).map { $0 + 1 }
    let chroma = JPEGQuality.scaled(JPEGQuality.standardChroma, quality: 80).map { $0 + 1 }
    #expect((77...80).contains(JPEGQuality.nearest(luma: luma, chroma: chroma)))
    #expect(JPEGQuality.nearest(luma: [Int](repeating: 1, count: 64), chroma: nil) == 100)
    #expect(JPEGQuality.nearest(luma: [Int](repeating: 255, count: 64), chroma: nil) == 1)
  }

  @Test func standardTables() {
    #expect(JPEGQuality.standardLuma.count == 64 && JPEGQuality.standardChroma.count == 64)
  }

  /// However a file is cut off, there is an answer or none, and no trap.
  @Test func cutOffHeaders() throws {
    let bytes = try ImageWriter.encode(
      Self.picture(.rgb), format: .jpeg, options: EncodingOptions(), name: "a")
    for count in 0..<bytes.count {
      let quality = try JPEGQuality.read(from: ByteSource(bytes: Array(bytes[..<count])))
      #expect(quality == nil || (1...100).contains(quality ?? 0))
    }
  }
}
