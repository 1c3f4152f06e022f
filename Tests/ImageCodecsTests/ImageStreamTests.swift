import Files
import Foundation
import Testing

@testable import ImageCodecs

@Suite struct ImageStreamTests {
  /// The files that a stream of these bytes is cut into.
  private func files(_ bytes: [UInt8]) throws -> [[UInt8]] { try Self.cut(bytes).files }

  /// The files, and what was said of the rest.
  static func cut(_ bytes: [UInt8]) throws -> (files: [[UInt8]], remarks: [String]) {
    let path = NSTemporaryDirectory() + "stream-tests-" + UUID().uuidString
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let handle = try #require(FileHandle(forReadingAtPath: path))
    defer { try? handle.close() }
    let buffer = StreamBuffer(descriptor: handle.fileDescriptor, name: "x")
    var remarks: [String] = []
    let stream = ImageStream(buffer, name: "x") { remarks.append($0) }
    var files: [[UInt8]] = []
    while let file = try stream.next() { files.append(file) }
    #expect(try buffer.peek(1).isEmpty)
    return (files, remarks)
  }

  @Test func everyPictureIsFoundAgain() throws {
    let all = try Fixtures.pictures.map { try Fixtures.bytes($0.name) }
    #expect(try files(Array(all.joined())) == all)
  }

  @Test func whatIsNoPictureIsPassedOver() throws {
    let png = try Fixtures.bytes("rgb-8.png")
    let jpeg = try Fixtures.bytes("progressive.jpg")
    #expect(try files(png + jpeg + [0, 0, 1]) == [png, jpeg])
    let (files, remarks) = try Self.cut(
      jpeg + [1, 2, 3] + png + [0, 0, 1, 0x89, 0xFF, 0xD8, 0xFF])
    #expect(files == [jpeg, png])
    #expect(
      remarks == [
        "x: 3 bytes behind picture 1 are no picture, and were passed over",
        "x: 7 bytes behind picture 2 are no picture, and were passed over",
      ])
    #expect(try self.files([]) == [[]])
    #expect(try self.files([1, 2, 3]) == [[1, 2, 3]])
  }

  @Test func picturesOfTextEndTheirLines() throws {
    let text = Array("P2\n2 1\n9\n1 2".utf8)
    let binary = Array("P5 2 1 255\nab".utf8)
    let png = try Fixtures.bytes("rgb-8.png")
    let (files, remarks) = try Self.cut(
      text + [10] + binary + [13, 10, 10] + text + [10] + png + [10])
    // The white space that ends the last number is a text's own.
    #expect(
      files.map { $0.filter { $0 > 32 } }
        == [text, binary, text, png].map { $0.filter { $0 > 32 } })
    #expect(remarks == [])
  }

  @Test func everyFormatIsFoundBehindPadding() throws {
    let png = try Fixtures.bytes("rgb-8.png")
    let image = try ImageReader.read(bytes: png, name: "x")
    for format in ImageFormat.allCases where format != .y4m {
      let file = try ImageWriter.encode(image, format: format)
      let (files, remarks) = try Self.cut(png + [0, 0, 10, 0] + file)
      #expect(files == [png, file], "\(format)")
      #expect(remarks == ["x: 4 bytes behind picture 1 are no picture, and were passed over"])
    }
    guard ImageFormat.allCases.contains(.webp) else { return }
    let webP = Array("RIFF\u{4}\0\0\0WEBP".utf8)
    #expect(try files(png + Array("RYRIFF".utf8) + webP + png) == [png, webP, png])
  }

  @Test func aCutPNGEndsAtTheNext() throws {
    let png = try Fixtures.bytes("rgb-8.png")
    for count in [8, 20, 40, png.count - 30, png.count - 5] {
      let cut = Array(png.prefix(count))
      #expect(try files(png + cut + png + png) == [png, cut, png, png], "\(count)")
    }
  }

  @Test func aFilmBehindAPictureIsNoPicture() throws {
    let png = try Fixtures.bytes("rgb-8.png")
    let jpeg = try Fixtures.bytes("progressive.jpg")
    func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
      let length = content.count + 8
      return [0, 0, UInt8(length >> 8), UInt8(length & 255)] + Array(type.utf8) + content
    }
    let film = box("ftyp", Array("mp42\0\0\0\0".utf8)) + box("mdat", png + jpeg.prefix(40))
    let (files, remarks) = try Self.cut(jpeg + film + jpeg)
    #expect(files == [jpeg, jpeg])
    #expect(remarks.count == 1 && remarks[0].contains("\(film.count) bytes"))
  }

  @Test func aPictureWithoutItsEndMarkerEndsAtTheNext() throws {
    let jpeg = try Fixtures.bytes("ycbcr-444.jpg")
    let cut = Array(jpeg.dropLast(2))
    #expect(try files(cut + jpeg + jpeg) == [cut, jpeg, jpeg])
    let png = try Fixtures.bytes("rgb-8.png")
    #expect(try files(cut + png + jpeg) == [cut, png, jpeg])
    let half = Array(jpeg.prefix(jpeg.count / 2))
    #expect(try files(half + png) == [half, png])
  }

  @Test(.enabled(if: ImageFormat.allCases.contains(.tiff)))
  func aTIFFFileEndsWhereItsDirectoriesSay() throws {
    let png = try Fixtures.bytes("rgb-8.png")
    let image = try ImageReader.read(bytes: png, name: "x")
    let exif = try ImageReader.read(bytes: Fixtures.bytes("orientation-6.jpg"), name: "x")
    let pages = try ImageWriter.encode(
      pages: [image, exif, image], format: .tiff, options: EncodingOptions(), name: "x")
    for file in [try ImageWriter.encode(image, format: .tiff), pages] {
      let (files, remarks) = try Self.cut(file + png + file + file + [1, 2, 3] + png)
      #expect(files == [file, png, file, file, png])
      #expect(remarks == ["x: 3 bytes behind picture 4 are no picture, and were passed over"])
      // What leads astray goes on to the end.
      for count in [5, 9, file.count - 1] {
        #expect(try self.files(Array(file.prefix(count))) == [Array(file.prefix(count))])
      }
    }
  }

  @Test func aCutPictureIsTheLast() throws {
    for name in ["rgb-8.png", "restart.jpg"] {
      let whole = try Fixtures.bytes(name)
      for count in [9, 30, whole.count / 2, whole.count - 1] {
        #expect(try files(whole + whole.prefix(count)) == [whole, Array(whole.prefix(count))])
      }
    }
  }

  @Test func mutatedStreamsAreCutSomewhere() throws {
    let bytes = try ["palette-2.png", "progressive.jpg", "rgba-16.png"].flatMap {
      try Fixtures.bytes($0)
    }
    var random = MutationTests.Generator(state: 7)
    for _ in 0..<60 {
      var mutated = bytes
      for _ in 0..<3 {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        mutated[position] = UInt8.random(in: 0...255, using: &random)
      }
      // A false length leads to the end of the stream, or beyond what a file may be.
      guard let pieces = try? files(mutated) else { continue }
      #expect(mutated.starts(with: pieces.joined()))
    }
  }

  @Test func theOtherPicturesOfAMultiPictureFileAreLeftOut() throws {
    let jpeg = try Fixtures.bytes("ycbcr-444.jpg")
    func littleEndian(_ number: Int) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    // A directory with the list of both pictures; places count from its byte-order mark.
    let first = jpeg.count + 66
    let fields: [UInt8] =
      [1, 0, 2, 0xB0, 7, 0] + littleEndian(32) + littleEndian(26) + littleEndian(0)
    let entries =
      littleEndian(0) + littleEndian(first) + littleEndian(0) + [0, 0, 0, 0]
      + littleEndian(0) + littleEndian(jpeg.count) + littleEndian(first - 10) + [0, 0, 0, 0]
    let content = Array("MPF\0II*\0".utf8) + littleEndian(8) + fields + entries
    let index = [0xFF, 0xE2, 0, UInt8(content.count + 2)] + content
    #expect(index.count == 66)
    let multiple = jpeg.prefix(2) + index + jpeg.dropFirst(2) + jpeg
    #expect(try files(multiple + jpeg) == [Array(multiple), jpeg])
    // Where the index tells of nothing, what follows is a picture of its own.
    let empty = jpeg.prefix(2) + [0xFF, 0xE2, 0, 8, 0x4D, 0x50, 0x46, 0, 1, 2] + jpeg.dropFirst(2)
    #expect(try files(empty + jpeg) == [Array(empty), jpeg])
  }
}
