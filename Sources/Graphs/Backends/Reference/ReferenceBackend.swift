import Tensors

/// Every operation as plain loops: the specification that the other backends are held against.
package struct ReferenceBackend: Backend {
  package let name = "reference"

  package init() {}

  package func step(_ operation: Operation, inputs: [Operand], output: Operand) throws -> Step {
    let x = inputs.first ?? output
    switch operation {
    case .input, .parameter, .constant, .tensor:
      preconditionFailure("a source has no step")
    case .dense:
      return Reference.dense(x, inputs[1], bias: inputs.count > 2 ? inputs[2] : nil, output)
    case .matrixProduct(let transposeA, let transposeB):
      return Reference.matrixProduct(x, inputs[1], output, transposeA, transposeB)
    case .convolution(let geometry):
      return Reference.convolution(
        x, inputs[1], bias: inputs.count > 2 ? inputs[2] : nil, output, geometry)
    case .convolutionTransposed(let geometry):
      return Reference.convolutionTransposed(
        x, inputs[1], bias: inputs.count > 2 ? inputs[2] : nil, output, geometry)
    case .convolutionWeightGradient(let geometry):
      return Reference.convolutionWeightGradient(x, inputs[1], output, geometry)
    case .unary(let function): return Reference.map(x, output) { function.value(at: $0) }
    case .unaryGradient(let function):
      return Reference.zip(x, inputs[1], output) { dy, operand in
        dy * function.derivative(operand: operand)
      }
    case .affine(let scale, let offset): return Reference.map(x, output) { $0 * scale + offset }
    case .binary(let function):
      return Reference.zip(x, inputs[1], output) { function.value(at: $0, $1) }
    case .special(let function):
      let loop = SpecialLoop(function, inputs, output)
      return { loop.run(0..<output.shape.count) }
    case .broadcast: return Reference.broadcast(x, output)
    case .reduce(let reduction, _): return Reference.reduce(x, output, reduction)
    case .reshape, .stopGradient: return Reference.map(x, output) { $0 }
    case .permute(let axes): return Reference.permute(x, output, axes)
    case .concatenate(let axis): return Reference.concatenate(inputs, output, axis)
    case .slice(let axis, let start): return Reference.slice(x, output, axis, start)
    case .pad(let axis, let start): return Reference.pad(x, output, axis, start)
    case .pixelShuffle(let factor): return Reference.pixelShuffle(x, output, factor)
    case .pixelUnshuffle(let factor): return Reference.pixelUnshuffle(x, output, factor)
    case .upsampleNearest(let factor): return Reference.upsampleNearest(x, output, factor)
    case .sumPool(let factor): return Reference.sumPool(x, output, factor)
    case .stackedRows(let start), .keptRows(let start):
      return Reference.stackedRows(inputs, output, start)
    }
  }
}

/// A namespace for the loops.
enum Reference {
  static func map(_ x: Operand, _ y: Operand, _ function: @escaping (Float) -> Float) -> Step {
    let count = y.shape.count
    return { for i in 0..<count { y.elements[i] = function(x.elements[i]) } }
  }

  static func zip(
    _ a: Operand, _ b: Operand, _ y: Operand, _ function: @escaping (Float, Float) -> Float
  ) -> Step {
    let count = y.shape.count
    return { for i in 0..<count { y.elements[i] = function(a.elements[i], b.elements[i]) } }
  }
}
