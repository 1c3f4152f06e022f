import CKernels
import COneDNN

/// An operation of oneDNN bound to its operands' memory.
final class OneDNNOperation {
  private let handle: OpaquePointer

  private init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { latent_onednn_free(handle) }

  /// The name of oneDNN's implementation, as "jit:avx2".
  var implementation: String { String(cString: latent_onednn_implementation(handle)) }

  func run() throws {
    latent_enter()
    try withUnsafeTemporaryAllocation(
      of: CChar.self, capacity: Int(latent_onednn_message_size)
    ) { message in
      guard let start = message.baseAddress else { return }
      if latent_onednn_run(handle, start) != LATENT_ONEDNN_OK {
        throw BackendError(String(cString: start))
      }
    }
  }

  /// Calls one of the functions that make an operation; nil where oneDNN has none for the shapes.
  private static func make(
    _ body: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<CChar>) ->
      latent_onednn_status
  ) throws -> OneDNNOperation? {
    latent_enter()
    var handle: OpaquePointer?
    return try withUnsafeTemporaryAllocation(
      of: CChar.self, capacity: Int(latent_onednn_message_size)
    ) { message in
      guard let start = message.baseAddress else { return nil }
      switch body(&handle, start) {
      case LATENT_ONEDNN_OK: return handle.map(OneDNNOperation.init)
      case LATENT_ONEDNN_UNAVAILABLE: return nil
      default: throw BackendError(String(cString: start))
      }
    }
  }

  static func product(
    _ a: Operand, _ b: Operand, _ c: Operand, transposeA: Bool, transposeB: Bool, bias: Operand?
  ) throws -> OneDNNOperation? {
    let product = latent_onednn_product(
      rows: c.shape[0], columns: c.shape[1], depth: a.shape[transposeA ? 0 : 1],
      transpose_a: transposeA, transpose_b: transposeB, a: a.elements, b: b.elements,
      bias: UnsafePointer(bias?.elements), c: c.elements)
    return try make { handle, message in
      withUnsafePointer(to: product) { latent_onednn_make_product($0, handle, message) }
    }
  }

  /// A function that binds a convolution, or one of its adjoints, to x, w and y.
  typealias Maker = (
    UnsafePointer<latent_onednn_convolution>?, UnsafeMutablePointer<OpaquePointer?>?,
    UnsafeMutablePointer<CChar>?
  ) -> latent_onednn_status

  static func convolution(
    _ maker: Maker, x: Operand, w: Operand, y: Operand, bias: Operand?,
    _ geometry: ConvolutionGeometry
  ) throws -> OneDNNOperation? {
    let padding = geometry.padding
    let convolution = latent_onednn_convolution(
      images: x.shape[0], channels: x.shape[1], height: x.shape[2], width: x.shape[3],
      outputs: w.shape[0], kernel_height: w.shape[2], kernel_width: w.shape[3],
      rows: y.shape[2], columns: y.shape[3], stride: geometry.stride, dilation: geometry.dilation,
      groups: geometry.groups, top: padding.top, bottom: padding.bottom, left: padding.left,
      right: padding.right, x: x.elements, w: w.elements, y: y.elements,
      bias: UnsafePointer(bias?.elements))
    return try make { handle, message in
      withUnsafePointer(to: convolution) { maker($0, handle, message) }
    }
  }
}
