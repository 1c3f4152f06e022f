import Graphs
import Platform
import Tensors

/// Independent continuous Bernoulli pixels, for gray levels (Loaiza-Ganem and Cunningham 2019).
struct ContinuousBernoulliLikelihood: PlainFamily, LikelihoodFamily {
  static let name = "continuous-bernoulli"
  static let summary: String? = "gray levels"
  static let isDiscrete = false
  func outputs(channels: Int) -> Int { channels }

  func distribution(_ output: Value) -> any PixelDistribution {
    ContinuousBernoulli(logits: output)
  }

  func draw(
    into picture: inout [Float], _ parameters: [[Float]], where isWanted: (Int) -> Bool,
    using random: inout RandomSource
  ) {
    for index in picture.indices where isWanted(index) {
      picture[index] = Self.draw(
        logit: Double(parameters[0][index]), uniform: Double(random.nextUniform()))
    }
  }

  /// The inverse distribution function, log(1 + u (e^a - 1)) / a; for a positive logit by the
  /// mirror image, where nothing overflows.
  private static func draw(logit a: Double, uniform u: Double) -> Float {
    if abs(a) < 1e-6 { return Float(u) }
    if a > 0 { return 1 - draw(logit: -a, uniform: 1 - u) }
    return Float(min(max(log1p(u * expm1(a)) / a, 0), 1))
  }

  func levelLogProbability(
    _ x: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>]
  ) -> Double {
    x.indices.reduce(0.0) {
      $0
        + ContinuousBernoulliLevels.logProbability(
          Double(x[$1]), logit: Double(parameters[0][$1]))
    }
  }
}

extension Configuration.Likelihood {
  public static var continuousBernoulli: Self { Self(ContinuousBernoulliLikelihood()) }
}

/// Samples in [0, 1] with the density C(p) p^x (1 - p)^(1 - x), p the logistic function of a logit a
/// (Loaiza-Ganem and Cunningham 2019), as nodes of a graph.
///
/// In the logit the density is e^(a x - A(a)) with A(a) = log((e^a - 1) / a): mean and variance are
/// the first two derivatives of A. Where |a| < 1 the closed forms cancel, and Taylor series about
/// a = 0 (p = 1/2) take their place, with an error below 2e-7.
package struct ContinuousBernoulli: PixelDistribution {
  /// a, `[N, C, H, W]`.
  package let logits: Value

  package init(logits: Value) { self.logits = logits }

  package var drawParameters: [Value] { [logits] }
  package var levelParameters: [Value] { [logits] }
  package func mapped(_ body: (Value) -> Value) -> Self { Self(logits: body(logits)) }

  package func pixelLogDensity(_ x: Value) -> Value { (x - 0.5) * logits - centeredLogNormalizer }

  /// A(a) - a/2 = log(sinh(a/2) / (a/2)), an even function.
  private var centeredLogNormalizer: Value {
    let squares = nearZero.squared()
    let series =
      squares
      * polynomial(squares, [1.0 / 24, -1.0 / 2880, 1.0 / 181_440, -1.0 / 9_676_800])
    let t = awayFromZero
    let closed = t * 0.5 + (-(-t).map(.elu)).log() - t.log()
    return chosen(series, closed)
  }

  /// E[x] = A'(a), which is not p.
  package var mean: Value {
    let a = nearZero
    let series =
      a
      * polynomial(
        a.squared(), [1.0 / 12, -1.0 / 720, 1.0 / 30_240, -1.0 / 1_209_600, 1.0 / 47_900_160])
    let t = awayFromZero
    let sign = logits.combined(.greater, zero) * 2 - 1
    let closed = sign * ((-(-t).map(.elu)).reciprocal() - t.reciprocal() - 0.5)
    return chosen(series, closed) + 0.5
  }

  /// Var[x] = A''(a).
  package var variance: Value {
    let series = polynomial(
      nearZero.squared(), [1.0 / 12, -1.0 / 240, 1.0 / 6048, -1.0 / 172_800, 1.0 / 5_322_240])
    let t = awayFromZero
    let closed = t.squared().reciprocal() - (-t).exp() / (-t).map(.elu).squared()
    return chosen(series, closed)
  }

  private var zero: Value { logits.graph.constant(0, logits.shape) }
  /// a within -1...1.
  private var nearZero: Value { logits.clamped(-1, 1) }
  /// max(|a|, 1).
  private var awayFromZero: Value {
    logits.map(.absolute).clamped(1, .greatestFiniteMagnitude)
  }

  /// The series where |a| < 1, the closed form elsewhere.
  private func chosen(_ series: Value, _ closed: Value) -> Value {
    let isAway = logits.map(.absolute).combined(.greater, zero + 1)
    return isAway * closed + (1 - isAway) * series
  }

  /// `coefficients[0] + coefficients[1] x + ...`.
  private func polynomial(_ x: Value, _ coefficients: [Double]) -> Value {
    var result = x.graph.constant(Float(coefficients[coefficients.count - 1]), x.shape)
    for coefficient in coefficients.dropLast().reversed() {
      result = result * x + Float(coefficient)
    }
    return result
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
