import Graphs

/// U(lower, upper).
package struct Uniform: LocationScaleDistribution, IntervalDistribution {
  package let lower: Value
  package let upper: Value

  package init(lower: Value, upper: Value) {
    self.lower = lower
    self.upper = upper
  }

  package var location: Value { lower }
  package var scale: Value { upper - lower }

  package var support: Support { .bounded }
  package var noise: [BaseNoise] { [.uniform] }

  package func standardSample(noise: [Value]) -> Value { noise[0] }

  package func standardLogDensity(_ t: Value) -> Value {
    t.logIndicator(above: t.graph.constant(0)) + t.logIndicator(upTo: t.graph.constant(1))
  }

  package func cdf(_ z: Value) -> Value? { standardized(z).clamped(0, 1) }
  package func quantile(_ u: Value) -> Value? { sample(noise: [u]) }

  package var mean: Value? { (lower + upper) * 0.5 }
  package var variance: Value? { scale.squared() / 12 }
  /// log(upper - lower).
  package var entropy: Value? { scale.log() }

  /// E|z - c| = ((b - c) |b - c| - (a - c) |a - c|) / (2 (b - a)).
  package func expectation(of statistic: Statistic) -> Value? {
    guard case .absoluteDeviation(let center) = statistic else { return nil }
    let (above, below) = (upper - center, lower - center)
    let squares = above * above.map(.absolute) - below * below.map(.absolute)
    return squares / (scale * 2)
  }

  /// log(upper - lower) of a q that lies within an interval; infinite where it reaches out of this
  /// one.
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let interval = q as? any IntervalDistribution else { return nil }
    return (scale.log() - logIndicator(containing: interval)).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Uniform {
    Uniform(lower: transform(lower), upper: transform(upper))
  }
}
