import CKernels

/// Every operation through the C kernels of this package.
package struct PortableBackend: Backend {
  package let name = "portable"
  private let minimalFiltering: MinimalFiltering

  package init() { self.init(.everywhere) }

  init(_ minimalFiltering: MinimalFiltering) { self.minimalFiltering = minimalFiltering }

  package func with(_ minimalFiltering: MinimalFiltering) -> any Backend {
    PortableBackend(minimalFiltering)
  }

  package func step(_ operation: Operation, inputs: [Operand], output: Operand) throws -> Step {
    // The kernels hold axes in arrays of fixed length; no layer comes near it.
    guard (inputs + [output]).allSatisfy({ $0.shape.rank <= Int(latent_max_rank) }) else {
      return try ReferenceBackend().step(operation, inputs: inputs, output: output)
    }
    let x = inputs.first ?? output
    let bias = inputs.count > 2 ? inputs[2] : nil
    if let step = Portable.winograd(operation, inputs, output, minimalFiltering) { return step }
    switch operation {
    case .input, .parameter, .constant, .tensor:
      return try ReferenceBackend().step(operation, inputs: inputs, output: output)
    case .dense: return Portable.dense(x, inputs[1], bias: bias, output)
    case .matrixProduct(let transposeA, let transposeB):
      return Portable.matrixProduct(x, inputs[1], output, transposeA, transposeB)
    case .convolution(let geometry):
      return Portable.convolution(x, inputs[1], bias: bias, output, geometry)
    case .convolutionTransposed(let geometry):
      return Portable.convolutionTransposed(x, inputs[1], bias: bias, output, geometry)
    case .convolutionWeightGradient(let geometry):
      return Portable.convolutionWeightGradient(x, inputs[1], output, geometry)
    case .unary(let function): return Portable.unary(function, x, output)
    case .unaryGradient(let function):
      return Portable.unaryGradient(function, x, inputs[1], output)
    case .affine(let scale, let offset): return Portable.affine(x, output, scale, offset)
    case .binary(let function): return Portable.binary(function, x, inputs[1], output)
    case .special(let function): return Portable.special(function, inputs, output)
    case .broadcast: return Portable.broadcast(x, output)
    case .reduce(let reduction, _): return Portable.reduce(x, output, reduction)
    case .reshape, .stopGradient:
      let count = output.shape.count
      return { output.elements.update(from: x.elements, count: count) }
    case .permute(let axes): return Portable.permute(x, output, axes)
    case .concatenate(let axis): return Portable.concatenate(inputs, output, axis)
    case .slice(let axis, let start): return Portable.slice(x, output, axis, start)
    case .pad(let axis, let start): return Portable.pad(x, output, axis, start)
    case .pixelShuffle(let factor): return Portable.pixelShuffle(x, output, factor)
    case .pixelUnshuffle(let factor): return Portable.pixelUnshuffle(x, output, factor)
    case .upsampleNearest(let factor): return Portable.upsampleNearest(x, output, factor)
    case .sumPool(let factor): return Portable.sumPool(x, output, factor)
    case .stackedRows(let start), .keptRows(let start):
      return Portable.stackedRows(inputs, output, start)
    }
  }
}

/// A namespace for the calls.
enum Portable {}
