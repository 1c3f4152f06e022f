import Tensors
import Testing

@testable import Pictures

@Suite("transparency")
struct TransparencyTests {
  @Test("colours that show stay, and continue to where nothing shows", arguments: [1, 3])
  func continuation(channels: Int) {
    let (height, width) = (9, 23)
    let area = height * width
    let alpha: [Float] = (0..<area).map { $0 % width < 5 ? 1 : $0 % width == 5 ? 0.25 : 0 }
    let colors = (0..<channels).flatMap { channel in
      (0..<area).map { alpha[$0] > 0 ? 0.2 + 0.25 * Float(channel) : 1 }
    }
    let picture = Picture(pixels: Tensor([channels, height, width], colors), alpha: alpha)
    let continued = picture.continuingColors()
    #expect(continued.alpha == alpha)
    for place in colors.indices {
      let value = continued.pixels[place]
      #expect(abs(value - (0.2 + 0.25 * Float(place / area))) < 1e-5)
      if alpha[place % area] > 0 { #expect(value == colors[place]) }
    }
  }

  @Test("what shows more counts more, and what is far away less")
  func weights() {
    var alpha = [Float](repeating: 0, count: 64)
    var colors = [Float](repeating: 0, count: 64)
    (alpha[0], colors[0]) = (1, 1)
    (alpha[63], colors[63]) = (0.1, 0)
    let continued = Picture(pixels: Tensor([1, 1, 64], colors), alpha: alpha).continuingColors()
    #expect(continued.pixels[1] > 0.95)
    #expect(continued.pixels[20] > continued.pixels[55])
    #expect(continued.pixels[40] > 0.5)
    #expect(continued.pixels.elements.allSatisfy { (0...1).contains($0) })
  }

  @Test("a picture of which nothing shows, and opaque ones, are left alone")
  func extremes() {
    let pixels = Tensor([1, 1, 3], [0.1, 0.2, 0.3])
    let opaque = Picture(pixels: pixels, alpha: [1, 1, 0.5])
    #expect(opaque.continuingColors().pixels == pixels)
    let nothing = Picture(pixels: pixels, alpha: [0, 0, 0])
    #expect(nothing.continuingColors().pixels.elements.allSatisfy { $0.isFinite })
    var result = Picture(pixels: Tensor([1, 1, 3], [0, 0, 0]))
    result.takeTransparency(of: nothing)
    #expect(result.pixels == pixels)
  }

  @Test("of other extents alpha is scaled and stays in range")
  func scaling() throws {
    let alpha = (0..<16).map { Float($0 % 4 < 2 ? 1 : 0) }
    let original = Picture(
      pixels: Tensor([1, 4, 4], [Float](repeating: 1, count: 16)), alpha: alpha)
    var larger = Picture(pixels: Tensor([1, 8, 8], [Float](repeating: 0.5, count: 64)))
    larger.takeTransparency(of: original)
    let scaled = try #require(larger.alpha)
    #expect(scaled.count == 64 && scaled[0] == 1 && scaled[7] == 0)
    #expect(scaled.allSatisfy { (0...1).contains($0) })
    #expect(larger.pixels.elements.allSatisfy { $0 == 0.5 })
  }

  @Test("the largest opaque rectangle, against every rectangle there is", arguments: 0..<20)
  func rectangles(seed: Int) {
    var state = UInt64(seed + 1)
    let (height, width) = (5 + seed % 3, 7)
    let isSet = (0..<height * width).map { _ -> Bool in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 40 & 7 > 1
    }
    var largest = 0
    for top in 0..<height {
      for bottom in top..<height {
        for left in 0..<width {
          for right in left..<width {
            let isWhole = (top...bottom).allSatisfy { row in
              (left...right).allSatisfy { isSet[row * width + $0] }
            }
            if isWhole { largest = max(largest, (bottom - top + 1) * (right - left + 1)) }
          }
        }
      }
    }
    let found = OpaquePart.largestRectangle(isSet, height: height, width: width)
    #expect(found.rows.count * found.columns.count == largest)
    for row in found.rows {
      for column in found.columns { #expect(isSet[row * width + column]) }
    }
  }

  @Test("noise is estimated where the picture is opaque")
  func opaquePart() {
    let pixels = Tensor([2, 10, 12], (0..<240).map { Float($0) })
    let alpha = Tensor([1, 10, 12], (0..<120).map { $0 % 12 < 3 ? 0 : 1 })
    let part = OpaquePart.of([pixels, alpha])
    #expect(part.shape == [2, 10, 9])
    #expect(part[0] == 3 && part[9] == 15 && part[90] == 123)
    #expect(OpaquePart.of([pixels]) == pixels)
    #expect(
      OpaquePart.of([pixels, Tensor([1, 10, 12], [Float](repeating: 0, count: 120))]) == pixels)
  }
}
