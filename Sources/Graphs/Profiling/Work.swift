import Tensors

/// A kind of work that a profile counts together: its name, and what one run of it takes.
struct Work: Hashable, Sendable {
  enum Group: String, Hashable, Sendable, CaseIterable {
    case convolutions
    case products
    case elementwise = "element by element"
    case moving = "copies and sums"
    case around = "around the plans"
  }

  let group: Group
  /// As "convolution 3x3 [8,64,32,32] -> 64".
  let name: String
  /// Multiplications and additions of the definition, whatever algorithm computes it.
  let operations: Int
  /// Bytes of operands and result, each once.
  let bytes: Int
  /// Copies into other layouts, and the bytes they read and write.
  let reorders: Int
  let reorderedBytes: Int

  /// Something around the plans.
  init(_ name: String) {
    (group, self.name, operations, bytes, reorders, reorderedBytes) = (.around, name, 0, 0, 0, 0)
  }

  init(
    _ operation: Operation, inputs: [Shape], output: Shape, reorders: Int = 0,
    reorderedBytes: Int = 0
  ) {
    (group, name) = Self.described(operation, inputs, output)
    operations = Self.operations(operation, inputs, output)
    bytes = (inputs.reduce(0) { $0 + $1.count } + output.count) * MemoryLayout<Float>.stride
    self.reorders = reorders
    self.reorderedBytes = reorderedBytes
  }

  private static func operations(
    _ operation: Operation, _ inputs: [Shape], _ output: Shape
  ) -> Int {
    switch operation {
    case .dense: return 2 * output.count * inputs[0][1]
    case .matrixProduct(let transposeA, _):
      return 2 * output.count * inputs[0][transposeA ? 0 : 1]
    // Each number of y meets the weights of one output channel once, in all three.
    case .convolution: return 2 * output.count * inputs[1].count / inputs[1][0]
    case .convolutionTransposed: return 2 * inputs[0].count * inputs[1].count / inputs[1][0]
    case .convolutionWeightGradient: return 2 * inputs[1].count * output.count / output[0]
    default: return 0
    }
  }

  private static func described(
    _ operation: Operation, _ inputs: [Shape], _ output: Shape
  ) -> (Group, String) {
    func moved(_ name: String) -> (Group, String) {
      (.moving, "\(name) \(inputs.first.map(text) ?? "[]") -> \(text(output))")
    }
    switch operation {
    case .dense: return (.products, "dense \(text(inputs[0])) -> \(output[1])")
    case .matrixProduct(let transposeA, let transposeB):
      let (a, b) = (text(inputs[0]), text(inputs[1]))
      return (
        .products,
        "product \(a)\(transposeA ? " transposed" : "") x \(b)"
          + "\(transposeB ? " transposed" : "")"
      )
    case .convolution(let geometry):
      return (.convolutions, convolution("convolution", inputs[0], inputs[1], output[1], geometry))
    case .convolutionTransposed(let geometry):
      let name = inputs.count > 2 ? "transposed convolution" : "data gradient"
      return (.convolutions, convolution(name, inputs[0], inputs[1], output[1], geometry))
    case .convolutionWeightGradient(let geometry):
      return (
        .convolutions, convolution("weight gradient", inputs[0], output, output[0], geometry)
      )
    case .unary(let function): return (.elementwise, "\(label(function)) \(text(output))")
    case .unaryGradient(let function):
      return (.elementwise, "\(label(function)) gradient \(text(output))")
    case .binary(let function): return (.elementwise, "\(label(function)) \(text(output))")
    case .affine: return (.elementwise, "affine \(text(output))")
    case .broadcast: return moved("broadcast")
    case .reduce(let reduction, _): return moved(label(reduction))
    case .permute: return moved("permute")
    case .concatenate:
      return (.moving, "concatenate \(inputs.count) -> \(text(output))")
    default: return moved(label(operation))
    }
  }

  private static func convolution(
    _ name: String, _ source: Shape, _ weights: Shape, _ channels: Int,
    _ geometry: ConvolutionGeometry
  ) -> String {
    let parts = [
      "\(name) \(weights[2])x\(weights[3])",
      geometry.stride > 1 ? " s\(geometry.stride)" : "",
      geometry.dilation > 1 ? " d\(geometry.dilation)" : "",
      geometry.groups > 1 ? " g\(geometry.groups)" : "",
      " \(text(source)) -> \(channels)",
    ]
    return parts.joined()
  }

  /// "[8,64,32,32]".
  private static func text(_ shape: Shape) -> String {
    "[" + shape.dimensions.map(String.init).joined(separator: ",") + "]"
  }

  /// A case's name without its values.
  private static func label(_ value: some Any) -> String {
    String("\(value)".prefix { $0 != "(" })
  }
}
