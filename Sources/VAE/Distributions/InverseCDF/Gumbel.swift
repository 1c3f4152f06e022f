import Graphs
import Tensors

/// Gumbel(location, scale), of largest values: distribution function exp(-exp(-t)), t = (z -
/// location) / scale. A draw is location - scale log(-log u).
package struct Gumbel: InverseCDFDistribution {
  /// The mode, `[N, ...]`.
  package let location: Value
  /// Positive, `[N, ...]`.
  package let scale: Value

  package init(location: Value, scale: Value) {
    self.location = location
    self.scale = scale
  }

  package var shape: Shape { location.shape }
  package var support: Support { .realLine }

  package func inverseCDF(_ u: Value) -> Value { location - scale * (-u.log()).log() }

  package func logDensity(_ z: Value) -> Value {
    let t = (z - location) / scale
    return -t - (-t).exp() - scale.log()
  }

  package func cdf(_ z: Value) -> Value? { (-((location - z) / scale).exp()).exp() }

  /// location + gamma scale, gamma being Euler's constant.
  package var mean: Value? { location + scale * eulerGamma }
  /// pi^2 scale^2 / 6.
  package var variance: Value? { scale.squared() * (.pi * .pi / 6) }
  /// log scale + gamma + 1.
  package var entropy: Value? { scale.log() + (1 + eulerGamma) }

  /// E[exp(t (z - c))] = exp(t (m - c)) Gamma(1 - t scale), t scale < 1.
  package func expectation(of statistic: Statistic) -> Value? {
    guard case .exponential(let t, let center) = statistic else { return nil }
    return (t * (location - center) + (1 - t * scale).logGamma()).exp()
  }

  /// log s + (E_q[z] - m) / s + E_q[exp(-(z - m) / s)].
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    let rate = -scale.reciprocal()
    guard let mean = q.mean,
      let exponential = q.expectation(of: .exponential(rate, from: location))
    else { return nil }
    return (scale.log() + (mean - location) / scale + exponential).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Gumbel {
    Gumbel(location: transform(location), scale: transform(scale))
  }
}
