import Graphs

/// The triangular distribution: density rising linearly from `lower` to `mode` and falling to
/// `upper`.
package struct Triangular: LocationScaleDistribution, IntervalDistribution {
  package let lower: Value
  /// Between the two others.
  package let mode: Value
  package let upper: Value

  package init(lower: Value, mode: Value, upper: Value) {
    self.lower = lower
    self.mode = mode
    self.upper = upper
  }

  package var location: Value { lower }
  package var scale: Value { upper - lower }
  /// The mode of the member between 0 and 1.
  private var peak: Value { (mode - lower) / scale }

  package var support: Support { .bounded }
  package var noise: [BaseNoise] { [.uniform] }

  /// sqrt(u m) where u < m, else 1 - sqrt((1 - u) (1 - m)).
  package func standardSample(noise: [Value]) -> Value {
    let u = noise[0]
    let falling = 1 - ((1 - u) * (1 - peak)).squareRoot()
    return falling.chosen(where: u.isAbove(peak), else: (u * peak).squareRoot())
  }

  /// The logarithm of the lower one of two lines.
  package func standardLogDensity(_ t: Value) -> Value {
    let height = (t / peak).combined(.minimum, (1 - t) / (1 - peak))
    return height.atLeast(0).log() + logTwo
  }

  package func cdf(_ z: Value) -> Value? {
    let t = standardized(z).clamped(0, 1)
    let above = 1 - (1 - t).squared() / (1 - peak)
    return above.chosen(where: t.isAbove(peak), else: t.squared() / peak)
  }
  package func quantile(_ u: Value) -> Value? { sample(noise: [u]) }

  package var mean: Value? { (lower + mode + upper) / 3 }
  /// (a^2 + b^2 + c^2 - a b - a c - b c) / 18, as squares of differences.
  package var variance: Value? {
    let squares = scale.squared() + (mode - lower).squared() + (upper - mode).squared()
    return squares / 36
  }
  /// 1/2 + log((upper - lower) / 2).
  package var entropy: Value? { scale.log() + (0.5 - logTwo) }

  package func mapParameters(_ transform: (Value) -> Value) -> Triangular {
    Triangular(lower: transform(lower), mode: transform(mode), upper: transform(upper))
  }
}
