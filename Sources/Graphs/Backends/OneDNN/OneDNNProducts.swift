import CKernels
import COneDNN

extension OneDNNOperation {
  /// Rows of c are shared out, or columns where there are more of them: what all shares read is then
  /// the smaller of a and b, which each of them copies into an order of its own.
  static func product(
    _ a: Operand, _ b: Operand, _ c: Operand, transposeA: Bool, transposeB: Bool, bias: Operand?
  ) throws -> OneDNNOperation? {
    let (rows, columns) = (c.shape[0], c.shape[1])
    let depth = a.shape[transposeA ? 0 : 1]
    let byColumns = columns > rows
    let extent = byColumns ? columns : rows
    let shares =
      rows * columns * depth < smallProduct
      ? [0..<extent] : evenShares(extent, unit: byColumns ? cacheLine : 1)
    return try OneDNNOperation(shares: shares.count) { index, handle, message in
      let share = shares[index]
      let (row, column) = byColumns ? (0, share.lowerBound) : (share.lowerBound, 0)
      let product = latent_onednn_product(
        rows: byColumns ? rows : share.count, columns: byColumns ? share.count : columns,
        depth: depth, transpose_a: transposeA, transpose_b: transposeB, a_pitch: a.shape[1],
        b_pitch: b.shape[1], c_pitch: columns, a: a.elements + row * (transposeA ? 1 : depth),
        b: b.elements + column * (transposeB ? depth : 1),
        bias: bias.map { UnsafePointer($0.elements + column) },
        c: c.elements + row * columns + column)
      return withUnsafePointer(to: product) { latent_onednn_make_product($0, handle, message) }
    }
  }

  /// Numbers in a cache line, which two threads had better not write at the same time.
  private static let cacheLine = 16

  /// Below this many multiplications a second thread costs more than it brings.
  private static let smallProduct = 100_000

  /// A function that binds a convolution, or one of its adjoints, to x, w and y.
  typealias Maker = (
    UnsafePointer<latent_onednn_convolution>?, UnsafeMutablePointer<OpaquePointer?>?,
    UnsafeMutablePointer<CChar>?
  ) -> latent_onednn_status

  /// Images are shared out: all of x, w and y but the elements of `w`, which share i takes from
  /// `weights(i)`.
  static func convolution(
    _ maker: Maker, x: Operand, w: Operand, y: Operand, bias: Operand?,
    _ geometry: ConvolutionGeometry, weights: (Int) -> UnsafeMutablePointer<Float>
  ) throws -> OneDNNOperation? {
    let (images, padding) = (x.shape[0], geometry.padding)
    let (xImage, yImage) = (x.shape.count / images, y.shape.count / images)
    let shares = evenShares(images)
    return try OneDNNOperation(shares: shares.count) { index, handle, message in
      let share = shares[index]
      let convolution = latent_onednn_convolution(
        images: share.count, channels: x.shape[1], height: x.shape[2], width: x.shape[3],
        outputs: w.shape[0], kernel_height: w.shape[2], kernel_width: w.shape[3],
        rows: y.shape[2], columns: y.shape[3], stride: geometry.stride,
        dilation: geometry.dilation, groups: geometry.groups, top: padding.top,
        bottom: padding.bottom, left: padding.left, right: padding.right,
        x: x.elements + share.lowerBound * xImage, w: weights(index),
        y: y.elements + share.lowerBound * yImage, bias: UnsafePointer(bias?.elements))
      return withUnsafePointer(to: convolution) { maker($0, handle, message) }
    }
  }

  /// The gradient of the weights: a part from each share of the images, added up in their order.
  static func weightGradient(
    x: Operand, dy: Operand, dw: Operand, _ geometry: ConvolutionGeometry
  ) throws -> Step? {
    let count = dw.shape.count
    let parts = PartialSums(count: evenShares(x.shape[0]).count - 1, size: count)
    let made = try convolution(
      latent_onednn_make_convolution_weight_gradient, x: x, w: dw, y: dy, bias: nil, geometry
    ) { $0 == 0 ? dw.elements : parts[$0 - 1] }
    guard let made else { return nil }
    return {
      try made.run()
      for part in 0..<parts.count {
        latent_binary(LATENT_ADD, dw.elements, parts[part], dw.elements, count)
      }
    }
  }
}

/// Memory for parts of a sum.
private final class PartialSums {
  let count: Int
  private let size: Int
  private let memory: AlignedMemory

  init(count: Int, size: Int) {
    self.count = count
    self.size = size
    memory = AlignedMemory(count: count * size)
  }

  subscript(part: Int) -> UnsafeMutablePointer<Float> { memory.elements + part * size }
}
