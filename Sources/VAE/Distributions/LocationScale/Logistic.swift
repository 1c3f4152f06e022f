import Graphs

/// Logistic(location, scale): distribution function 1 / (1 + exp(-(z - location) / scale)).
package struct Logistic: LocationScaleDistribution {
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

  /// log u - log(1 - u), the inverse of the distribution function.
  package func standardSample(noise: [Value]) -> Value { noise[0].log() - (1 - noise[0]).log() }

  /// -|t| - 2 log(1 + exp(-|t|)).
  package func standardLogDensity(_ t: Value) -> Value {
    let size = t.map(.absolute)
    return -size - (-size).softplus() * 2
  }

  package func cdf(_ z: Value) -> Value? { standardized(z).sigmoid() }
  package func quantile(_ u: Value) -> Value? { sample(noise: [u]) }

  package var mean: Value? { location }
  /// pi^2 s^2 / 3.
  package var variance: Value? { scale.squared() * (.pi * .pi / 3) }
  /// 2 + log s.
  package var entropy: Value? { scale.log() + 2 }

  package func mapParameters(_ transform: (Value) -> Value) -> Logistic {
    Logistic(location: transform(location), scale: transform(scale))
  }
}

/// Location and log scale of every latent (AEVB, section 2.4).
struct LogisticPosterior: PlainFamily, FactorizedPosterior {
  static let name = "logistic"

  func distribution(_ numbers: [Value]) -> any ReparameterizedDistribution {
    Logistic(location: numbers[0], scale: numbers[1].exp())
  }
}

extension Configuration.Posterior {
  public static var logistic: Self { Self(LogisticPosterior()) }
}
