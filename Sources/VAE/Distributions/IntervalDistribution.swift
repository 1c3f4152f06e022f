import Graphs

/// A distribution between two parameters.
package protocol IntervalDistribution: ReparameterizedDistribution {
  /// `[N, ...]`.
  var lower: Value { get }
  /// Above `lower`, `[N, ...]`.
  var upper: Value { get }
}

extension IntervalDistribution {
  /// 0 between the ends, -infinity elsewhere.
  func logIndicator(_ z: Value) -> Value {
    z.logIndicator(above: lower) + z.logIndicator(upTo: upper)
  }

  /// 0 where another's interval lies within this one, -infinity elsewhere.
  func logIndicator(containing other: any IntervalDistribution) -> Value {
    lower.logIndicator(upTo: other.lower) + other.upper.logIndicator(upTo: upper)
  }

  /// The nearest number between the ends.
  func clamped(_ z: Value) -> Value { z.combined(.maximum, lower).combined(.minimum, upper) }
}
