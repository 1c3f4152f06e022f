import Graphs
import Tensors

/// Cauchy(location, scale): density 1 / (pi scale (1 + t^2)), t = (z - location) / scale. It has no
/// moments.
package struct Cauchy: InverseCDFDistribution {
  /// The median, `[N, ...]`.
  package let location: Value
  /// Half the distance between the quartiles, positive, `[N, ...]`.
  package let scale: Value

  package init(location: Value, scale: Value) {
    self.location = location
    self.scale = scale
  }

  package var shape: Shape { location.shape }
  package var support: Support { .realLine }

  /// location + scale tan(pi (u - 1/2)), the tangent computed from the nearer end of (0, 1), where
  /// u has all its digits.
  package func inverseCDF(_ u: Value) -> Value {
    let angle = u.combined(.minimum, 1 - u) * .pi
    return location + scale * (u - 0.5).sign() * angle.map(.cosine) / angle.map(.sine)
  }

  package func logDensity(_ z: Value) -> Value {
    let t = (z - location) / scale
    return -t.squared().logOnePlus() - scale.log() - logPi
  }

  package func cdf(_ z: Value) -> Value? {
    ((z - location) / scale).arctangent() / .pi + 0.5
  }

  /// log(4 pi scale).
  package var entropy: Value? { scale.log() + (logPi + 2 * logTwo) }

  /// log(pi ((s + s_q)^2 + (m - m_q)^2) / s) for a q of the family (Chyzak and Nielsen 2019).
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let q = q as? Cauchy else { return nil }
    let squares = (scale + q.scale).squared() + (location - q.location).squared()
    return (squares.log() - scale.log() + logPi).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Cauchy {
    Cauchy(location: transform(location), scale: transform(scale))
  }
}
