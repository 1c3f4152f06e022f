import CKernels
import COneDNN

/// Products and convolutions through oneDNN, all the rest through the portable kernels.
public struct OneDNNBackend: Backend {
  public let name = "onednn"

  public init() {}

  /// Whether oneDNN is compiled in; without it every step is a portable one.
  public static var isAvailable: Bool { version != nil }

  /// The version of the library loaded, as "2.6.3".
  public static var version: String? {
    latent_onednn_version().map { String(cString: $0) }
  }

  public func step(_ operation: Operation, inputs: [Operand], output: Operand) throws -> Step {
    let portable = PortableBackend()
    guard let made = try oneDNNOperation(operation, inputs: inputs, output: output) else {
      return try portable.step(operation, inputs: inputs, output: output)
    }
    return { try made.run() }
  }

  /// The operation in oneDNN; nil where oneDNN has no part in it, or no implementation.
  func oneDNNOperation(
    _ operation: Operation, inputs: [Operand], output: Operand
  ) throws -> OneDNNOperation? {
    // oneDNN has no notion of tensors without elements.
    guard Self.isAvailable, output.shape.count > 0, inputs.allSatisfy({ $0.shape.count > 0 })
    else { return nil }
    switch operation {
    case .dense:
      return try OneDNNOperation.product(
        inputs[0], inputs[1], output, transposeA: false, transposeB: true,
        bias: inputs.count > 2 ? inputs[2] : nil)
    case .matrixProduct(let transposeA, let transposeB):
      return try OneDNNOperation.product(
        inputs[0], inputs[1], output, transposeA: transposeA, transposeB: transposeB, bias: nil)
    case .convolution(let geometry):
      return try OneDNNOperation.convolution(
        latent_onednn_make_convolution, x: inputs[0], w: inputs[1], y: output,
        bias: inputs.count > 2 ? inputs[2] : nil, geometry)
    case .convolutionTransposed(let geometry):
      return try OneDNNOperation.convolution(
        latent_onednn_make_convolution_transposed, x: output, w: inputs[1], y: inputs[0],
        bias: inputs.count > 2 ? inputs[2] : nil, geometry)
    case .convolutionWeightGradient(let geometry):
      return try OneDNNOperation.convolution(
        latent_onednn_make_convolution_weight_gradient, x: inputs[0], w: output, y: inputs[1],
        bias: nil, geometry)
    default: return nil
    }
  }
}
