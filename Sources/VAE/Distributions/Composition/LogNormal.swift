import Graphs
import Tensors

/// exp(x) of x from N(location, scale^2).
package struct LogNormal: ComposedDistribution {
  /// E[log z], `[N, ...]`.
  package let location: Value
  /// The standard deviation of log z, `[N, ...]`.
  package let scale: Value

  package init(location: Value, scale: Value) {
    self.location = location
    self.scale = scale
  }

  private var logarithm: Gaussian { Gaussian(location: location, scale: scale) }

  package var shape: Shape { location.shape }
  package var support: Support { .positive }
  package var noise: [BaseNoise] { [.standardNormal] }

  package func sample(noise: [Value]) -> Value { logarithm.sample(noise: noise).expWithinRange() }

  package func logDensity(_ z: Value) -> Value {
    z.onPositive { logarithm.logDensity($0.log()) - $0.log() }
  }

  package func cdf(_ z: Value) -> Value? {
    logarithm.cdf(z.atLeast(.leastNormalMagnitude).log())
  }
  package func quantile(_ u: Value) -> Value? {
    (location + scale * u.normalQuantile()).expWithinRange()
  }

  /// exp(mu + sigma^2 / 2).
  package var mean: Value? { (location + scale.squared() * 0.5).exp() }
  /// (exp(sigma^2) - 1) exp(2 mu + sigma^2).
  package var variance: Value? {
    scale.squared().expMinusOne() * (location * 2 + scale.squared()).exp()
  }
  /// mu + 1/2 log(2 pi e sigma^2).
  package var entropy: Value? { location + scale.log() + 0.5 * (1 + logTwoPi) }

  package func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .logarithm: return location
    case .varianceOfLogarithm: return scale.squared()
    case .power(let t): return (t * location + (t * scale).squared() * 0.5).exp()
    default: return nil
    }
  }

  /// E_q[log z] + 1/2 log(2 pi sigma^2) + (Var_q[log z] + (E_q[log z] - mu)^2) / (2 sigma^2).
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let mean = q.expectation(of: .logarithm),
      let variance = q.expectation(of: .varianceOfLogarithm)
    else { return nil }
    let squares = (variance + (mean - location).squared()) / scale.squared()
    return (mean + scale.log() + (squares + logTwoPi) * 0.5).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> LogNormal {
    LogNormal(location: transform(location), scale: transform(scale))
  }
}

/// Location and log scale of every latent's logarithm.
struct LogNormalPosterior: PlainFamily, FactorizedPosterior {
  static let name = "log-normal"
  static let isPositive = true
  var standardPrior: Configuration.Prior { .standardLogNormal }

  func distribution(_ numbers: [Value]) -> any ReparameterizedDistribution {
    LogNormal(location: numbers[0], scale: numbers[1].exp())
  }
}

extension Configuration.Posterior {
  public static var logNormal: Self { Self(LogNormalPosterior()) }
}
