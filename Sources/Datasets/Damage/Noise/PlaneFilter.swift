import Pictures
import Platform

/// Filters of one plane, `[H, W]`; beyond an edge it is mirrored, the outermost pixels standing
/// once.
enum PlaneFilter {
  /// The place that an index beyond the edges is mirrored to: -1 to 1, count to count - 2. Parity
  /// stays, so that a color filter array goes on beyond the edges.
  static func mirrored(_ index: Int, _ count: Int) -> Int {
    if count == 1 { return 0 }
    var place = index
    while place < 0 || place >= count {
      place = place < 0 ? -place : 2 * (count - 1) - place
    }
    return place
  }

  /// Convolves a plane with a Gaussian, cut off at two and a half deviations.
  ///
  /// - Parameter deviation: in pixels; below 0.2 nothing is done.
  static func blur(_ plane: MutablePlaneView, deviation: Float) {
    guard deviation >= 0.2 else { return }
    let (height, width) = (plane.region.height, plane.region.width)
    let radius = max(1, Int((2.5 * deviation).rounded(.up)))
    var taps = (-radius...radius).map { expf(-Float($0 * $0) / (2 * deviation * deviation)) }
    let sum = taps.reduce(0, +)
    for index in taps.indices { taps[index] /= sum }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: height * width) { across in
      across.initialize(repeating: 0)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: width + 2 * radius) { row in
        for y in 0..<height {
          for x in 0..<width + 2 * radius {
            row.initializeElement(at: x, to: plane[y * width + mirrored(x - radius, width)])
          }
          for (tap, weight) in taps.enumerated() {
            for x in 0..<width { across[y &* width &+ x] += weight * row[x &+ tap] }
          }
        }
      }
      plane.fill(with: 0)
      for y in 0..<height {
        for (tap, weight) in taps.enumerated() {
          let source = mirrored(y + tap - radius, height) &* width
          for x in 0..<width { plane[y &* width &+ x] += weight * across[source &+ x] }
        }
      }
    }
  }
}
