import CKernels

/// Convolutions of stride 1 with factors rounded to bfloat16 and sums in single precision, on
/// processors whose matrix unit does so (AMX); all the rest through another backend.
package struct Bfloat16Backend: Backend {
  package var name: String { "\(base.name), bfloat16" }
  private let base: any Backend

  /// - Parameter base: does what the matrix unit does not.
  package init(_ base: any Backend) { self.base = base }

  /// Whether this processor has such a unit and the system lets this process use it.
  package static var isAvailable: Bool { latent_bfloat16_is_available() }

  package func with(_ minimalFiltering: MinimalFiltering) -> any Backend {
    Bfloat16Backend(base.with(minimalFiltering))
  }

  package func step(_ operation: Operation, inputs: [Operand], output: Operand) throws -> Step {
    try matrixUnit(operation, inputs, output)
      ?? base.step(operation, inputs: inputs, output: output)
  }

  private func matrixUnit(_ operation: Operation, _ inputs: [Operand], _ output: Operand) -> Step? {
    let bias = inputs.count > 2 ? inputs[2].elements : nil
    switch operation {
    case .convolution(let geometry):
      let (x, w) = (inputs[0], inputs[1])
      return step(Portable.extents(x, w, output, geometry)) {
        latent_bfloat16_forward($0, x.elements, w.elements, bias, output.elements)
      }
    case .convolutionTransposed(let geometry):
      let (dy, w) = (inputs[0], inputs[1])
      return step(Portable.extents(output, w, dy, geometry)) {
        latent_bfloat16_transposed($0, dy.elements, w.elements, bias, output.elements)
      }
    case .convolutionWeightGradient(let geometry):
      let (x, dy) = (inputs[0], inputs[1])
      return step(Portable.extents(x, output, dy, geometry)) {
        latent_bfloat16_weight_gradient($0, x.elements, dy.elements, output.elements)
      }
    default: return nil
    }
  }

  private func step(
    _ shape: latent_convolution, _ body: @escaping (UnsafePointer<latent_convolution>) -> Void
  ) -> Step? {
    guard withUnsafePointer(to: shape, latent_bfloat16_serves) else { return nil }
    return { withUnsafePointer(to: shape, body) }
  }
}
