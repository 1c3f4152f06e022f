import Graphs

/// Erlang(stages, rate): the sum of independent exponential variates, Gamma(stages, rate).
public struct Erlang: ComposedDistribution, SpecialCaseDistribution {
  /// How many are added up, at least 1.
  public let stages: Int
  /// Positive, `[N, ...]`.
  public let rate: Value

  public init(stages: Int, rate: Value) {
    precondition(stages > 0, "an Erlang distribution has stages")
    self.stages = stages
    self.rate = rate
  }

  public var general: Gamma {
    Gamma(concentration: rate.graph.constant(Float(stages), rate.shape), rate: rate)
  }

  public var noise: [BaseNoise] { [BaseNoise](repeating: .uniform, count: stages) }

  public func sample(noise: [Value]) -> Value {
    let logarithms = noise.map { $0.log() }
    return -logarithms.dropFirst().reduce(logarithms[0], +) / rate
  }

  public func quantile(_ u: Value) -> Value? { general.quantile(u) }

  public func mapParameters(_ transform: (Value) -> Value) -> Erlang {
    Erlang(stages: stages, rate: transform(rate))
  }
}
