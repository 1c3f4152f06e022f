import Platform

/// The gamma function's logarithm and its derivatives for positive arguments, by Stirling's series
/// (NIST Digital Library of Mathematical Functions, 5.11) after moving the argument upwards (5.5).
enum GammaFunction {
  /// The Bernoulli numbers B_2, B_4, ... B_16.
  private static let bernoulli: [Double] = [
    1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510,
  ]

  /// log Gamma(x), x > 0.
  static func logarithm(_ x: Double) -> Double {
    guard x > 0 else { return .nan }
    guard x.isFinite else { return x }
    var (x, product) = (x, 1.0)
    while x < 12 {
      product *= x
      x += 1
    }
    var series = 0.0
    var power = x
    for (index, number) in bernoulli.enumerated() {
      let k = Double(2 * index + 2)
      series += number / (k * (k - 1) * power)
      power *= x * x
    }
    return (x - 0.5) * log(x) - x + 0.918_938_533_204_672_742 + series - log(product)
  }

  /// psi^(n)(x), x > 0: n = 0 is the digamma function.
  static func polygamma(_ order: Int, _ x: Double) -> Double {
    guard x > 0 else { return .nan }
    let n = Double(order)
    let sign: Double = order % 2 == 0 ? -1 : 1
    let factorial = (0..<order).reduce(1.0) { $0 * Double($1 + 1) }
    var (x, shifted) = (x, 0.0)
    while x < 14 + n {
      shifted += sign * factorial * inversePower(x, order + 1)
      x += 1
    }
    var power = inversePower(x, order)
    var sum = order == 0 ? -log(x) : factorial / n * power
    sum += factorial * power / (2 * x)
    // (2k + n - 1)! / (2k)!, from k = 1 on.
    var ratio = factorial * (n + 1) / 2
    for (index, number) in bernoulli.enumerated() {
      let k = Double(2 * index + 2)
      power /= x * x
      sum += number * ratio * power
      ratio *= (k + n) * (k + n + 1) / ((k + 1) * (k + 2))
    }
    return sign * sum + shifted
  }

  /// x^-count.
  private static func inversePower(_ x: Double, _ count: Int) -> Double {
    var power = 1.0
    for _ in 0..<count { power /= x }
    return power
  }

  /// The entropy of Gamma(a, 1).
  static func entropy(_ a: Double) -> Double {
    a + logarithm(a) + (1 - a) * polygamma(0, a)
  }

  /// log B(a, b), a and b > 0.
  static func logBeta(_ a: Double, _ b: Double) -> Double {
    logarithm(a) + logarithm(b) - logarithm(a + b)
  }
}
