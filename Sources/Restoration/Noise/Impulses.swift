import Pictures

/// Single pixels that tell nothing of a picture: hot and dead ones of a sensor, salt and pepper.
///
/// A sample is one where it lies farther beyond the second smallest or second largest of its eight
/// neighbors than twice the distance between these two, and farther than a sixth of the range. The
/// first keeps noise, texture and blurred points of light out; normal noise passes it once in 100,000.
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
    read: (_ region: Region, _ pixels: UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    guard region.height > 2 && region.width > 2 else { return }
    var flat = 0
    var pixels: [Float] = []
    for top in stride(from: region.rows.lowerBound, to: region.rows.upperBound, by: Self.band) {
      let inner = top..<min(top + Self.band, region.rows.upperBound)
      let lines =
        max(
          inner.lowerBound - 1, region.rows.lowerBound)..<min(
          inner.upperBound + 1, region.rows.upperBound)
      let part = Region(rows: lines, columns: region.columns)
      pixels.removeAll(keepingCapacity: true)
      pixels.append(contentsOf: repeatElement(0, count: channels * part.area))
      try pixels.withUnsafeMutableBufferPointer { try read(part, $0) }
      pixels.withUnsafeBufferPointer { pixels in
        // At the picture's own edge there are no eight neighbors.
        for row in inner where row > lines.lowerBound && row + 1 < lines.upperBound {
          for column in 1..<region.width - 1 {
            let place = (row - lines.lowerBound) * region.width + column
            let found = Self.look(
              pixels, place, width: region.width, area: part.area, channels: channels)
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

  private static func look(
    _ pixels: UnsafeBufferPointer<Float>, _ place: Int, width: Int, area: Int, channels: Int
  ) -> (medians: [Float], isFlatAround: Bool)? {
    var isImpulse = false
    for channel in 0..<channels where !isImpulse {
      let index = channel &* area &+ place
      isImpulse = standsOut(pixels, index, width: width) && isBeyond(pixels, index, width: width)
    }
    guard isImpulse else { return nil }
    let sorted = (0..<channels).map { neighbors(pixels, $0 * area + place, width: width) }
    return (sorted.map { ($0[3] + $0[4]) / 2 }, sorted.allSatisfy { $0[1] == $0[6] })
  }

  /// Whether three of the four nearest neighbors lie well on one side: what few pixels pass.
  private static func standsOut(
    _ pixels: UnsafeBufferPointer<Float>, _ index: Int, width: Int
  ) -> Bool {
    let differences =
      pixels[index]
      - SIMD4(
        pixels[index &- 1], pixels[index &+ 1], pixels[index &- width], pixels[index &+ width])
    func count(_ mask: SIMDMask<SIMD4<Int32>>) -> Int {
      (0..<4).reduce(0) { $0 &+ (mask[$1] ? 1 : 0) }
    }
    return count(differences .> leastDistance) >= 3 || count(differences .< -leastDistance) >= 3
  }

  private static func isBeyond(
    _ pixels: UnsafeBufferPointer<Float>, _ index: Int, width: Int
  ) -> Bool {
    let sorted = neighbors(pixels, index, width: width)
    let limit = max(leastDistance, 2 * (sorted[6] - sorted[1]))
    return pixels[index] > sorted[6] + limit || pixels[index] < sorted[1] - limit
  }

  /// The eight neighbors, ascending.
  private static func neighbors(
    _ pixels: UnsafeBufferPointer<Float>, _ index: Int, width: Int
  ) -> [Float] {
    [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1]
      .map { pixels[index + $0] }.sorted()
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
