import Tensors
import Testing

@testable import Datasets

@Suite struct HoleFillingTests {
  /// A picture of noise and a mask with wide holes.
  static func picture(
    channels: Int, height: Int, width: Int, seed: UInt64
  ) -> (planes: [Float], seen: [Float]) {
    var random = RandomSource(seed: seed)
    let planes = random.uniform([channels, height, width]).elements
    var seen = [Float](repeating: 1, count: height * width)
    let sparse = random.nextUniform()
    for pixel in seen.indices {
      let (x, y) = (pixel % width, pixel / width)
      let isHole = (x / 41 + y / 53) % 2 == 0
      if random.nextUniform() < (isHole ? 0.9999 : sparse) { seen[pixel] = 0 }
    }
    return (planes, seen)
  }

  static func cut(
    _ planes: [Float], channels: Int, width: Int, x: Range<Int>, y: Range<Int>
  ) -> [Float] {
    let height = planes.count / channels / width
    return (0..<channels).flatMap { channel in
      y.flatMap { row in x.map { planes[(channel * height + row) * width + $0] } }
    }
  }

  @Test func seenPixelsStayAndHolesOfOneValueAreIt() {
    let (planes, seen) = Self.picture(channels: 2, height: 70, width: 90, seed: 1)
    var filled = planes
    HoleFilling.fill(&filled, seen: seen, channels: 2, height: 70, width: 90)
    for (index, value) in filled.enumerated() where seen[index % 6300] == 1 {
      #expect(value == planes[index])
    }
    #expect(filled.allSatisfy { $0 >= 0 && $0 <= 1 })
    var flat = seen.map { $0 == 1 ? Float(0.25) : .nan }
    HoleFilling.fill(&flat, seen: seen, channels: 1, height: 70, width: 90)
    #expect(flat.allSatisfy { abs($0 - 0.25) < 1e-6 })
  }

  /// The definition, written down for one small hole: a pixel is the bilinear interpolation of the
  /// means of 2x2 cells, then the mean of its neighbors.
  @Test func aHiddenPixelIsRelaxedFromMeans() {
    var picture: [Float] = [
      0, 4, 8, 8, 0,
      4, 8, 8, 8, 0,
      1, 1, 9, 2, 0,
      1, 1, 2, 3, 0,
    ].map { $0 / 16 }
    let seen = (0..<20).map { [6, 7].contains($0) ? Float(0) : 1 }
    (picture[6], picture[7]) = (.nan, .nan)
    HoleFilling.fill(&picture, seen: seen, channels: 1, height: 4, width: 5)
    // Cells: (0 + 4 + 4) / 3, 8 (of three pixels), 1 and 4; each pixel stands a quarter of a cell
    // from the center of its own. The right one, on a field of odd sum, moves after the left one.
    var left: Float = (0.5625 * 8 / 3 + 0.1875 * 8 + 0.1875 * 1 + 0.0625 * 4) / 16
    var right: Float = (0.5625 * 8 + 0.1875 * 8 / 3 + 0.1875 * 4 + 0.0625 * 1) / 16
    for _ in 0..<2 {
      left = (4 / 16 + 1 / 16 + 4 / 16 + right) / 4
      right = (8 / 16 + 9 / 16 + left + 8 / 16) / 4
    }
    #expect(abs(picture[6] - left) < 1e-6)
    #expect(abs(picture[7] - right) < 1e-6)
  }

  @Test func whatNothingIsKnownOfIsMiddleGray() {
    var picture = [Float](repeating: .nan, count: 200 * 10)
    HoleFilling.fill(
      &picture, seen: [Float](repeating: 0, count: 2000), channels: 1, height: 10, width: 200)
    #expect(picture.allSatisfy { $0 == 0.5 })
    var seen = [Float](repeating: 0, count: 2000)
    (seen[0], picture[0]) = (1, 1)
    HoleFilling.fill(&picture, seen: seen, channels: 1, height: 10, width: 200)
    let row = Array(picture[..<200])
    #expect(row[..<63].allSatisfy { $0 == 1 } && row[63...].allSatisfy { $0 == 0.5 })
  }

  @Test(arguments: [
    (64, 64, 1), (97, 130, 3), (33, 257, 1), (500, 1, 1), (361, 370, 3), (20, 700, 1),
  ])
  func tilesGiveEqualBits(height: Int, width: Int, channels: Int) {
    for seed in 0..<4 as Range<UInt64> {
      let (planes, seen) = Self.picture(
        channels: channels, height: height, width: width, seed: seed)
      var whole = planes
      HoleFilling.fill(&whole, seen: seen, channels: channels, height: height, width: width)
      var random = RandomSource(seed: seed, stream: 9)
      for _ in 0..<12 {
        let x = Self.range(below: width, using: &random)
        let y = Self.range(below: height, using: &random)
        let columns = HoleFilling.window(x, extent: width)
        let rows = HoleFilling.window(y, extent: height)
        var tile = Self.cut(planes, channels: channels, width: width, x: columns, y: rows)
        let mask = Self.cut(seen, channels: 1, width: width, x: columns, y: rows)
        HoleFilling.fill(
          &tile, seen: mask, channels: channels, height: rows.count, width: columns.count)
        let (left, top) = (columns.lowerBound, rows.lowerBound)
        #expect(
          Self.cut(
            tile, channels: channels, width: columns.count,
            x: x.lowerBound - left..<x.upperBound - left,
            y: y.lowerBound - top..<y.upperBound - top)
            == Self.cut(whole, channels: channels, width: width, x: x, y: y))
      }
    }
  }

  @Test func windowIsAlignedAndWithinThePicture() {
    #expect(HoleFilling.window(160..<192, extent: 1000) == 64..<288)
    #expect(HoleFilling.window(159..<193, extent: 1000) == 32..<320)
    #expect(HoleFilling.window(0..<40, extent: 50) == 0..<50)
  }

  private static func range(below extent: Int, using random: inout RandomSource) -> Range<Int> {
    let lower = random.nextIndex(below: extent)
    return lower..<random.next(in: lower + 1...extent)
  }
}
