import Graphs
import Tensors

/// Weibull(concentration, scale): distribution function 1 - exp(-(z / scale)^k). A draw is
/// scale (-log(1 - u))^(1/k).
package struct Weibull: InverseCDFDistribution {
  /// k > 0, `[N, ...]`.
  package let concentration: Value
  /// Positive, `[N, ...]`.
  package let scale: Value

  package init(concentration: Value, scale: Value) {
    self.concentration = concentration
    self.scale = scale
  }

  package var shape: Shape { scale.shape }
  package var support: Support { .positive }

  package func inverseCDF(_ u: Value) -> Value {
    (scale.log() + (-(1 - u).log()).log() / concentration).expWithinRange()
  }

  package func logDensity(_ z: Value) -> Value {
    z.onPositive {
      let t = $0.log() - scale.log()
      return concentration.log() - scale.log() + (concentration - 1) * t
        - (concentration * t).exp()
    }
  }

  package func cdf(_ z: Value) -> Value? {
    let t = z.atLeast(.leastNormalMagnitude).log() - scale.log()
    return -(-(concentration * t).exp()).expMinusOne()
  }

  /// scale Gamma(1 + 1/k).
  package var mean: Value? { scale * gammaOfOnePlus(concentration.reciprocal()) }
  /// scale^2 (Gamma(1 + 2/k) - Gamma(1 + 1/k)^2).
  package var variance: Value? {
    let first = gammaOfOnePlus(concentration.reciprocal())
    return scale.squared() * (gammaOfOnePlus(concentration.reciprocal() * 2) - first.squared())
  }
  /// gamma (1 - 1/k) + log(scale / k) + 1, gamma being Euler's constant.
  package var entropy: Value? {
    scale.log() - concentration.log() + (1 - concentration.reciprocal()) * eulerGamma + 1
  }

  package func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .logarithm: return scale.log() - concentration.reciprocal() * eulerGamma
    case .varianceOfLogarithm:
      return (concentration.reciprocal().squared() * (.pi * .pi / 6)).broadcast(to: shape)
    case .power(let t):
      return ((t / concentration + 1).logGamma() + t * scale.log()).exp()
    default: return nil
    }
  }

  /// -log k + log s - (k - 1) (E_q[log z] - log s) + E_q[z^k] / s^k.
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let logarithm = q.expectation(of: .logarithm),
      let power = q.expectation(of: .power(concentration))
    else { return nil }
    let logScale = scale.log()
    let density =
      concentration.log() - logScale + (concentration - 1) * (logarithm - logScale)
      - power * (-(concentration * logScale)).exp()
    return (-density).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Weibull {
    Weibull(concentration: transform(concentration), scale: transform(scale))
  }

  private func gammaOfOnePlus(_ x: Value) -> Value { (x + 1).logGamma().exp() }
}

/// Concentration and log scale of every latent.
struct WeibullPosterior: PlainFamily, FactorizedPosterior {
  static let name = "weibull"
  static let isPositive = true
  var standardPrior: Configuration.Prior { .standardExponential }

  func distribution(_ numbers: [Value]) -> any ReparameterizedDistribution {
    Weibull(concentration: numbers[0].concentration, scale: numbers[1].exp())
  }
}

extension Configuration.Posterior {
  public static var weibull: Self { Self(WeibullPosterior()) }
}
