import Graphs

/// Erlang(stages, rate): the sum of independent exponential variates, Gamma(stages, rate).
package struct Erlang: ComposedDistribution, SpecialCaseDistribution {
  /// How many are added up, at least 1.
  package let stages: Int
  /// Positive, `[N, ...]`.
  package let rate: Value

  package init(stages: Int, rate: Value) {
    precondition(stages > 0, "an Erlang distribution has stages")
    self.stages = stages
    self.rate = rate
  }

  package var general: Gamma {
    Gamma(concentration: rate.graph.constant(Float(stages), rate.shape), rate: rate)
  }

  package var noise: [BaseNoise] { [BaseNoise](repeating: .uniform, count: stages) }

  package func sample(noise: [Value]) -> Value {
    let logarithms = noise.map { $0.log() }
    return -logarithms.dropFirst().reduce(logarithms[0], +) / rate
  }

  package func quantile(_ u: Value) -> Value? { general.quantile(u) }

  package func mapParameters(_ transform: (Value) -> Value) -> Erlang {
    Erlang(stages: stages, rate: transform(rate))
  }
}
