import Platform

/// The regularized incomplete beta function by its continued fraction (NIST Digital Library of
/// Mathematical Functions, 8.17.22).
enum IncompleteBeta {
  /// I_x(a, b), a and b > 0, x in [0, 1].
  static func regularized(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard a > 0 && b > 0 && x >= 0 && x <= 1 else { return .nan }
    if x == 0 || x == 1 { return x }
    return x < (a + 1) / (a + b + 2) ? lower(x, a, b) : 1 - lower(1 - x, b, a)
  }

  /// The fraction, which is quick for x below (a + 1) / (a + b + 2), by Lentz's method.
  private static func lower(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let smallest = 1e-300
    func guarded(_ number: Double) -> Double { abs(number) < smallest ? smallest : number }
    var (c, d, f) = (1.0, 0.0, 1.0)
    for step in 1..<100_000 {
      let m = Double(step / 2)
      let numerator =
        step % 2 == 0
        ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + numerator * d)
      c = guarded(1 + numerator / c)
      f *= c * d
      if abs(c * d - 1) < 1e-16 { break }
    }
    return exp(a * log(x) + b * log1p(-x) - GammaFunction.logBeta(a, b)) / (a * f)
  }

  /// dI_x(a, b)/da by central differences of fourth order, to ten digits or so of the largest value.
  static func shapeDerivative(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let h = 1e-3 * a
    let near = regularized(x, a + h, b) - regularized(x, a - h, b)
    let far = regularized(x, a + 2 * h, b) - regularized(x, a - 2 * h, b)
    return (8 * near - far) / (12 * h)
  }
}
