import Graphs
import Tensors

/// Pareto(lower, concentration): density proportional to z^-(a + 1) above `lower`. A draw is
/// lower (1 - u)^(-1/a).
package struct Pareto: InverseCDFDistribution {
  /// Positive, `[N, ...]`.
  package let lower: Value
  /// a > 0, `[N, ...]`.
  package let concentration: Value

  package init(lower: Value, concentration: Value) {
    self.lower = lower
    self.concentration = concentration
  }

  package var shape: Shape { lower.shape }
  package var support: Support { .lowerBounded }

  package func inverseCDF(_ u: Value) -> Value {
    (lower.log() - (1 - u).log() / concentration).expWithinRange()
  }

  package func logDensity(_ z: Value) -> Value {
    z.onPositive {
      let t = $0.log() - lower.log()
      return concentration.log() - concentration * t - $0.log()
    } + z.logIndicator(above: lower)
  }

  package func cdf(_ z: Value) -> Value? {
    let t = (z.combined(.maximum, lower)).log() - lower.log()
    return -(-(concentration * t)).expMinusOne()
  }

  /// a lower / (a - 1), infinite for a <= 1.
  package var mean: Value? { lower * concentration * (concentration - 1).reciprocalOrInfinity() }
  /// lower^2 a / ((a - 1)^2 (a - 2)), infinite for a <= 2.
  package var variance: Value? {
    lower.squared() * concentration / (concentration - 1).squared()
      * (concentration - 2).reciprocalOrInfinity()
  }
  /// log(lower / a) + 1 + 1 / a.
  package var entropy: Value? {
    lower.log() - concentration.log() + concentration.reciprocal() + 1
  }

  package func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .logarithm: return lower.log() + concentration.reciprocal()
    case .varianceOfLogarithm: return concentration.reciprocal().squared()
    case .power(let t):
      return (t * lower.log()).exp() * concentration * (concentration - t).reciprocalOrInfinity()
    default: return nil
    }
  }

  /// -log a - a log lower + (a + 1) E_q[log z], of a q of the family; infinite where it starts lower.
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let q = q as? Pareto, let logarithm = q.expectation(of: .logarithm) else { return nil }
    let constant = concentration.log() + concentration * lower.log()
    return ((concentration + 1) * logarithm - constant - lower.logIndicator(upTo: q.lower))
      .sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Pareto {
    Pareto(lower: transform(lower), concentration: transform(concentration))
  }
}
