import Platform

/// The regularized incomplete gamma functions P(a, x) and Q = 1 - P, the inverse of P in x, and
/// their derivatives with respect to a.
///
/// Below x = a + 1 by the series for P, above by the continued fraction for Q (NIST Digital Library
/// of Mathematical Functions, 8.11.4 and 8.9.2), both with their derivatives term by term, so that
/// nothing cancels and tails keep their digits. The work grows as the square root of a.
enum IncompleteGamma {
  /// More than double precision needs for a up to 10^8.
  private static let iterations = 100_000

  /// A number and its derivative with respect to a.
  private struct Dual {
    var value: Double
    var derivative: Double

    static func + (x: Dual, y: Dual) -> Dual {
      Dual(value: x.value + y.value, derivative: x.derivative + y.derivative)
    }
    static func * (x: Dual, y: Dual) -> Dual {
      Dual(
        value: x.value * y.value, derivative: x.derivative * y.value + x.value * y.derivative)
    }
    static func / (x: Dual, y: Dual) -> Dual {
      let quotient = x.value / y.value
      return Dual(
        value: quotient, derivative: (x.derivative - quotient * y.derivative) / y.value)
    }
  }

  /// a log x - x - log Gamma(a).
  static func logKernel(_ a: Double, _ x: Double) -> Double {
    a * log(x) - x - GammaFunction.logarithm(a)
  }

  /// S of P = exp(logKernel) S / a.
  private static func series(_ a: Double, _ x: Double) -> Dual {
    var term = Dual(value: 1, derivative: 0)
    var sum = term
    for n in 1..<iterations {
      let ratio = x / (a + Double(n))
      term = term * Dual(value: ratio, derivative: -ratio / (a + Double(n)))
      sum = sum + term
      if term.value <= 1e-17 * sum.value && abs(term.derivative) <= 1e-17 * abs(sum.derivative) {
        break
      }
    }
    return sum
  }

  /// h of Q = exp(logKernel) h, by Lentz's method; no denominator comes near zero for x >= a + 1.
  private static func fraction(_ a: Double, _ x: Double) -> Dual {
    var b = Dual(value: x + 1 - a, derivative: -1)
    let one = Dual(value: 1, derivative: 0)
    var (c, d, f) = (b, Dual(value: 0, derivative: 0), b)
    for n in 1..<iterations {
      let i = Double(n)
      let numerator = Dual(value: -i * (i - a), derivative: i)
      b.value += 2
      d = one / (b + numerator * d)
      c = b + numerator / c
      let factor = c * d
      f = f * factor
      if abs(factor.value - 1) < 1e-16 && abs(factor.derivative) < 1e-16 { break }
    }
    return one / f
  }

  /// P(a, x), a > 0, x >= 0.
  static func lower(_ a: Double, _ x: Double) -> Double {
    guard a > 0 && x >= 0 else { return .nan }
    if x == 0 { return 0 }
    if x == .infinity { return 1 }
    let kernel = exp(logKernel(a, x))
    return x < a + 1 ? kernel * series(a, x).value / a : 1 - kernel * fraction(a, x).value
  }

  /// dP/da.
  static func lowerShapeDerivative(_ a: Double, _ x: Double) -> Double {
    guard a > 0 && x >= 0 else { return .nan }
    if x == 0 || x == .infinity { return 0 }
    return -exp(logKernel(a, x)) * logQuantileShapeDerivative(a, log(x))
  }

  /// d log x / da along P(a, x) = const: -(dP/da) / (x p(x)), the implicit derivative of a draw
  /// (Figurnov, Mohamed and Mnih 2018, equation 5).
  static func logQuantileShapeDerivative(_ a: Double, _ logX: Double) -> Double {
    guard a > 0 && !logX.isNaN else { return .nan }
    let x = exp(logX)
    if x < a + 1 {
      let sum = series(a, x)
      let logDerivative =
        logX - GammaFunction.polygamma(0, a + 1) + sum.derivative / sum.value
      return -sum.value / a * logDerivative
    }
    guard x.isFinite else { return .nan }
    let h = fraction(a, x)
    return h.value * (logX - GammaFunction.polygamma(0, a)) + h.derivative
  }

  /// log x with P(a, x) = u, by Newton's method on log P or log Q as a function of log x: both are
  /// concave, so that the steps end up on one side and do not leave it.
  static func logQuantile(_ a: Double, _ u: Double) -> Double {
    guard a > 0 && u >= 0 && u <= 1 else { return .nan }
    if u == 0 { return -.infinity }
    if u == 1 { return .infinity }
    let logGamma = GammaFunction.logarithm(a)
    var y = logQuantileEstimate(a, u, logGamma)
    for _ in 0..<100 {
      let x = exp(y)
      let step: Double
      if x < a + 1 {
        let sum = series(a, x).value
        let logP = a * y - x - logGamma + log(sum / a)
        step = (log(u) - logP) * sum / a
      } else {
        let h = fraction(a, x).value
        step = (a * y - x - logGamma + log(h) - log1p(-u)) * h
      }
      y += step
      if abs(step) <= 1e-9 * max(1, abs(y)) || !step.isFinite { break }
    }
    return y
  }

  /// The first term of the series for small x, Wilson and Hilferty's (1931) normal approximation
  /// otherwise.
  private static func logQuantileEstimate(
    _ a: Double, _ u: Double, _ logGamma: Double
  ) -> Double {
    let small = (log(u) + logGamma + log(a)) / a
    if small < log(0.2 * (a + 1)) { return small }
    let tail = NormalFunction.upperQuantileEstimate(min(u, 1 - u))
    let root = 1 - 1 / (9 * a) + (u < 0.5 ? -tail : tail) / (3 * a.squareRoot())
    return root > 0.1 ? log(a) + 3 * log(root) : min(small, log(a))
  }
}
