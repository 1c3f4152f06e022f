import Graphs

/// Chi-squared with `degreesOfFreedom`: Gamma(nu / 2, 1 / 2), for whole nu the sum of the squares of
/// nu standard normal variates.
public struct ChiSquared: ComposedDistribution, SpecialCaseDistribution {
  /// nu > 0, `[N, ...]`.
  public let degreesOfFreedom: Value

  public init(degreesOfFreedom: Value) { self.degreesOfFreedom = degreesOfFreedom }

  public var general: Gamma {
    let graph = degreesOfFreedom.graph
    return Gamma(
      concentration: degreesOfFreedom * 0.5, rate: graph.constant(0.5, degreesOfFreedom.shape))
  }

  public var noise: [BaseNoise] { general.noise }
  public func sample(noise: [Value]) -> Value { general.sample(noise: noise) }
  public func quantile(_ u: Value) -> Value? { general.quantile(u) }

  public func mapParameters(_ transform: (Value) -> Value) -> ChiSquared {
    ChiSquared(degreesOfFreedom: transform(degreesOfFreedom))
  }
}
