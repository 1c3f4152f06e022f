import Graphs

/// log 2.
let logTwo: Float = 0.693_147_180_559_945_3

extension Value {
  /// 1 where the element is positive, -1 elsewhere; no gradient flows through it.
  func sign() -> Value { isAbove(graph.constant(0)) * 2 - 1 }

  /// 1 where the element is larger than `lower`, 0 elsewhere; no gradient flows through it.
  func isAbove(_ lower: Value) -> Value { combined(.greater, lower) }

  /// This where `condition` is 1, `other` where it is 0.
  func chosen(where condition: Value, else other: Value) -> Value {
    condition * self + (1 - condition) * other
  }
}
