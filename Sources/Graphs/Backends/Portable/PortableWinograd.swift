import CKernels

extension Portable {
  /// A convolution, or one of its adjoints, by minimal filtering; nil where that does not serve.
  static func winograd(
    _ operation: Operation, _ inputs: [Operand], _ output: Operand, _ use: MinimalFiltering
  ) -> Step? {
    let bias = inputs.count > 2 ? inputs[2].elements : nil
    switch operation {
    case .convolution(let geometry) where use.permits(geometry):
      let (x, w) = (inputs[0], inputs[1])
      return step(extents(x, w, output, geometry)) {
        latent_winograd_forward($0, x.elements, w.elements, bias, output.elements)
      }
    case .convolutionTransposed(let geometry) where use.permits(geometry):
      let (dy, w) = (inputs[0], inputs[1])
      return step(extents(output, w, dy, geometry)) {
        latent_winograd_transposed($0, dy.elements, w.elements, bias, output.elements)
      }
    case .convolutionWeightGradient(let geometry) where use.permits(geometry):
      let (x, dy) = (inputs[0], inputs[1])
      return step(extents(x, output, dy, geometry)) {
        latent_winograd_weight_gradient($0, x.elements, dy.elements, output.elements)
      }
    default: return nil
    }
  }

  private static func step(
    _ shape: latent_convolution, _ body: @escaping (UnsafePointer<latent_convolution>) -> Void
  ) -> Step? {
    guard withUnsafePointer(to: shape, latent_winograd_serves) else { return nil }
    return { withUnsafePointer(to: shape, body) }
  }
}
