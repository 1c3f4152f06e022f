import Graphs
import Tensors

/// The reciprocal or log-uniform distribution between `lower` and `upper`: density proportional to
/// 1 / z. A draw is lower (upper / lower)^u.
package struct Reciprocal: InverseCDFDistribution, IntervalDistribution {
  /// Positive, `[N, ...]`.
  package let lower: Value
  /// Above `lower`, `[N, ...]`.
  package let upper: Value

  package init(lower: Value, upper: Value) {
    self.lower = lower
    self.upper = upper
  }

  private var logRatio: Value { upper.log() - lower.log() }

  package var shape: Shape { lower.shape }
  package var support: Support { .bounded }

  package func inverseCDF(_ u: Value) -> Value { (lower.log() + u * logRatio).exp() }

  package func logDensity(_ z: Value) -> Value {
    z.onPositive { -$0.log() - logRatio.log() } + logIndicator(z)
  }

  package func cdf(_ z: Value) -> Value? { (clamped(z).log() - lower.log()) / logRatio }

  /// (upper - lower) / log(upper / lower).
  package var mean: Value? { (upper - lower) / logRatio }
  /// (upper^2 - lower^2) / (2 log(upper / lower)) - mean^2.
  package var variance: Value? {
    (upper.squared() - lower.squared()) / (logRatio * 2) - ((upper - lower) / logRatio).squared()
  }
  /// 1/2 log(lower upper) + log log(upper / lower).
  package var entropy: Value? { (lower.log() + upper.log()) * 0.5 + logRatio.log() }

  package func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .logarithm: return (lower.log() + upper.log()) * 0.5
    case .varianceOfLogarithm: return logRatio.squared() / 12
    case .power(let t):
      return ((t * upper.log()).exp() - (t * lower.log()).exp()) / (t * logRatio)
    default: return nil
    }
  }

  /// E_q[log z] + log log(upper / lower) of a q that lies within an interval; infinite where it reaches
  /// out of this one.
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let interval = q as? any IntervalDistribution,
      let logarithm = q.expectation(of: .logarithm)
    else { return nil }
    return (logarithm + logRatio.log() - logIndicator(containing: interval)).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Reciprocal {
    Reciprocal(lower: transform(lower), upper: transform(upper))
  }
}
