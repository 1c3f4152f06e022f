import CKernels

extension Portable {
  static func dense(_ x: Operand, _ w: Operand, bias: Operand?, _ y: Operand) -> Step {
    product(x, w, y, depth: x.shape[1], transposeA: false, transposeB: true, bias: bias)
  }

  static func matrixProduct(
    _ a: Operand, _ b: Operand, _ c: Operand, _ transposeA: Bool, _ transposeB: Bool
  ) -> Step {
    product(
      a, b, c, depth: a.shape[transposeA ? 0 : 1], transposeA: transposeA, transposeB: transposeB,
      bias: nil)
  }

  private static func product(
    _ a: Operand, _ b: Operand, _ c: Operand, depth: Int, transposeA: Bool, transposeB: Bool,
    bias: Operand?
  ) -> Step {
    let product = latent_product(
      rows: c.shape[0], columns: c.shape[1], depth: depth, a: a.elements, b: b.elements,
      c: c.elements, transpose_a: transposeA, transpose_b: transposeB, accumulate: false,
      bias: bias?.elements)
    return { withUnsafePointer(to: product) { latent_matrix_product($0) } }
  }

  /// The extents of x, w and y, as `Operation.convolution` names them.
  static func extents(
    _ x: Operand, _ w: Operand, _ y: Operand, _ geometry: ConvolutionGeometry
  ) -> latent_convolution {
    latent_convolution(
      images: x.shape[0], channels: x.shape[1], height: x.shape[2], width: x.shape[3],
      outputs: w.shape[0], kernel_height: w.shape[2], kernel_width: w.shape[3],
      rows: y.shape[2], columns: y.shape[3], stride: geometry.stride, dilation: geometry.dilation,
      groups: geometry.groups, top: geometry.padding.top, left: geometry.padding.left)
  }

  static func convolution(
    _ x: Operand, _ w: Operand, bias: Operand?, _ y: Operand, _ geometry: ConvolutionGeometry
  ) -> Step {
    let extents = extents(x, w, y, geometry)
    return {
      withUnsafePointer(to: extents) {
        latent_convolution_forward($0, x.elements, w.elements, bias?.elements, y.elements)
      }
    }
  }

  static func convolutionTransposed(
    _ dy: Operand, _ w: Operand, bias: Operand?, _ dx: Operand, _ geometry: ConvolutionGeometry
  ) -> Step {
    let extents = extents(dx, w, dy, geometry)
    return {
      withUnsafePointer(to: extents) {
        latent_convolution_transposed($0, dy.elements, w.elements, bias?.elements, dx.elements)
      }
    }
  }

  static func convolutionWeightGradient(
    _ x: Operand, _ dy: Operand, _ dw: Operand, _ geometry: ConvolutionGeometry
  ) -> Step {
    let extents = extents(x, dw, dy, geometry)
    return {
      withUnsafePointer(to: extents) {
        latent_convolution_weight_gradient($0, x.elements, dy.elements, dw.elements)
      }
    }
  }
}
