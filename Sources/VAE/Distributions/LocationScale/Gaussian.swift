import Graphs
import Tensors

/// N(location, scale^2).
package struct Gaussian: LocationScaleDistribution {
  /// The mean, `[N, ...]`.
  package let location: Value
  /// The standard deviation, `[N, ...]`.
  package let scale: Value

  package init(location: Value, scale: Value) {
    self.location = location
    self.scale = scale
  }

  /// N(0, 1).
  package static func standard(_ graph: Graph, _ shape: Shape) -> Gaussian {
    Gaussian(location: graph.constant(0, shape), scale: graph.constant(1, shape))
  }

  package var support: Support { .realLine }
  package var noise: [BaseNoise] { [.standardNormal] }

  package func standardSample(noise: [Value]) -> Value { noise[0] }

  package func standardLogDensity(_ t: Value) -> Value { (t.squared() + logTwoPi) * -0.5 }

  package func cdf(_ z: Value) -> Value? { standardized(z).normalCDF() }
  package func quantile(_ u: Value) -> Value? { location + scale * u.normalQuantile() }

  package var mean: Value? { location }
  package var variance: Value? { scale.squared() }

  /// 1/2 log(2 pi e sigma^2).
  package var entropy: Value? { scale.log() + 0.5 * (1 + logTwoPi) }

  /// E[exp(t (z - c))] = exp(t (mu - c) + t^2 sigma^2 / 2); E|z - c| is that of a folded normal.
  package func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .exponential(let t, let center):
      return (t * (location - center) + (t * scale).squared() * 0.5).exp()
    case .absoluteDeviation(let center):
      let t = standardized(center)
      let density = standardLogDensity(t).exp()
      return scale * (density * 2 + t * (t.normalCDF() * 2 - 1))
    default: return nil
    }
  }

  /// 1/2 log(2 pi sigma^2) + (Var_q[z] + (E_q[z] - mu)^2) / (2 sigma^2), for every q that has a
  /// variance.
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let mean = q.mean, let variance = q.variance else { return nil }
    let squares = (variance + (mean - location).squared()) / scale.squared()
    return (scale.log() + (squares + logTwoPi) * 0.5).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Gaussian {
    Gaussian(location: transform(location), scale: transform(scale))
  }
}
