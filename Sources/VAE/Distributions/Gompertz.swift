import Graphs
import Tensors

/// Gompertz(concentration, rate): distribution function 1 - exp(-a (exp(b z) - 1)). A draw is
/// log(1 - log(1 - u) / a) / b. Its moments take the exponential integral and are not given.
public struct Gompertz: InverseCDFDistribution {
  /// a > 0, `[N, ...]`.
  public let concentration: Value
  /// b > 0, `[N, ...]`.
  public let rate: Value

  public init(concentration: Value, rate: Value) {
    self.concentration = concentration
    self.rate = rate
  }

  public var shape: Shape { rate.shape }
  public var support: Support { .positive }

  public func inverseCDF(_ u: Value) -> Value {
    (-(1 - u).log() / concentration).logOnePlus() / rate
  }

  public func logDensity(_ z: Value) -> Value {
    z.onPositive {
      concentration.log() + rate.log() + rate * $0 - concentration * (rate * $0).expMinusOne()
    }
  }

  public func cdf(_ z: Value) -> Value? {
    -(-concentration * (rate * z.atLeast(0)).expMinusOne()).expMinusOne()
  }

  public func mapParameters(_ transform: (Value) -> Value) -> Gompertz {
    Gompertz(concentration: transform(concentration), rate: transform(rate))
  }
}
