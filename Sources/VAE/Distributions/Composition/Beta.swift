import Graphs
import Tensors

/// Beta(a, b): x / (x + y) of independent gamma variates x and y of concentrations a and b. A draw
/// is made as the sigmoid of the difference of their logarithms.
package struct Beta: ComposedDistribution {
  /// a > 0, `[N, ...]`.
  package let a: Value
  /// b > 0, `[N, ...]`.
  package let b: Value

  package init(a: Value, b: Value) {
    self.a = a
    self.b = b
  }

  package var shape: Shape { a.shape }
  package var support: Support { .unitInterval }
  package var noise: [BaseNoise] { [.uniform, .uniform] }

  package func sample(noise: [Value]) -> Value {
    let (x, y) = (noise[0].logGammaQuantile(shape: a), noise[1].logGammaQuantile(shape: b))
    // Within what a number below 1 can tell.
    return (x - y).clamped(-87, 16).sigmoid()
  }

  package func logDensity(_ z: Value) -> Value {
    let upper = (1 - z).onPositive { (b - 1) * $0.log() }
    return z.onPositive { (a - 1) * $0.log() } + upper - a.logBeta(b)
  }

  package func cdf(_ z: Value) -> Value? { z.clamped(0, 1).betaCDF(a, b) }

  package var mean: Value? { a / (a + b) }
  /// a b / ((a + b)^2 (a + b + 1)).
  package var variance: Value? { a * b / ((a + b).squared() * (a + b + 1)) }
  /// log B(a, b) - (a - 1) E[log z] - (b - 1) E[log(1 - z)].
  package var entropy: Value? {
    a.logBeta(b) - (a - 1) * a.special(.digammaDifference, b)
      - (b - 1) * b.special(.digammaDifference, a)
  }

  package func expectation(of statistic: Statistic) -> Value? {
    switch statistic {
    case .logarithm: return a.special(.digammaDifference, b)
    case .logarithmOfComplement: return b.special(.digammaDifference, a)
    case .varianceOfLogarithm: return a.trigamma() - (a + b).trigamma()
    case .power(let t): return ((a + t).logBeta(b) - a.logBeta(b)).exp()
    default: return nil
    }
  }

  /// log B(a, b) - (a - 1) E_q[log z] - (b - 1) E_q[log(1 - z)].
  package func crossEntropy(of q: any ReparameterizedDistribution) -> Value? {
    guard let logarithm = q.expectation(of: .logarithm),
      let complement = q.expectation(of: .logarithmOfComplement)
    else { return nil }
    return (a.logBeta(b) - (a - 1) * logarithm - (b - 1) * complement).sumOfRows()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Beta {
    Beta(a: transform(a), b: transform(b))
  }
}
