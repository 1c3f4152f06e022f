import Graphs

/// Logistic(location, scale): distribution function 1 / (1 + exp(-(z - location) / scale)).
public struct Logistic: LocationScaleDistribution {
  /// `[N, ...]`.
  public let location: Value
  /// Positive, `[N, ...]`.
  public let scale: Value

  public init(location: Value, scale: Value) {
    self.location = location
    self.scale = scale
  }

  public var support: Support { .realLine }
  public var noise: [BaseNoise] { [.uniform] }

  /// log u - log(1 - u), the inverse of the distribution function.
  public func standardSample(noise: [Value]) -> Value { noise[0].log() - (1 - noise[0]).log() }

  /// -|t| - 2 log(1 + exp(-|t|)).
  public func standardLogDensity(_ t: Value) -> Value {
    let size = t.map(.absolute)
    return -size - (-size).softplus() * 2
  }

  public func cdf(_ z: Value) -> Value? { standardized(z).sigmoid() }
  public func quantile(_ u: Value) -> Value? { sample(noise: [u]) }

  public var mean: Value? { location }
  /// pi^2 s^2 / 3.
  public var variance: Value? { scale.squared() * (.pi * .pi / 3) }
  /// 2 + log s.
  public var entropy: Value? { scale.log() + 2 }

  public func mapParameters(_ transform: (Value) -> Value) -> Logistic {
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
