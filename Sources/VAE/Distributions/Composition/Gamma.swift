import Graphs
import Tensors

/// Gamma(concentration, rate): density proportional to z^(a - 1) exp(-b z).
///
/// A draw is the inverse of the distribution function at a uniform number, computed numerically; its
/// derivative with respect to the concentration is -(dF/da) / p(z), which needs no inverse (Figurnov,
/// Mohamed and Mnih 2018).
package struct Gamma: ComposedDistribution {
  /// a > 0, `[N, ...]`.
  package let concentration: Value
  /// b > 0, `[N, ...]`.
  package let rate: Value

  package init(concentration: Value, rate: Value) {
    self.concentration = concentration
    self.rate = rate
  }

  package var shape: Shape { rate.shape }
  package var support: Support { .positive }
  package var noise: [BaseNoise] { [.uniform] }

  package func sample(noise: [Value]) -> Value {
    (noise[0].logGammaQuantile(shape: concentration) - rate.log()).expWithinRange()
  }

  package func logDensity(_ z: Value) -> Value {
    z.onPositive { ($0 * rate).gammaLogKernel(shape: concentration) - $0.log() }
  }

  package func cdf(_ z: Value) -> Value? { (z.atLeast(0) * rate).gammaCDF(shape: concentration) }
  package func quantile(_ u: Value) -> Value? { sample(noise: [u]) }

  package var mean: Value? { concentration / rate }
  package var variance: Value? { concentration / rate.squared() }

  /// a - log b + log Gamma(a) + (1 - a) psi(a).
  package var entropy: Value? { concentration.gammaEntropy() - rate.log() }

  package func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .logarithm: return concentration.digamma() - rate.log()
    case .varianceOfLogarithm: return concentration.trigamma().broadcast(to: shape)
    case .power(let t): return (concentration.logGammaRatio(t) - t * rate.log()).exp()
    case .exponential(let t, let center):
      return (-(t * center) - concentration * (1 - t / rate).atLeast(0).log()).exp()
    default: return nil
    }
  }

  /// log Gamma(a) - a log b - (a - 1) E_q[log z] + b E_q[z].
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let mean = q.mean, let logarithm = q.expectation(of: .logarithm) else { return nil }
    let constant = concentration.logGamma() - concentration * rate.log()
    return (constant - (concentration - 1) * logarithm + rate * mean).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Gamma {
    Gamma(concentration: transform(concentration), rate: transform(rate))
  }
}

/// Concentration and log rate of every latent.
struct GammaPosterior: PlainFamily, FactorizedPosterior {
  static let name = "gamma"
  static let isPositive = true
  var standardPrior: Configuration.Prior { .standardExponential }

  func distribution(_ numbers: [Value]) -> any ReparameterizedDistribution {
    Gamma(concentration: numbers[0].concentration, rate: numbers[1].exp())
  }
}

extension Configuration.Posterior {
  public static var gamma: Self { Self(GammaPosterior()) }
}
