import Graphs

/// log 2.
let logTwo: Float = 0.693_147_180_559_945_3

/// log pi.
let logPi: Float = 1.144_729_885_849_400_2

/// Euler's constant.
let eulerGamma: Float = 0.577_215_664_901_532_9

extension Value {
  /// 1 where the element is positive, -1 elsewhere; no gradient flows through it.
  func sign() -> Value { isAbove(graph.constant(0)) * 2 - 1 }

  /// 1 where the element is larger than `lower`, 0 elsewhere; no gradient flows through it.
  func isAbove(_ lower: Value) -> Value { combined(.greater, lower) }

  /// This where `condition` is 1, `other` where it is 0.
  func chosen(where condition: Value, else other: Value) -> Value {
    condition * self + (1 - condition) * other
  }

  /// 0 where the element is larger than `lower`, -infinity elsewhere.
  func logIndicator(above lower: Value) -> Value { isAbove(lower).log() }

  /// 0 where the element is at most `upper`, -infinity elsewhere.
  func logIndicator(upTo upper: Value) -> Value { (1 - isAbove(upper)).log() }

  /// A log density of positive numbers: `body` of the elements where they are, -infinity elsewhere.
  func onPositive(_ body: (Value) -> Value) -> Value {
    let zero = graph.constant(0)
    return body(atLeast(.leastNormalMagnitude)) + logIndicator(above: zero)
  }

  /// The larger of the element and a number.
  func atLeast(_ number: Float) -> Value { combined(.maximum, graph.constant(number)) }

  /// exp(x), kept a normal, finite number: draws of positive families are made from their logarithm.
  func expWithinRange() -> Value { clamped(-87, 88).exp() }

  /// 1 / x where x is positive, infinity elsewhere: moments that exist from a limit on.
  func reciprocalOrInfinity() -> Value { atLeast(0).reciprocal() }

  /// log Gamma(x + t) - log Gamma(x): of a ratio of gamma functions.
  func logGammaRatio(_ t: Value) -> Value { (self + t).logGamma() - logGamma() }
}
