import Graphs
import Tensors

/// A choice of one of K components a row.
enum ComponentChoice {
  /// One 1 a row at the component chosen and 0 elsewhere, `[N, K]`: component k where the uniform
  /// number lies between the sums of the weights before it and with it.
  ///
  /// - Parameters:
  ///   - weights: `[1, K]`, of sum 1.
  ///   - uniform: numbers in (0, 1), `[N, 1]`.
  static func oneHot(weights: Value, uniform: Value) -> Value {
    let (rows, count) = (uniform.shape[0], weights.shape[1])
    let one = weights.graph.constant(1, [rows, 1])
    if count == 1 { return one }
    // Sums of the first 1 ... K - 1 weights; what is above the last belongs to component K.
    let sums = weights.times(
      .mask(weights.graph, rows: (1..<count).map { 0..<$0 }, columns: count),
      transposingOther: true)
    let target: Shape = [rows, count - 1]
    let above = uniform.broadcast(to: target).combined(.greater, sums.broadcast(to: target))
    let zero = weights.graph.constant(0, [rows, 1])
    return .concatenate([one, above], axis: 1) - .concatenate([above, zero], axis: 1)
  }
}
