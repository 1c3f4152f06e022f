import Graphs
import Tensors

/// A continuous distribution whose draws are a differentiable function of its parameters and of
/// noise that does not depend on them, z = g(noise; parameters), as nodes of a graph: gradients of
/// expectations follow from the graph's (AEVB, section 2.4).
///
/// The paper's three ways to such a function are `InverseCDFDistribution`,
/// `LocationScaleDistribution` and `ComposedDistribution`. Parameters have the shape of a draw,
/// `[N, ...]`, unless a family says otherwise; elements are independent but for the multivariate
/// families, whose events are vectors along the last axis.
package protocol ReparameterizedDistribution {
  /// The shape of a draw, `[N, ...]`.
  var shape: Shape { get }
  /// Where the density is positive.
  var support: Support { get }

  /// The tensors of noise that a draw takes, each of the shape of a draw.
  var noise: [BaseNoise] { get }
  /// A draw, `[N, ...]`.
  ///
  /// - Parameter noise: as many as `noise` names, of the distribution's shape.
  func sample(noise: [Value]) -> Value

  /// log q(z) of each element, `[N, ...]`; of a multivariate family of each vector, without the last
  /// axis. -infinity outside the support.
  func logDensity(_ z: Value) -> Value
  /// P(Z <= z) of each element; nil for a multivariate family.
  func cdf(_ z: Value) -> Value?
  /// The inverse of `cdf` where there is one in closed form or as a special function.
  ///
  /// - Parameter u: in (0, 1).
  func quantile(_ u: Value) -> Value?

  /// E[z], the shape of a draw; nil where there is none, or none in closed form.
  var mean: Value? { get }
  /// Var[z] of each element, the shape of a draw; nil where there is none, or none in closed form.
  var variance: Value? { get }
  /// -E[log q(z)], the shape of `logDensity`, in nats; nil where it is not closed.
  var entropy: Value? { get }
  /// What else is known of the elements, the shape of a draw; nil where it is not closed.
  func expectation(of statistic: Statistic) -> Value?

  /// -E_q[log p(z)], p being this distribution, summed over all axes but the first, `[N]`, in nats;
  /// nil where it is not closed. It is infinite where q reaches beyond p's support.
  func crossEntropy(of q: any ReparameterizedDistribution) -> Value?

  /// The family's member with other parameters.
  func mapParameters(_ transform: (Value) -> Value) -> Self
}

extension ReparameterizedDistribution {
  package func cdf(_ z: Value) -> Value? { nil }
  package func quantile(_ u: Value) -> Value? { nil }
  package var mean: Value? { nil }
  package var variance: Value? { nil }
  package var entropy: Value? { nil }
  package func expectation(of statistic: Statistic) -> Value? { nil }
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? { nil }

  /// log q(z) of each row, `[N]`.
  package func rowLogDensity(_ z: Value) -> Value { logDensity(z).sumOfRows() }

  /// KL(q || p) of each row, `[N]`, in nats, in closed form: the cross-entropy less the entropy; nil
  /// where there is none, and log q(z) - log p(z) of draws has to do.
  package func divergence(from p: any ReparameterizedDistribution) -> Value? {
    // A density on the simplex is one with respect to another measure.
    guard (support == .simplex) == (p.support == .simplex),
      let cross = p.crossEntropy(of: self), let entropy
    else { return nil }
    return cross - entropy.sumOfRows()
  }

  /// Each row `count` times in turn: `[N, ...] -> [N count, ...]`.
  package func repeated(_ count: Int) -> Self { mapParameters { $0.repeatingRows(count) } }

  /// The same distribution, through whose parameters no gradient flows.
  package func stoppingGradient() -> Self { mapParameters { $0.stoppingGradient() } }
}

/// Where a density is positive.
package enum Support: Hashable, Sendable {
  case realLine
  /// (0, infinity)
  case positive
  /// (0, 1)
  case unitInterval
  /// Above a parameter.
  case lowerBounded
  /// Between two parameters.
  case bounded
  /// Vectors along the last axis of positive numbers whose sum is one.
  case simplex
}

/// Noise that depends on no parameter: p(epsilon) of AEVB, section 2.4.
package enum BaseNoise: Hashable, Sendable {
  /// N(0, 1)
  case standardNormal
  /// U(0, 1), without the ends
  case uniform

  /// Independent numbers.
  package func draw(_ shape: Shape, from random: inout RandomSource) -> Tensor {
    switch self {
    case .standardNormal: random.normal(shape)
    case .uniform: random.uniform(shape)
    }
  }
}

/// A function whose expectation under a distribution may be known.
package enum Statistic {
  /// E[log z]
  case logarithm
  /// Var[log z]
  case varianceOfLogarithm
  /// E[log(1 - z)]
  case logarithmOfComplement
  /// E[z^t]
  case power(Value)
  /// E[exp(t (z - c))]
  case exponential(Value, from: Value)
  /// E|z - c|
  case absoluteDeviation(from: Value)
}
