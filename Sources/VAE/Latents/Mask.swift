import Graphs
import Tensors

extension Value {
  /// A matrix of zeros and ones, `[rows, columns]`.
  ///
  /// - Parameter rows: the columns of each row that hold 1.
  static func mask(_ graph: Graph, rows: [Range<Int>], columns: Int) -> Value {
    graph.constant(
      Tensor(
        [rows.count, columns],
        rows.flatMap { ones in (0..<columns).map { ones.contains($0) ? 1 : 0 } }))
  }
}
