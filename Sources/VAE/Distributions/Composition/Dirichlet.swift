import Graphs
import Tensors

/// Dirichlet(concentration) over vectors along the last axis: independent gamma variates of these
/// concentrations divided by their sum.
package struct Dirichlet: ComposedDistribution {
  /// Positive, `[N, ..., K]`.
  package let concentration: Value

  package init(concentration: Value) { self.concentration = concentration }

  package var shape: Shape { concentration.shape }
  package var support: Support { .simplex }
  package var noise: [BaseNoise] { [.uniform] }

  private var lastAxis: [Int] { [shape.rank - 1] }
  /// The sum of the concentrations, `[N, ..., 1]`.
  private var total: Value { concentration.sum(lastAxis, keepingAxes: true) }

  package func sample(noise: [Value]) -> Value {
    let logarithms = noise[0].logGammaQuantile(shape: concentration)
    let scaled = logarithms - logarithms.maximum(lastAxis, keepingAxes: true)
    let logSum = scaled.exp().sum(lastAxis, keepingAxes: true).log()
    return (scaled - logSum).expWithinRange()
  }

  /// log q(z) of each vector, `[N, ...]`, by its first K - 1 elements. That the elements add up to
  /// one is taken for granted.
  package func logDensity(_ z: Value) -> Value {
    z.onPositive { (concentration - 1) * $0.log() }.sum(lastAxis) - logNormalizer
  }

  /// sum(log Gamma(a)) - log Gamma(sum(a)).
  private var logNormalizer: Value {
    concentration.logGamma().sum(lastAxis) - concentration.sum(lastAxis).logGamma()
  }

  package var mean: Value? { concentration / total }
  /// m (1 - m) / (sum(a) + 1), m being the mean.
  package var variance: Value? {
    let mean = concentration / total
    return mean * (1 - mean) / (total + 1)
  }

  /// log B(a) - sum((a - 1) E[log z]), by the entropies of the gamma variates, in which large terms
  /// cancel beforehand.
  package var entropy: Value? {
    let sum = concentration.sum(lastAxis)
    let count = Float(shape[shape.rank - 1])
    return concentration.gammaEntropy().sum(lastAxis) - sum.gammaEntropy()
      - sum.digamma() * (count - 1)
  }

  private var expectedLogarithm: Value { concentration.digamma() - total.digamma() }

  package func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .logarithm: return expectedLogarithm
    case .varianceOfLogarithm: return concentration.trigamma() - total.trigamma()
    default: return nil
    }
  }

  /// log B(a) - sum((a - 1) E_q[log z]) of a q on the simplex.
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard q.support == .simplex, let logarithm = q.expectation(of: .logarithm) else { return nil }
    return (logNormalizer - ((concentration - 1) * logarithm).sum(lastAxis)).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Dirichlet {
    Dirichlet(concentration: transform(concentration))
  }
}
