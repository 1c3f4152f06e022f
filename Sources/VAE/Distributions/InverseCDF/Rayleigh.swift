import Graphs

/// Rayleigh(scale): the length of a vector of two independent draws of N(0, scale^2), Weibull(2,
/// sqrt(2) scale). A draw is scale sqrt(-2 log(1 - u)).
package struct Rayleigh: InverseCDFDistribution, SpecialCaseDistribution {
  /// Positive, `[N, ...]`.
  package let scale: Value

  package init(scale: Value) { self.scale = scale }

  package var general: Weibull {
    Weibull(
      concentration: scale.graph.constant(2, scale.shape), scale: scale * Float(2).squareRoot())
  }

  package func inverseCDF(_ u: Value) -> Value { scale * ((1 - u).log() * -2).squareRoot() }

  package func mapParameters(_ transform: (Value) -> Value) -> Rayleigh {
    Rayleigh(scale: transform(scale))
  }
}
