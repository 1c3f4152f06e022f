import CKernels
import COneDNN

/// Products and convolutions through oneDNN, all the rest through the portable kernels.
package struct OneDNNBackend: Backend {
  package let name = "onednn"
  private let minimalFiltering: MinimalFiltering

  package init() { self.init(.everywhere) }

  private init(_ minimalFiltering: MinimalFiltering) { self.minimalFiltering = minimalFiltering }

  package func with(_ minimalFiltering: MinimalFiltering) -> any Backend {
    OneDNNBackend(minimalFiltering)
  }

  /// Whether oneDNN is compiled in; without it every step is a portable one.
  package static var isAvailable: Bool { version != nil }

  /// The version of the library loaded, as "2.6.3".
  package static var version: String? {
    latent_onednn_version().map { String(cString: $0) }
  }

  package func step(_ operation: Operation, inputs: [Operand], output: Operand) throws -> Step {
    if let step = Portable.winograd(operation, inputs, output, minimalFiltering) { return step }
    // With AVX2, which oneDNN's gradients of weights get least out of, the portable ones are a quarter faster. With
    // AVX-512 oneDNN's product of two matrices as they stand is no faster, and the passes over memory after it, the
    // optimizer's first of all, take up to twice as long. A picture alone has rows to share out among threads, but no
    // images. oneDNN copies pictures into blocks of channels: before 1x1 kernels that costs more than the products,
    // and of a few channels most of a block is empty.
    switch operation {
    case .convolution(let geometry) where Self.isThin(geometry, inputs[0], inputs[1], output),
      .convolutionTransposed(let geometry)
    where Self.isThin(geometry, output, inputs[1], inputs[0]):
      break
    case .convolutionWeightGradient where Threads.instructionSet == "avx2",
      .matrixProduct(false, false) where Threads.instructionSet == "avx512",
      .convolution where inputs[0].shape[0] < Threads.count,
      .convolutionTransposed where inputs[0].shape[0] < Threads.count,
      .dense where output.shape[0] < Threads.count,
      .matrixProduct where output.shape[0] < Threads.count:
      break
    default:
      if let step = try oneDNNStep(operation, inputs: inputs, output: output) { return step }
    }
    return try PortableBackend(minimalFiltering).step(operation, inputs: inputs, output: output)
  }

  /// Whether a convolution of one group has 1x1 kernels or few channels on a side.
  private static func isThin(
    _ geometry: ConvolutionGeometry, _ x: Operand, _ w: Operand, _ y: Operand
  ) -> Bool {
    geometry.groups == 1
      && (w.shape[2] * w.shape[3] == 1 || min(x.shape[1], y.shape[1]) < fewChannels)
  }

  private static let fewChannels = 8

  /// The operation in oneDNN; nil where oneDNN has no part in it, or no implementation.
  func oneDNNStep(_ operation: Operation, inputs: [Operand], output: Operand) throws -> Step? {
    // oneDNN has no notion of tensors without elements.
    guard Self.isAvailable, output.shape.count > 0, inputs.allSatisfy({ $0.shape.count > 0 })
    else { return nil }
    let bias = inputs.count > 2 ? inputs[2] : nil
    let made: OneDNNOperation?
    switch operation {
    case .dense:
      made = try .product(
        inputs[0], inputs[1], output, transposeA: false, transposeB: true, bias: bias)
    case .matrixProduct(let transposeA, let transposeB):
      made = try .product(
        inputs[0], inputs[1], output, transposeA: transposeA, transposeB: transposeB, bias: nil)
    case .convolution(let geometry):
      let weights = inputs[1].elements
      made = try .convolution(
        latent_onednn_make_convolution, x: inputs[0], w: inputs[1], y: output, bias: bias, geometry
      ) { _ in weights }
    case .convolutionTransposed(let geometry):
      let weights = inputs[1].elements
      made = try .convolution(
        latent_onednn_make_convolution_transposed, x: output, w: inputs[1], y: inputs[0],
        bias: bias, geometry
      ) { _ in weights }
    case .convolutionWeightGradient(let geometry):
      return try OneDNNOperation.weightGradient(
        x: inputs[0], dy: inputs[1], dw: output, geometry)
    default: return nil
    }
    return made.map { made in { try made.run() } }
  }
}
