import Pictures
import Tensors
import Testing

@testable import Restoration

@Suite struct ImpulsesTests {
  private static let region = Region(rows: 0..<100, columns: 0..<90)

  private static func noise(_ deviation: Float) -> [Float] {
    var random = RandomSource(seed: 3)
    return random.normal([3, 100, 90]).elements.enumerated().map { index, number in
      0.3 + 0.4 * Float(index % 90) / 90 + deviation * number
    }
  }

  private static func impulses(_ pixels: [Float]) -> Set<[Int]> {
    let found = Impulses(in: region, channels: 3) { target in
      let part = target.region
      for channel in 0..<3 {
        for (line, row) in part.rows.enumerated() {
          for column in part.columns {
            target[(channel * part.height + line) * part.width + column] =
              pixels[(channel * 100 + row) * 90 + column]
          }
        }
      }
    }
    var places: Set<[Int]> = []
    found.forEach(in: region) { row, column, _ in places.insert([row, column]) }
    #expect(places.count == found.count)
    return places
  }

  @Test(arguments: [0.004, 0.03] as [Float])
  func singlePixelsAreFound(deviation: Float) {
    var pixels = Self.noise(deviation)
    var hidden: Set<[Int]> = []
    for index in 0..<80 {
      let (row, column) = (3 + index * 37 % 94, 4 + index * 11 % 82)
      hidden.insert([row, column])
      // All channels, or one.
      for channel in 0..<3 where index % 2 == 0 || channel == index % 3 {
        pixels[(channel * 100 + row) * 90 + column] = index % 4 < 2 ? 1 : 0
      }
    }
    let found = Self.impulses(pixels)
    #expect(found.intersection(hidden).count >= hidden.count * 9 / 10)
    #expect(found.subtracting(hidden).count <= 1)
  }

  @Test(arguments: [0, 0.02, 0.1, 0.2] as [Float])
  func noiseHasNone(deviation: Float) {
    #expect(Self.impulses(Self.noise(deviation)).count <= 3)
  }

  /// A point of light that a lens has blurred, lines and corners stay; so do dots that were drawn.
  @Test func whatBelongsToThePictureStays() {
    var pixels = Self.noise(0.004)
    for channel in 0..<3 {
      for (dy, dx, light) in [
        (0, 0, 0.6), (0, 1, 0.3), (1, 0, 0.3), (0, -1, 0.3), (-1, 0, 0.3),
      ] as [(Int, Int, Float)] {
        pixels[(channel * 100 + 50 + dy) * 90 + 40 + dx] += light
      }
      for column in 10..<60 { pixels[(channel * 100 + 20) * 90 + column] = 1 }
    }
    #expect(Self.impulses(pixels).isEmpty)
    var drawn = [Float](repeating: 1, count: 3 * 9000)
    for dot in 0..<50 { drawn[(10 + dot) * 90 + 20 + dot] = 0 }
    #expect(Self.impulses(drawn).isEmpty)
  }
}
