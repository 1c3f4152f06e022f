import Testing

@testable import ImageCodecs

@Suite struct JPEGQualityTests {
  private let picture = Image(
    width: 24, height: 17, colorModel: .rgb,
    samples: .bits8((0..<24 * 17 * 3).map { UInt8(truncatingIfNeeded: $0 &* 37) }))

  @Test(arguments: [1, 5, 10, 25, 49, 50, 51, 75, 90, 92, 99, 100])
  func isThatOfTheEncoder(quality: Int) throws {
    let file = try ImageWriter.encode(
      picture, format: .jpeg, options: EncodingOptions(jpegQuality: quality))
    #expect(try ImageReader.read(bytes: file, name: "a.jpg").metadata.jpegQuality == quality)
  }

  @Test func otherTablesAreNearTheirNeighbors() {
    let between = zip(JPEGQuality.table(60), JPEGQuality.table(70)).map { UInt16(($0 + $1) / 2) }
    #expect((62...68).contains(JPEGQuality.nearest(to: between)))
  }

  @Test func aPNGHasNone() throws {
    let file = try ImageWriter.encode(picture, format: .png)
    #expect(try ImageReader.read(bytes: file, name: "a.png").metadata.jpegQuality == nil)
  }

  /// libjpeg goes on behind a segment whose length does not count itself; the header's reader too.
  @Test func aDamagedLengthIsPassedOver() throws {
    let picture = Image(
      width: 9, height: 5, colorModel: .gray, samples: .bits8([UInt8](repeating: 90, count: 45)))
    var file = try ImageWriter.encode(picture, format: .jpeg, options: EncodingOptions())
    let whole = try ImageReader.read(bytes: file, name: "a.jpg")
    file.insert(contentsOf: [0xFF, 0xEC, 0, 0, 7, 7, 7], at: 2)
    let header = try ImageReader.header(bytes: file, name: "a.jpg")
    #expect(header.width == 9 && header.height == 5)
    #expect(try ImageReader.read(bytes: file, name: "a.jpg").samples == whole.samples)
  }
}
