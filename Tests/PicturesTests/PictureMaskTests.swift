import Tensors
import Testing

@testable import Pictures

@Suite("masks")
struct PictureMaskTests {
  private func row(_ levels: [Float]) -> Tensor { Tensor([1, 1, levels.count], levels) }

  private func picture(_ levels: [Float], channels: Int = 1, alpha: [Float]? = nil) -> Picture {
    let width = levels.count / channels
    return Picture(pixels: Tensor([channels, 1, width], levels), alpha: alpha)
  }

  @Test("from the threshold on a pixel is hidden; from nine tenths on nothing of it shows")
  func threshold() {
    let mask = PictureMask(levels: row([0, 1 / 255, 0.49, 0.5, 0.72, 0.95, 1]), threshold: 0.5)
    #expect(mask.weights.elements[..<3] == [0, 0, 0])
    #expect(abs(mask.weights[3] - 0.5 / 0.9) < 1e-6 && abs(mask.weights[4] - 0.8) < 1e-6)
    #expect(mask.weights[5] == 1 && mask.weights[6] == 1)
    #expect(mask.hiddenCount == 4 && mask.count == 7 && mask.highestLevel == 1)
    #expect(PictureMask(levels: row([0, 1 / 255]), threshold: 0.5 / 255).hiddenCount == 1)
    let hard = PictureMask(levels: row([0.4, 0.6, 1]), threshold: 0.5, isHard: true)
    #expect(hard.weights.elements == [0, 1, 1])
  }

  @Test("the lightest channel counts, in so far as it shows")
  func alphaMultiplies() {
    // Red, blue and black; white where nothing shows.
    let colors = picture([1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1], channels: 3)
    #expect(PictureMask.levels(of: colors).elements == [1, 1, 0, 1])
    let hidden = picture([0, 1, 0, 1], alpha: [1, 1, 1, 0])
    #expect(PictureMask.levels(of: hidden).elements == [0, 1, 0, 0])
    let soft = picture([0, 1, 0, 1], alpha: [1, 0.5, 1, 1])
    #expect(PictureMask.levels(of: soft).elements == [0, 0.5, 0, 1])
  }

  @Test(
    "strokes of one color on transparency hide, whatever the color is", arguments: [Float(0), 1])
  func strokes(color: Float) {
    // What stands under full transparency is no color of the picture.
    let strokes = picture([color, color, 0.3, 0.9], alpha: [1, 0.5, 0, 0])
    #expect(PictureMask.levels(of: strokes).elements == [1, 0.5, 0, 0])
    let opaque = picture([color, color], alpha: [1, 1])
    #expect(PictureMask.levels(of: opaque).elements == [color, color])
  }

  @Test func transparency() {
    #expect(
      PictureMask.transparency(of: picture([0, 1], alpha: [1, 0.25]))?.elements == [0, 0.75])
    #expect(PictureMask.transparency(of: picture([0, 1])) == nil)
  }

  @Test("growing gives a pixel the largest weight within a disc", arguments: [1, 2, 3, 5])
  func growth(radius: Int) {
    let (height, width) = (17, 23)
    var levels = [Float](repeating: 0, count: height * width)
    for (place, level) in [
      (0, 1), (8 * width + 11, 0.6), (8 * width + 12, 1), (16 * width + 3, 0.7),
    ]
      as [(Int, Float)]
    {
      levels[place] = level
    }
    let source = PictureMask(levels: Tensor([1, height, width], levels), threshold: 0.5)
    let grown = PictureMask(
      levels: Tensor([1, height, width], levels), threshold: 0.5, growth: radius)
    // A disc: as far as the next larger one begins.
    let limit = radius * radius + radius
    for row in 0..<height {
      for column in 0..<width {
        var expected: Float = 0
        for y in 0..<height {
          for x in 0..<width where (y - row) * (y - row) + (x - column) * (x - column) <= limit {
            expected = max(expected, source.weights[y * width + x])
          }
        }
        #expect(grown.weights[row * width + column] == expected)
      }
    }
  }
}
