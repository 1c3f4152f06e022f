import Platform

/// The DCT of 8x8 samples, summed up as two energies.
struct NoiseTransform {
  /// The basis functions by frequency.
  private let basis: [SIMD8<Float>]
  /// The same by place.
  private let transposed: [SIMD8<Float>]
  private let low: [SIMD8<Float>]
  private let high: [SIMD8<Float>]

  init() {
    let scale: [Float] = [(1 / 8 as Float).squareRoot()] + [Float](repeating: 0.5, count: 7)
    var (basis, transposed) = (Self.zeros, Self.zeros)
    var (low, high) = (Self.zeros, Self.zeros)
    let first = NoisePatches.firstHighFrequency
    for u in 0..<8 {
      for v in 0..<8 {
        let angle = Float((2 * v + 1) * u) * Float.pi / 16
        basis[u][v] = scale[u] * cosf(angle)
        transposed[v][u] = basis[u][v]
        low[u][v] = u + v > 0 && u + v < first ? 1 : 0
        high[u][v] = u + v >= first ? 1 : 0
      }
    }
    (self.basis, self.transposed, self.low, self.high) = (basis, transposed, low, high)
  }

  private static let zeros = [SIMD8<Float>](repeating: .zero, count: 8)

  func energies(_ row: (Int) -> SIMD8<Float>) -> (low: Float, high: Float) {
    let rows = (row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7))
    var (lowSum, highSum) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
    for u in 0..<8 {
      let weights = basis[u]
      var column = weights[0] * rows.0
      column += weights[1] * rows.1
      column += weights[2] * rows.2
      column += weights[3] * rows.3
      column += weights[4] * rows.4
      column += weights[5] * rows.5
      column += weights[6] * rows.6
      column += weights[7] * rows.7
      var coefficients = SIMD8<Float>.zero
      for place in 0..<8 { coefficients += column[place] * transposed[place] }
      let squares = coefficients * coefficients
      lowSum += squares * low[u]
      highSum += squares * high[u]
    }
    return (lowSum.sum(), highSum.sum())
  }
}
