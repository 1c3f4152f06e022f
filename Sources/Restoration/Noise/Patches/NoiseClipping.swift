/// What clipping to [0, 1] leaves of the variance of Gaussian noise (Foi 2009, section 3).
struct NoiseClipping {
  /// The share of the variance that is left, by the clipped samples' mean in steps of 1/255.
  private let shares: [Float]

  /// The least share, for a pixel at black or white: 1/2 - 1/(2 pi), and more of it gone where
  /// the other end is near as well.
  static let leastShare: Float = 0.1

  /// - Parameter deviation: of the noise before clipping; 0 leaves everything.
  init(deviation: Float) {
    let steps = 255
    guard deviation > 1e-4 else {
      shares = [Float](repeating: 1, count: steps + 1)
      return
    }
    // The mean rises with the level, so that walking both upwards inverts the relation.
    var table: [Float] = []
    var level = 0
    var (before, after) = (Self.moments(0, deviation), Self.moments(0, deviation))
    for step in 0...steps {
      let mean = Float(step) / Float(steps)
      while after.mean < mean, level < 4 * steps {
        level += 1
        before = after
        after = Self.moments(Float(level) / Float(4 * steps), deviation)
      }
      let span = after.mean - before.mean
      let position = span > 0 ? min(max((mean - before.mean) / span, 0), 1) : 0
      let variance = before.variance + position * (after.variance - before.variance)
      table.append(min(max(variance / (deviation * deviation), Self.leastShare), 1))
    }
    shares = table
  }

  /// - Parameter mean: of the clipped samples.
  func share(mean: Float) -> Float {
    shares[Int((min(max(mean, 0), 1) * Float(shares.count - 1)).rounded())]
  }

  /// Mean and variance of a normal number of mean `level` once it is clipped to [0, 1].
  static func moments(_ level: Float, _ deviation: Float) -> (mean: Float, variance: Float) {
    let (mu, sigma) = (Double(level), Double(deviation))
    let (a, b) = (-mu / sigma, (1 - mu) / sigma)
    let inside = standardNormal(b) - standardNormal(a)
    let (densityA, densityB) = (standardNormalDensity(a), standardNormalDensity(b))
    let above = 1 - standardNormal(b)
    let mean = mu * inside + sigma * (densityA - densityB) + above
    let square =
      (mu * mu + sigma * sigma) * inside + 2 * mu * sigma * (densityA - densityB)
      + sigma * sigma * (a * densityA - b * densityB) + above
    return (Float(mean), Float(max(square - mean * mean, 0)))
  }
}
