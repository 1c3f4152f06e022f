import Graphs

/// U(lower, upper).
public struct Uniform: LocationScaleDistribution, IntervalDistribution {
  public let lower: Value
  public let upper: Value

  public init(lower: Value, upper: Value) {
    self.lower = lower
    self.upper = upper
  }

  public var location: Value { lower }
  public var scale: Value { upper - lower }

  public var support: Support { .bounded }
  public var noise: [BaseNoise] { [.uniform] }

  public func standardSample(noise: [Value]) -> Value { noise[0] }

  public func standardLogDensity(_ t: Value) -> Value {
    t.logIndicator(above: t.graph.constant(0)) + t.logIndicator(upTo: t.graph.constant(1))
  }

  public func cdf(_ z: Value) -> Value? { standardized(z).clamped(0, 1) }
  public func quantile(_ u: Value) -> Value? { sample(noise: [u]) }

  public var mean: Value? { (lower + upper) * 0.5 }
  public var variance: Value? { scale.squared() / 12 }
  /// log(upper - lower).
  public var entropy: Value? { scale.log() }

  /// E|z - c| = ((b - c) |b - c| - (a - c) |a - c|) / (2 (b - a)).
  public func expectation(of statistic: Statistic) -> Value? {
    guard case .absoluteDeviation(let centre) = statistic else { return nil }
    let (above, below) = (upper - centre, lower - centre)
    let squares = above * above.map(.absolute) - below * below.map(.absolute)
    return squares / (scale * 2)
  }

  /// log(upper - lower) of a q that lies within an interval; infinite where it reaches out of this
  /// one.
  public func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let interval = q as? any IntervalDistribution else { return nil }
    return (scale.log() - logIndicator(containing: interval)).sumOfRows()
  }

  public func mapParameters(_ transform: (Value) -> Value) -> Uniform {
    Uniform(lower: transform(lower), upper: transform(upper))
  }
}
