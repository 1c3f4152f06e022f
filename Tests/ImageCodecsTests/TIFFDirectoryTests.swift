import Testing

@testable import ImageCodecs

@Suite("EXIF in TIFF files", .enabled(if: TIFFCodec.isAvailable))
struct TIFFDirectoryTests {
  /// A camera, a date, and in the EXIF directory an exposure of 1/250 s and the extents.
  private static let block: [UInt8] = {
    func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: Int) -> [UInt8] {
      [tag & 255, tag >> 8, type, 0].map { UInt8($0) }
        + [count, value].flatMap { number in (0..<4).map { UInt8(number >> (8 * $0) & 255) } }
    }
    let main = entry(0x010F, 2, 6, 0x32) + entry(0x8769, 4, 1, 0x38) + entry(0x0112, 3, 1, 1)
    let details = entry(0x829A, 5, 1, 0x66) + entry(0xA002, 4, 1, 99) + entry(0xA003, 4, 1, 88)
    return [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 3, 0] + main + [0, 0, 0, 0] + Array("Maker\0".utf8)
      + [3, 0] + details + [0, 0, 0, 0, 0, 0, 0, 0] + [1, 0, 0, 0, 250, 0, 0, 0]
  }()

  private func image(_ level: UInt8, exif: [UInt8]?) -> Image {
    var image = Image(
      width: 5, height: 4, colorModel: .gray, samples: .bits8([UInt8](repeating: level, count: 20))
    )
    image.metadata.exif = exif
    return image
  }

  @Test("a page's EXIF comes back, with the extents that the page has")
  func roundTrip() throws {
    let bytes = try ImageWriter.encode(image(7, exif: Self.block), format: .tiff, name: "x")
    let again = try ImageReader.read(bytes: bytes, name: "x")
    #expect(again.samples == .bits8([UInt8](repeating: 7, count: 20)))
    let block = try #require(again.metadata.exif)
    #expect(contains(block, Array("Maker\0".utf8)))
    #expect(contains(block, [1, 0, 0, 0, 250, 0, 0, 0]))
    #expect(contains(block, [0x02, 0xA0, 4, 0, 1, 0, 0, 0, 5, 0, 0, 0]))
    #expect(contains(block, [0x03, 0xA0, 4, 0, 1, 0, 0, 0, 4, 0, 0, 0]))
    // And into another format, which holds it as a block.
    let file = try ImageWriter.encode(again, format: .png, name: "x")
    #expect(try ImageReader.read(bytes: file, name: "x").metadata.exif == block)
    // What is read again is the same.
    let third = try ImageWriter.encode(again, format: .tiff, name: "x")
    #expect(try ImageReader.read(bytes: third, name: "x").metadata.exif == block)
  }

  @Test("of several pages each has its own")
  func pages() throws {
    let pages = [image(1, exif: nil), image(2, exif: Self.block), image(3, exif: nil)]
    let bytes = try ImageWriter.encode(pages: pages, format: .tiff, name: "x")
    #expect(try ImageReader.pageCount(bytes: bytes, name: "x") == 3)
    for (page, expected) in pages.enumerated() {
      let found = try ImageReader.read(bytes: bytes, page: page, name: "x")
      #expect(found.samples == expected.samples)
      #expect((found.metadata.exif != nil) == (expected.metadata.exif != nil))
    }
  }

  @Test("a big-endian block is turned")
  func bigEndian() throws {
    let main: [UInt8] =
      [0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0]
      + [0, 1, 0x82, 0x9A, 0, 5, 0, 0, 0, 1, 0, 0, 0, 44, 0, 0, 0, 0] + [0, 0, 0, 1, 0, 0, 0, 250]
    let block = [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8] + main
    let bytes = try ImageWriter.encode(image(7, exif: block), format: .tiff, name: "x")
    let found = try #require(ImageReader.read(bytes: bytes, name: "x").metadata.exif)
    #expect(contains(found, [1, 0, 0, 0, 250, 0, 0, 0]))
  }

  @Test("offsets that lead nowhere are left out")
  func damaged() throws {
    var block = Self.block
    for place in block.indices {
      let kept = block[place]
      for byte: UInt8 in [0, 1, 0x7F, 0xFF] {
        block[place] = byte
        let bytes = try ImageWriter.encode(image(7, exif: block), format: .tiff, name: "x")
        #expect(try ImageReader.read(bytes: bytes, name: "x").width == 5)
      }
      block[place] = kept
    }
    #expect(TIFFDirectories.block(of: [0x49, 0x49, 0x2A, 0], page: 0) == nil)
  }

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: part) }
  }
}
