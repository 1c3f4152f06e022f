import Graphs

/// Rayleigh(scale): the length of a vector of two independent draws of N(0, scale^2), Weibull(2,
/// sqrt(2) scale). A draw is scale sqrt(-2 log(1 - u)).
public struct Rayleigh: InverseCDFDistribution, SpecialCaseDistribution {
  /// Positive, `[N, ...]`.
  public let scale: Value

  public init(scale: Value) { self.scale = scale }

  public var general: Weibull {
    Weibull(
      concentration: scale.graph.constant(2, scale.shape), scale: scale * Float(2).squareRoot())
  }

  public func inverseCDF(_ u: Value) -> Value { scale * ((1 - u).log() * -2).squareRoot() }

  public func mapParameters(_ transform: (Value) -> Value) -> Rayleigh {
    Rayleigh(scale: transform(scale))
  }
}
