import Graphs
import Tensors

/// Gompertz(concentration, rate): distribution function 1 - exp(-a (exp(b z) - 1)). A draw is
/// log(1 - log(1 - u) / a) / b. Its moments take the exponential integral and are not given.
package struct Gompertz: InverseCDFDistribution {
  /// a > 0, `[N, ...]`.
  package let concentration: Value
  /// b > 0, `[N, ...]`.
  package let rate: Value

  package init(concentration: Value, rate: Value) {
    self.concentration = concentration
    self.rate = rate
  }

  package var shape: Shape { rate.shape }
  package var support: Support { .positive }

  package func inverseCDF(_ u: Value) -> Value {
    (-(1 - u).log() / concentration).logOnePlus() / rate
  }

  package func logDensity(_ z: Value) -> Value {
    z.onPositive {
      concentration.log() + rate.log() + rate * $0 - concentration * (rate * $0).expMinusOne()
    }
  }

  package func cdf(_ z: Value) -> Value? {
    -(-concentration * (rate * z.atLeast(0)).expMinusOne()).expMinusOne()
  }

  package func mapParameters(_ transform: (Value) -> Value) -> Gompertz {
    Gompertz(concentration: transform(concentration), rate: transform(rate))
  }
}
