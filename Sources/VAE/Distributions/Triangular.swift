import Graphs

/// The triangular distribution: density rising linearly from `lower` to `mode` and falling to
/// `upper`.
public struct Triangular: LocationScaleDistribution, IntervalDistribution {
  public let lower: Value
  /// Between the two others.
  public let mode: Value
  public let upper: Value

  public init(lower: Value, mode: Value, upper: Value) {
    self.lower = lower
    self.mode = mode
    self.upper = upper
  }

  public var location: Value { lower }
  public var scale: Value { upper - lower }
  /// The mode of the member between 0 and 1.
  private var peak: Value { (mode - lower) / scale }

  public var support: Support { .bounded }
  public var noise: [BaseNoise] { [.uniform] }

  /// sqrt(u m) where u < m, else 1 - sqrt((1 - u) (1 - m)).
  public func standardSample(noise: [Value]) -> Value {
    let u = noise[0]
    let falling = 1 - ((1 - u) * (1 - peak)).squareRoot()
    return falling.chosen(where: u.isAbove(peak), else: (u * peak).squareRoot())
  }

  /// The logarithm of the lower one of two lines.
  public func standardLogDensity(_ t: Value) -> Value {
    let height = (t / peak).combined(.minimum, (1 - t) / (1 - peak))
    return height.atLeast(0).log() + logTwo
  }

  public func cdf(_ z: Value) -> Value? {
    let t = standardized(z).clamped(0, 1)
    let above = 1 - (1 - t).squared() / (1 - peak)
    return above.chosen(where: t.isAbove(peak), else: t.squared() / peak)
  }
  public func quantile(_ u: Value) -> Value? { sample(noise: [u]) }

  public var mean: Value? { (lower + mode + upper) / 3 }
  /// (a^2 + b^2 + c^2 - a b - a c - b c) / 18, as squares of differences.
  public var variance: Value? {
    let squares = scale.squared() + (mode - lower).squared() + (upper - mode).squared()
    return squares / 36
  }
  /// 1/2 + log((upper - lower) / 2).
  public var entropy: Value? { scale.log() + (0.5 - logTwo) }

  public func mapParameters(_ transform: (Value) -> Value) -> Triangular {
    Triangular(lower: transform(lower), mode: transform(mode), upper: transform(upper))
  }
}
