import ImageCodecs
import Pictures
import Tensors
import Testing

@testable import Restoration

/// Pictures whose samples lie close together.
@Suite struct ContrastStretchTests {
  /// 16 bits, from `lower` on, `span` wide.
  private static func picture(_ lower: Float, _ span: Float, depth: Int = 16) -> Picture {
    let planes = (0..<20 * 12).map { lower + span * Float($0 * 37 % 240) / 239 }
    return Picture(Image(planes: planes, width: 20, height: 12, channels: 1, depth: depth))
  }

  @Test func bringsTwelveBitsInSixteenToTheScaleAndBack() throws {
    let picture = Self.picture(0.2, 0.0624)
    let stretch = try #require(ContrastStretch(picture))
    let stretched = stretch.stretched(picture)
    let numbers = stretched.pixels.elements
    #expect(abs(numbers.reduce(1, min) - 0.05) < 1e-4)
    #expect(abs(numbers.reduce(0, max) - 0.95) < 1e-4)
    let back = stretch.restored(
      RestoredPicture(results: [stretched], deviation: Tensor([1, 12, 20], numbers)), depth: 16)
    #expect(back.results[0].pixels == picture.pixels)
    #expect(back.results[0].isRounded && back.results[0].depth == 16)
    let deviation = try #require(back.deviation).elements[7]
    #expect(abs(deviation - numbers[7] / stretch.factor) < 1e-7)
  }

  @Test func leavesOthersAlone() {
    #expect(ContrastStretch(Self.picture(0.1, 0.5)) == nil)
    #expect(ContrastStretch(Self.picture(0.1, 0)) == nil)
    #expect(ContrastStretch(Self.picture(0.1, 0.05, depth: 8)) == nil)
    let numbers = Picture(pixels: Tensor([1, 2, 2], [0, 1 / 255, 0.5 / 255, 0.2 / 255]))
    #expect(ContrastStretch(numbers) != nil)
    #expect(ContrastStretch(Picture(pixels: Tensor([1, 1, 2], [0, .nan]))) == nil)
  }
}
