import Tensors
import Testing

@testable import Graphs

@Suite("Convolutions in bfloat16", .enabled(if: Bfloat16Backend.isAvailable))
struct Bfloat16Tests {
  /// Kernels of 1x1 and 5x5, several bands, and odd extents beside those of minimal filtering.
  private static let cases: [BackendCase] =
    MinimalFilteringTests.cases
    + [
      (n: 2, c: 32, o: 32, h: 7, w: 9, kernel: 1, padding: 0),
      (1, 48, 24, 10, 8, 5, 2), (1, 64, 64, 80, 70, 3, 1), (3, 17, 9, 5, 33, 3, 1),
    ].flatMap { kind -> [BackendCase] in
      let geometry = ConvolutionGeometry(padding: kind.padding)
      let x: Shape = [kind.n, kind.c, kind.h, kind.w]
      let w: Shape = [kind.o, kind.c, kind.kernel, kind.kernel]
      let y: Shape = [kind.n, kind.o, kind.h, kind.w]
      return [
        BackendCase(.convolution(geometry), [x, w, [kind.o]], y, terms: 1),
        BackendCase(.convolutionTransposed(geometry), [y, w], x, terms: 1),
        BackendCase(.convolutionWeightGradient(geometry), [x, y], w, terms: 1),
      ]
    }

  /// Rounded to 8 bits of precision, halves to even.
  private func rounded(_ tensor: Tensor) -> Tensor {
    Tensor(
      tensor.shape,
      tensor.elements.map {
        let bits = $0.bitPattern
        return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
      })
  }

  @Test("are exact products of the rounded factors, summed in float32", arguments: cases)
  func agreement(_ item: BackendCase) throws {
    let inputs = item.randomInputs()
    // A convolution's channels are x's, whichever operand x is.
    let channels: Int =
      if case .convolutionTransposed = item.operation { item.output[1] } else { inputs[0].shape[1] }
    let serves = channels >= 16
    let factors = serves ? inputs.prefix(2).map(rounded) + inputs.dropFirst(2) : inputs
    let expected = try evaluate(item.operation, factors, item.output, on: ReferenceBackend())
    let backend = Bfloat16Backend(PortableBackend())
    let found = try evaluate(item.operation, inputs, item.output, on: backend, runs: 2)
    #expect(largestError(found, expected) <= 2e-5)
    let exact = try evaluate(item.operation, inputs, item.output, on: ReferenceBackend())
    #expect((largestError(found, exact) > 1e-4) == serves, "rounded where it serves alone")
  }

  @Test("Strides, dilations and groups are left to the other backend")
  func others() throws {
    let geometry = ConvolutionGeometry(stride: 2, padding: 1)
    let item = BackendCase(
      .convolution(geometry), [[1, 32, 8, 8], [32, 32, 3, 3]], [1, 32, 4, 4], terms: 288)
    let inputs = item.randomInputs()
    let portable = PortableBackend()
    #expect(
      try evaluate(item.operation, inputs, item.output, on: Bfloat16Backend(portable))
        == evaluate(item.operation, inputs, item.output, on: portable))
  }
}
