import Platform
import Tensors

/// The probability that a Gaussian gives the levels of 8-bit data: its mass within half a level
/// around each, beyond the outermost levels to infinity, so that the 256 add up to one (Salimans et
/// al. 2017, section 2.1, with a Gaussian in the place of the logistic distribution).
///
/// Numbers are on the [0, 1] scale; one between two levels has the mass of as wide an interval
/// around it.
struct GaussianLevels {
  /// 1 / sigma.
  private let precision: Double
  /// Half a level in deviations.
  private let half: Double
  private let logWidth: Double

  init(deviation: Double) {
    precision = 1 / deviation
    half = Self.halfLevel * precision
    logWidth = log(2 * half) - Self.halfLogTwoPi
  }

  /// log P(x), in nats.
  func logProbability(_ x: Double, mean: Double) -> Double {
    if x < Self.halfLevel { return Self.logDistribution((Self.halfLevel - mean) * precision) }
    if x > 1 - Self.halfLevel {
      return Self.logDistribution((mean - 1 + Self.halfLevel) * precision)
    }
    let z = abs(x - mean) * precision
    let (squared, reach) = (z * z, half * half)
    if half < 0.5 && half * z < 0.5 {
      // The density times the width, with the next terms of the series in the width: errors are
      // below 1e-5.
      let correction =
        reach * ((squared - 1) / 6 + reach * (squared * (squared - 6) + 3) / 120)
      return logWidth - squared / 2 + log1p(correction)
    }
    let (near, far) = (z - half, z + half)
    if near < 30 { return log((erfc(near * Self.rootHalf) - erfc(far * Self.rootHalf)) / 2) }
    let (nearTail, farTail) = (Self.logDistribution(-near), Self.logDistribution(-far))
    return nearTail + log1p(-exp(farTail - nearTail))
  }

  /// The sum of log P over samples.
  ///
  /// - Parameters:
  ///   - x: in [0, 1].
  ///   - means: as many.
  ///   - logVariances: as many, or one for all.
  static func logProbability(
    _ x: UnsafeBufferPointer<Float>, means: UnsafeBufferPointer<Float>,
    logVariances: UnsafeBufferPointer<Float>
  ) -> Double {
    func levels(_ index: Int) -> GaussianLevels {
      GaussianLevels(deviation: exp(0.5 * Double(logVariances[index])))
    }
    let isShared = logVariances.count == 1
    let shared = levels(0)
    return x.indices.reduce(0.0) { sum, index in
      sum
        + (isShared ? shared : levels(index)).logProbability(
          Double(x[index]), mean: Double(means[index]))
    }
  }

  /// log of the standard normal distribution function.
  private static func logDistribution(_ t: Double) -> Double {
    if t > -30 { return log(erfc(-t * rootHalf) / 2) }
    return -t * t / 2 - log(-t) - halfLogTwoPi + log1p(-1 / (t * t))
  }

  private static let halfLevel = 0.5 / 255
  private static let rootHalf = 0.5.squareRoot()
  private static let halfLogTwoPi = 0.918_938_533_204_672_7
}
