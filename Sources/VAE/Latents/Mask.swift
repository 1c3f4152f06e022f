import Graphs
import Tensors

extension Value {
  /// A matrix of zeros and ones, `[rows, columns]`.
  ///
  /// - Parameter rows: the columns of each row that hold 1.
  static func mask(_ graph: Graph, rows: [Range<Int>], columns: Int) -> Value {
    var blocks: [Value] = []
    var start = 0
    while start < rows.count {
      let ones = rows[start]
      let end = rows[start...].firstIndex { $0 != ones } ?? rows.count
      let parts: [(number: Float, count: Int)] = [
        (0, ones.lowerBound), (1, ones.count), (0, columns - ones.upperBound),
      ]
      blocks.append(
        .concatenate(
          parts.filter { $0.count > 0 }.map {
            graph.constant($0.number, [end - start, $0.count])
          }, axis: 1))
      start = end
    }
    return .concatenate(blocks, axis: 0)
  }
}
