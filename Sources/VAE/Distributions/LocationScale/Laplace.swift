import Graphs

/// Laplace(location, scale): density exp(-|z - location| / scale) / (2 scale).
package struct Laplace: LocationScaleDistribution {
  /// `[N, ...]`.
  package let location: Value
  /// Positive, `[N, ...]`.
  package let scale: Value

  package init(location: Value, scale: Value) {
    self.location = location
    self.scale = scale
  }

  package var support: Support { .realLine }
  package var noise: [BaseNoise] { [.uniform] }

  /// -sign(u - 1/2) log(1 - 2 |u - 1/2|).
  package func standardSample(noise: [Value]) -> Value {
    let centered = noise[0] - 0.5
    return -centered.sign() * (1 - centered.map(.absolute) * 2).log()
  }

  package func standardLogDensity(_ t: Value) -> Value { -t.map(.absolute) - logTwo }

  package func cdf(_ z: Value) -> Value? {
    let t = standardized(z)
    let tail = (-t.map(.absolute)).exp() * 0.5
    return (1 - tail).chosen(where: t.isAbove(t.graph.constant(0)), else: tail)
  }
  package func quantile(_ u: Value) -> Value? { sample(noise: [u]) }

  package var mean: Value? { location }
  package var variance: Value? { scale.squared() * 2 }

  /// 1 + log(2 b).
  package var entropy: Value? { scale.log() + (1 + logTwo) }

  /// E|z - c| = |m - c| + b exp(-|m - c| / b);
  /// E[exp(t (z - c))] = exp(t (m - c)) / (1 - t^2 b^2), infinite from |t| b = 1 on.
  package func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .absoluteDeviation(let center):
      let distance = (location - center).map(.absolute)
      return distance + scale * (-distance / scale).exp()
    case .exponential(let t, let center):
      return (t * (location - center)).exp() * (1 - (t * scale).squared()).reciprocalOrInfinity()
    default: return nil
    }
  }

  /// log(2 b) + E_q|z - m| / b.
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let deviation = q.expectation(of: .absoluteDeviation(from: location)) else { return nil }
    return (deviation / scale + scale.log() + logTwo).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Laplace {
    Laplace(location: transform(location), scale: transform(scale))
  }
}

/// Location and log scale of every latent (AEVB, section 2.4).
struct LaplacePosterior: PlainFamily, FactorizedPosterior {
  static let name = "laplace"

  func distribution(_ numbers: [Value]) -> any ReparameterizedDistribution {
    Laplace(location: numbers[0], scale: numbers[1].exp())
  }
}

extension Configuration.Posterior {
  public static var laplace: Self { Self(LaplacePosterior()) }
}
