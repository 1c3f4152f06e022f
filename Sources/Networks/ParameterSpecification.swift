import Graphs
import Platform
import Tensors

/// The name, shape and first values of one trainable tensor.
package struct ParameterSpecification: Hashable, Sendable {
  /// A path, as in the model file: `encoder.0.weight`.
  package let name: String
  package let shape: Shape
  package let initializer: Initializer

  package init(_ name: String, _ shape: Shape, _ initializer: Initializer) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
  }
}

/// How a tensor starts.
package enum Initializer: Hashable, Sendable {
  case constant(Float)
  /// Uniform with variance 2 / (fan in + fan out) (Glorot and Bengio 2010), for tanh and linear
  /// layers.
  case glorot
  /// As glorot for the first outputs, as if there were no others; zeros for those.
  case glorotThenZeros(outputs: Int)
  /// Normal with variance `gain` / fan in (He et al. 2015 with gain 2), for rectifiers and their
  /// smooth kin.
  case he(gain: Float)
  case normal(mean: Float, deviation: Float)

  /// The first values of a tensor: dense `[out, in]` or convolution `[out, in, kh, kw]`.
  package func tensor(_ shape: Shape, using random: inout RandomSource) -> Tensor {
    let receptiveField = shape.dimensions.dropFirst(2).reduce(1, *)
    let fanIn = Float(shape.rank > 1 ? shape[1] * receptiveField : shape.count)
    let fanOut = Float((shape.dimensions.first ?? 1) * receptiveField)
    switch self {
    case .constant(let number): return Tensor(shape, repeating: number)
    case .glorot:
      let limit = (6 / (fanIn + fanOut)).squareRoot()
      return Tensor(shape, random.uniform(shape).elements.map { (2 * $0 - 1) * limit })
    case .glorotThenZeros(let outputs):
      precondition(shape.rank == 2 && outputs <= shape[0], "outputs of a dense layer")
      let first = Initializer.glorot.tensor([outputs, shape[1]], using: &random)
      let zeros = (shape[0] - outputs) * shape[1]
      return Tensor(shape, first.elements + [Float](repeating: 0, count: zeros))
    case .he(let gain):
      let deviation = (gain / fanIn).squareRoot()
      return Tensor(shape, random.normal(shape).elements.map { $0 * deviation })
    case .normal(let mean, let deviation):
      return Tensor(shape, random.normal(shape).elements.map { mean + $0 * deviation })
    }
  }
}

extension ParameterStore {
  /// A store for `specifications`, filled with zeros.
  package convenience init(_ specifications: [ParameterSpecification]) {
    self.init(specifications.map { ($0.name, $0.shape) })
  }

  /// Draws first values; each tensor's depend on `seed` and its place in the list alone.
  package func initialize(_ specifications: [ParameterSpecification], seed: UInt64) {
    for (index, specification) in specifications.enumerated() {
      var random = RandomSource(seed: seed, stream: RandomStreams.parameters + UInt64(index))
      self[specification.name] = specification.initializer.tensor(
        specification.shape, using: &random)
    }
  }
}
