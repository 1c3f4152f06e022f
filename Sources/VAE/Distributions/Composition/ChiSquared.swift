import Graphs

/// Chi-squared with `degreesOfFreedom`: Gamma(nu / 2, 1 / 2), for whole nu the sum of the squares of
/// nu standard normal variates.
package struct ChiSquared: ComposedDistribution, SpecialCaseDistribution {
  /// nu > 0, `[N, ...]`.
  package let degreesOfFreedom: Value

  package init(degreesOfFreedom: Value) { self.degreesOfFreedom = degreesOfFreedom }

  package var general: Gamma {
    let graph = degreesOfFreedom.graph
    return Gamma(
      concentration: degreesOfFreedom * 0.5, rate: graph.constant(0.5, degreesOfFreedom.shape))
  }

  package var noise: [BaseNoise] { general.noise }
  package func sample(noise: [Value]) -> Value { general.sample(noise: noise) }
  package func quantile(_ u: Value) -> Value? { general.quantile(u) }

  package func mapParameters(_ transform: (Value) -> Value) -> ChiSquared {
    ChiSquared(degreesOfFreedom: transform(degreesOfFreedom))
  }
}
