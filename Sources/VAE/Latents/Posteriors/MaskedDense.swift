import Graphs
import Networks
import Tensors

/// A dense layer of which an output sees some of the inputs only (Germain et al. 2015, MADE).
struct MaskedDense: Layer {
  private let weight: ParameterSpecification
  private let bias: ParameterSpecification
  /// The inputs that each output sees.
  private let seen: [Range<Int>]

  /// - Parameter bias: its first value.
  init(_ name: String, inputs: Int, seen: [Range<Int>], bias: Float = 0) {
    weight = ParameterSpecification("\(name).weight", [seen.count, inputs], .glorot)
    self.bias = ParameterSpecification("\(name).bias", [seen.count], .constant(bias))
    self.seen = seen
  }

  var parameters: [ParameterSpecification] { [weight, bias] }

  func callAsFunction(_ x: Value) -> Value {
    let mask = Value.mask(x.graph, rows: seen, columns: weight.shape[1])
    return x.dense(
      x.graph.parameter(weight.name, weight.shape) * mask,
      x.graph.parameter(bias.name, bias.shape))
  }
}

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
