import Platform

/// Weights proportional to exp(x) that add up to 1.
func softmax(_ x: [Float]) -> [Float] {
  let largest = x.max() ?? 0
  let terms = x.map { expf($0 - largest) }
  let sum = terms.reduce(0, +)
  return terms.map { $0 / sum }
}

/// Phi(x), the standard normal distribution function.
func standardNormal(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

func standardNormalDensity(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

/// A quantile of the chi-squared distribution (Wilson and Hilferty 1931).
///
/// - Parameter normal: the standard normal distribution's quantile at the same probability.
func chiSquaredQuantile(normal: Float, degrees: Int) -> Float {
  let spread = 2 / (9 * Float(degrees))
  let root = 1 - spread + normal * spread.squareRoot()
  return Float(degrees) * root * root * root
}
