import Graphs
import Tensors

/// N(location, scale^2).
public struct Gaussian: LocationScaleDistribution {
  /// The mean, `[N, ...]`.
  public let location: Value
  /// The standard deviation, `[N, ...]`.
  public let scale: Value

  public init(location: Value, scale: Value) {
    self.location = location
    self.scale = scale
  }

  /// N(0, 1).
  public static func standard(_ graph: Graph, _ shape: Shape) -> Gaussian {
    Gaussian(location: graph.constant(0, shape), scale: graph.constant(1, shape))
  }

  public var support: Support { .realLine }
  public var noise: [BaseNoise] { [.standardNormal] }

  public func standardSample(noise: [Value]) -> Value { noise[0] }

  public func standardLogDensity(_ t: Value) -> Value { (t.squared() + logTwoPi) * -0.5 }

  public func cdf(_ z: Value) -> Value? { standardized(z).normalCDF() }
  public func quantile(_ u: Value) -> Value? { location + scale * u.normalQuantile() }

  public var mean: Value? { location }
  public var variance: Value? { scale.squared() }

  /// 1/2 log(2 pi e sigma^2).
  public var entropy: Value? { scale.log() + 0.5 * (1 + logTwoPi) }

  /// E[exp(t (z - c))] = exp(t (mu - c) + t^2 sigma^2 / 2); E|z - c| is that of a folded normal.
  public func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .exponential(let t, let centre):
      return (t * (location - centre) + (t * scale).squared() * 0.5).exp()
    case .absoluteDeviation(let centre):
      let t = standardized(centre)
      let density = standardLogDensity(t).exp()
      return scale * (density * 2 + t * (t.normalCDF() * 2 - 1))
    default: return nil
    }
  }

  /// 1/2 log(2 pi sigma^2) + (Var_q[z] + (E_q[z] - mu)^2) / (2 sigma^2), for every q that has a
  /// variance.
  public func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let mean = q.mean, let variance = q.variance else { return nil }
    let squares = (variance + (mean - location).squared()) / scale.squared()
    return (scale.log() + (squares + logTwoPi) * 0.5).sumOfRows()
  }

  public func mapParameters(_ transform: (Value) -> Value) -> Gaussian {
    Gaussian(location: transform(location), scale: transform(scale))
  }
}
