import Graphs
import Platform
import Tensors

/// The probability of 8-bit levels under families with a density: the mass within half a level.
extension PixelDistribution {
  /// What the mass of levels is computed from: mean, `[N, C, H, W]`, and log variance, as many
  /// numbers or one, of Gaussian pixels; the logits of continuous Bernoulli ones; nothing of discrete
  /// families, whose density is a probability already.
  var densityParameters: [Value] {
    switch self {
    case .bernoulli, .discretisedLogistic, .discretisedLogisticMixture: []
    case .continuousBernoulli(let distribution): [distribution.logits]
    case .gaussian(let mean, let logVariance): [mean, logVariance]
    }
  }
}

extension Plan {
  /// log P(x|z) of 8-bit levels by the parameters of a density among the outputs.
  ///
  /// - Parameters:
  ///   - picture: the samples of a picture.
  ///   - row: the draw.
  ///   - position: where among the outputs the `densityParameters` begin.
  ///   - likelihood: whose they are.
  func levelLogProbability(
    _ picture: UnsafeBufferPointer<Float>, row: Int, from position: Int,
    _ likelihood: Configuration.Likelihood
  ) -> Double {
    let range = row * picture.count..<(row + 1) * picture.count
    let first = UnsafeBufferPointer(rebasing: outputBuffer(position)[range])
    if likelihood == .continuousBernoulli {
      return ContinuousBernoulliLevels.logProbability(picture, logits: first)
    }
    let logVariances = outputBuffer(position + 1)
    return GaussianLevels.logProbability(
      picture, means: first,
      logVariances: logVariances.count == 1
        ? logVariances : UnsafeBufferPointer(rebasing: logVariances[range]))
  }
}

/// The mass that a continuous Bernoulli distribution has within half a level of each of the 256
/// levels, kept within [0, 1]: (e^(a v) - e^(a u)) / (e^a - 1) for the ends u < v.
enum ContinuousBernoulliLevels {
  /// log P(x), in nats.
  ///
  /// - Parameters:
  ///   - x: in [0, 1].
  ///   - logit: a.
  static func logProbability(_ x: Double, logit a: Double) -> Double {
    let (low, high) = (max(0, x - 0.5 / 255), min(1, x + 0.5 / 255))
    let width = high - low
    return a * ((low + high) / 2 - 0.5) + log(width) + logSinhc(a * width / 2) - logSinhc(a / 2)
  }

  /// The sum of log P over samples.
  static func logProbability(
    _ x: UnsafeBufferPointer<Float>, logits: UnsafeBufferPointer<Float>
  ) -> Double {
    x.indices.reduce(0.0) { $0 + logProbability(Double(x[$1]), logit: Double(logits[$1])) }
  }

  /// log(sinh(x) / x).
  private static func logSinhc(_ x: Double) -> Double {
    let t = abs(x)
    if t < 0.1 {
      let square = t * t
      return square * (1.0 / 6 - square * (1.0 / 180 - square / 2835))
    }
    return t + log1p(-exp(-2 * t)) - log(2 * t)
  }
}
