import Pictures
import Tensors
import Testing

@testable import ImageCodecs
@testable import Restoration

/// What a JPEG file could have been made of.
@Suite struct JPEGProjectionTests {
  /// - Parameter isWhole: whether the picture ends where blocks do.
  private static func stored(channels: Int, isWhole: Bool) -> Image {
    let (width, height) = isWhole ? (48, 32) : (45, 27)
    let planes = (0..<channels).flatMap { channel in
      (0..<width * height).map { pixel -> Float in
        let (row, column) = (pixel / width, pixel % width)
        return Float((row * 7 + column * (5 + channel) + row * column / 9) % 180 + 30) / 255
      }
    }
    return Image(planes: planes, width: width, height: height, channels: channels)
  }

  /// The picture as it was before it was coded, and as its file gives it.
  private static func pictures(
    _ orientation: Orientation, channels: Int, isSubsampled: Bool, isWhole: Bool = false
  ) throws -> (clean: Picture, coded: Picture) {
    let stored = stored(channels: channels, isWhole: isWhole)
    let bytes = try ImageWriter.encode(
      stored, format: .jpeg,
      options: EncodingOptions(jpegQuality: 60, isChromaSubsampled: isSubsampled))
    var coded = try ImageReader.read(bytes: bytes, name: "a.jpg").applying(orientation)
    coded.metadata.jpegFile = JPEGFile(bytes: bytes, orientation: orientation)
    return (Picture(stored.applying(orientation)), Picture(coded))
  }

  private static func error(_ a: Picture, _ b: Picture) -> Float {
    let differences = zip(a.pixels.elements, b.pixels.elements).map { ($0 - $1) * ($0 - $1) }
    return 255 * (differences.reduce(0, +) / Float(differences.count)).squareRoot()
  }

  @Test(arguments: Orientation.allCases, [true, false])
  func keepsWhatTheFileWasMadeOf(orientation: Orientation, isSubsampled: Bool) throws {
    for channels in [1, 3] {
      let (clean, coded) = try Self.pictures(
        orientation, channels: channels, isSubsampled: isSubsampled)
      let projection = try #require(JPEGProjection(coded))
      #expect(Self.error(projection(clean, depth: nil), clean) < 0.5)
      #expect(Self.error(coded, clean) > 4)
    }
  }

  @Test(arguments: Orientation.allCases)
  func bringsBackWhatWasLost(orientation: Orientation) throws {
    let (clean, coded) = try Self.pictures(
      orientation, channels: 3, isSubsampled: true, isWhole: true)
    let projection = try #require(JPEGProjection(coded))
    var gray = coded
    gray.pixels = Tensor(coded.shape, [Float](repeating: 0.5, count: coded.pixels.elements.count))
    let found = projection(gray, depth: nil)
    #expect(Self.error(found, clean) < 0.7 * Self.error(gray, clean))
    // Once within the bounds, a picture stays there.
    #expect(Self.error(projection(found, depth: nil), found) < 0.01)
    let rounded = projection(gray, depth: 8)
    #expect(rounded.isRounded && rounded.depth == 8)
    #expect(Self.error(rounded, clean) < 0.7 * Self.error(gray, clean))
  }

  @Test func onlyOfJPEGFilesAndOfTheirColors() throws {
    let (clean, coded) = try Self.pictures(.upright, channels: 3, isSubsampled: true)
    #expect(JPEGProjection(clean) == nil)
    #expect(JPEGProjection(coded.gray()) == nil)
  }
}
