import Pictures

/// Single pixels that tell nothing of a picture: hot and dead ones of a sensor, salt and pepper.
///
/// A sample is one where it lies farther beyond the second smallest or second largest of its eight
/// neighbors than twice the distance between these two, than a sixth of the range and than six
/// deviations of the noise around, as the median difference of neighbors tells it; and where it is like
/// none of them, or like one that is like no other. That keeps noise, texture, blurred points of light
/// and the ends of lines out.
struct Impulses {
  /// By row: the columns of impulses, and what stands in their place while noise is read, the medians
  /// of the neighbors, channel by channel.
  private var rows: [Int: [(column: Int, medians: [Float])]] = [:]
  private(set) var count = 0

  private static let leastDistance: Float = 40 / 255
  /// Rows that are read at once.
  private static let band = 64

  /// - Parameters:
  ///   - region: all of the picture.
  ///   - read: writes a region, `[C, h, w]` in about [0, 1].
  init(
    in region: Region, channels: Int,
    read: (MutablePlaneView) throws -> Void
  ) rethrows {
    guard region.height > 4 && region.width > 4 else { return }
    var flat = 0
    var pixels: [Float] = []
    for top in stride(from: region.rows.lowerBound, to: region.rows.upperBound, by: Self.band) {
      let inner = top..<min(top + Self.band, region.rows.upperBound)
      let lines =
        max(
          inner.lowerBound - 2, region.rows.lowerBound)..<min(
          inner.upperBound + 2, region.rows.upperBound)
      let part = Region(rows: lines, columns: region.columns)
      pixels.removeAll(keepingCapacity: true)
      pixels.append(contentsOf: repeatElement(0, count: channels * part.area))
      try pixels.withMutablePlanes(channels: channels, part, read)
      pixels.withUnsafeBufferPointer { pixels in
        let distance = max(Self.leastDistance, 6 * Self.deviation(pixels, width: region.width))
        // At the picture's own edge neighbors are missing.
        for row in inner where row > lines.lowerBound + 1 && row + 2 < lines.upperBound {
          for column in 2..<region.width - 2 {
            let place = (row - lines.lowerBound) * region.width + column
            let found = Self.look(
              pixels, place, width: region.width, area: part.area, channels: channels,
              distance: distance)
            guard let found else { continue }
            rows[row, default: []].append((region.columns.lowerBound + column, found.medians))
            count += 1
            if found.isFlatAround { flat += 1 }
          }
        }
      }
    }
    // Around what was drawn on purpose neighbors are equal; sensors have noise.
    if 2 * flat > count { (rows, count) = ([:], 0) }
  }

  /// The deviation of white noise, or less, from the median of the differences of neighbors, some
  /// thousands of them.
  private static func deviation(_ pixels: UnsafeBufferPointer<Float>, width: Int) -> Float {
    let step = max(1, pixels.count / 8192) | 1
    let differences = stride(from: 1, to: pixels.count, by: step).lazy
      .filter { $0 % width != 0 }.map { abs(pixels[$0] - pixels[$0 - 1]) }.sorted()
    guard !differences.isEmpty else { return 0 }
    // The median of |N(0, 2 s^2)| is 0.6745 sqrt(2) s.
    return differences[differences.count / 2] / 0.9539
  }

  private static func look(
    _ pixels: UnsafeBufferPointer<Float>, _ place: Int, width: Int, area: Int, channels: Int,
    distance: Float
  ) -> (medians: [Float], isFlatAround: Bool)? {
    var isImpulse = false
    for channel in 0..<channels where !isImpulse {
      let index = channel &* area &+ place
      isImpulse =
        standsOut(pixels, index, width: width, distance: distance)
        && isBeyond(pixels, index, width: width, distance: distance)
        && isAlone(pixels, index, width: width, distance: distance)
    }
    guard isImpulse else { return nil }
    let sorted = (0..<channels).map { neighbors(pixels, $0 * area + place, width: width) }
    return (sorted.map { ($0[3] + $0[4]) / 2 }, sorted.allSatisfy { $0[1] == $0[6] })
  }

  /// Whether three of the four nearest neighbors lie well on one side: what few pixels pass.
  private static func standsOut(
    _ pixels: UnsafeBufferPointer<Float>, _ index: Int, width: Int, distance: Float
  ) -> Bool {
    let differences =
      pixels[index]
      - SIMD4(
        pixels[index &- 1], pixels[index &+ 1], pixels[index &- width], pixels[index &+ width])
    func count(_ mask: SIMDMask<SIMD4<Int32>>) -> Int {
      (0..<4).reduce(0) { $0 &+ (mask[$1] ? 1 : 0) }
    }
    return count(differences .> distance) >= 3 || count(differences .< -distance) >= 3
  }

  private static func isBeyond(
    _ pixels: UnsafeBufferPointer<Float>, _ index: Int, width: Int, distance: Float
  ) -> Bool {
    let sorted = neighbors(pixels, index, width: width)
    let limit = max(distance, 2 * (sorted[6] - sorted[1]))
    return pixels[index] > sorted[6] + limit || pixels[index] < sorted[1] - limit
  }

  /// Whether no neighbor is like a sample, or one that is like no other.
  private static func isAlone(
    _ pixels: UnsafeBufferPointer<Float>, _ index: Int, width: Int, distance: Float
  ) -> Bool {
    func alike(_ index: Int) -> [Int] {
      offsets(width).map { index + $0 }.filter { abs(pixels[$0] - pixels[index]) < distance / 2 }
    }
    let neighbors = alike(index)
    return neighbors.isEmpty || neighbors.count == 1 && alike(neighbors[0]).count == 1
  }

  private static func offsets(_ width: Int) -> [Int] {
    [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]
  }

  /// The eight neighbors, ascending.
  private static func neighbors(
    _ pixels: UnsafeBufferPointer<Float>, _ index: Int, width: Int
  ) -> [Float] {
    offsets(width).map { pixels[index + $0] }.sorted()
  }

  /// Calls `body` with every impulse of a region.
  func forEach(in region: Region, _ body: (_ row: Int, _ column: Int, _ medians: [Float]) -> Void) {
    guard count > 0 else { return }
    for row in region.rows {
      for impulse in rows[row] ?? [] where region.columns.contains(impulse.column) {
        body(row, impulse.column, impulse.medians)
      }
    }
  }
}
