import Graphs

/// Exponential(rate): Gamma(1, rate). A draw is -log(1 - u) / rate.
package struct Exponential: InverseCDFDistribution, SpecialCaseDistribution {
  /// Positive, `[N, ...]`.
  package let rate: Value

  package init(rate: Value) { self.rate = rate }

  package var general: Gamma {
    Gamma(concentration: rate.graph.constant(1, rate.shape), rate: rate)
  }

  package func inverseCDF(_ u: Value) -> Value { -(1 - u).log() / rate }

  package func logDensity(_ z: Value) -> Value { z.onPositive { rate.log() - rate * $0 } }

  package func cdf(_ z: Value) -> Value? { -(-rate * z.atLeast(0)).expMinusOne() }

  package func mapParameters(_ transform: (Value) -> Value) -> Exponential {
    Exponential(rate: transform(rate))
  }
}

/// The log rate of every latent.
struct ExponentialPosterior: PlainFamily, FactorizedPosterior {
  static let name = "exponential"
  static let isPositive = true
  var standardPrior: Configuration.Prior { .standardExponential }
  static let numbersPerLatent = 1

  func distribution(_ numbers: [Value]) -> any ReparameterizedDistribution {
    Exponential(rate: numbers[0].exp())
  }
}

extension Configuration.Posterior {
  public static var exponential: Self { Self(ExponentialPosterior()) }
}
