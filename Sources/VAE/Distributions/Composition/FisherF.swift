import Graphs
import Tensors

/// Fisher's F: the ratio of two independent chi-squared variates, each divided by its degrees of
/// freedom.
package struct FisherF: ComposedDistribution {
  /// d1 > 0, the numerator's degrees of freedom, `[N, ...]`.
  package let numerator: Value
  /// d2 > 0, the denominator's, `[N, ...]`.
  package let denominator: Value

  package init(numerator: Value, denominator: Value) {
    self.numerator = numerator
    self.denominator = denominator
  }

  private var a: Value { numerator * 0.5 }
  private var b: Value { denominator * 0.5 }
  private var logRatio: Value { numerator.log() - denominator.log() }

  package var shape: Shape { numerator.shape }
  package var support: Support { .positive }
  package var noise: [BaseNoise] { [.uniform, .uniform] }

  package func sample(noise: [Value]) -> Value {
    let above = noise[0].logGammaQuantile(shape: a)
    let below = noise[1].logGammaQuantile(shape: b)
    return (above - below - logRatio).expWithinRange()
  }

  package func logDensity(_ z: Value) -> Value {
    z.onPositive {
      let t = $0.log() + logRatio
      return a * t - (a + b) * t.softplus() - a.logBeta(b) - $0.log()
    }
  }

  package func cdf(_ z: Value) -> Value? {
    let t = z.atLeast(.leastNormalMagnitude).log() + logRatio
    return t.sigmoid().betaCDF(a, b)
  }

  /// d2 / (d2 - 2), infinite for d2 <= 2.
  package var mean: Value? { denominator * (denominator - 2).reciprocalOrInfinity() }
  /// 2 d2^2 (d1 + d2 - 2) / (d1 (d2 - 2)^2 (d2 - 4)), infinite for d2 <= 4.
  package var variance: Value? {
    denominator.squared() * (numerator + denominator - 2) * 2
      / (numerator * (denominator - 2).squared()) * (denominator - 4).reciprocalOrInfinity()
  }

  /// log B(a, b) + log(d2 / d1) + (1 - a) psi(a) - (1 + b) psi(b) + (a + b) psi(a + b), a = d1 / 2,
  /// b = d2 / 2; by the entropies of the gamma variates, in which large terms cancel beforehand.
  package var entropy: Value? {
    let entropies = a.gammaEntropy() + b.gammaEntropy() - (a + b).gammaEntropy()
    return entropies - b.digamma() * 2 + (a + b).digamma() - logRatio
  }

  package func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .logarithm: return a.digamma() - b.digamma() - logRatio
    case .varianceOfLogarithm: return a.trigamma() + b.trigamma()
    case .power(let t): return (a.logGammaRatio(t) + b.logGammaRatio(-t) - t * logRatio).exp()
    default: return nil
    }
  }

  package func mapParameters(_ transform: (Value) -> Value) -> FisherF {
    FisherF(numerator: transform(numerator), denominator: transform(denominator))
  }
}
