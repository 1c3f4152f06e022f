import Platform

/// The standard normal distribution function and its inverse.
enum NormalFunction {
  /// Phi(x).
  static func cdf(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// Phi^-1(u): an approximation to three digits and two steps of Halley's method.
  static func quantile(_ u: Double) -> Double {
    guard u > 0 && u < 1 else { return u == 0 ? -.infinity : u == 1 ? .infinity : .nan }
    // In the lower half, where Phi has all its digits.
    let tail = min(u, 1 - u)
    var x = -upperQuantileEstimate(tail)
    for _ in 0..<2 {
      let excess = (cdf(x) - tail) * 2.506_628_274_631_000_5 * exp(x * x / 2)
      x -= excess / (1 + x * excess / 2)
    }
    return u < 0.5 ? x : -x
  }

  /// Phi^-1(1 - tail) to within 0.00045 (Abramowitz and Stegun, 26.2.23), tail in (0, 1/2].
  static func upperQuantileEstimate(_ tail: Double) -> Double {
    let t = (-2 * log(tail)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    return t - numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  }
}
