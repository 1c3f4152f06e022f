import Tensors
import Testing

@testable import Graphs

@Suite("Backends against the reference loops")
struct BackendOperationTests {
  static let backends: [any Backend] = Backends.available.compactMap { try? Backends.named($0) }
    .filter { $0.name != "reference" }

  private func check(_ item: BackendCase) throws {
    let inputs = item.randomInputs()
    let expected = try evaluate(item.operation, inputs, item.output, on: ReferenceBackend())
    for backend in Self.backends.map({ $0.with(.nowhere) }) {
      let found = try evaluate(item.operation, inputs, item.output, on: backend)
      if item.terms == 0 {
        #expect(found == expected, "\(backend.name)")
      } else {
        let error = largestError(found, expected)
        #expect(error <= 2e-7 * (4 + Float(item.terms).squareRoot()), "\(backend.name)")
      }
    }
  }

  @Test("Products", arguments: BackendCase.products)
  func products(_ item: BackendCase) throws { try check(item) }

  @Test("Convolutions and their adjoints", arguments: BackendCase.convolutions)
  func convolutions(_ item: BackendCase) throws { try check(item) }

  @Test("Layouts", arguments: BackendCase.layouts)
  func layouts(_ item: BackendCase) throws { try check(item) }

  @Test("Reductions", arguments: BackendCase.reductions)
  func reductions(_ item: BackendCase) throws { try check(item) }

  @Test("A tensor without elements is no error")
  func empty() throws {
    for backend in Self.backends {
      let geometry = ConvolutionGeometry(padding: 1)
      let x = Tensor([0, 2, 4, 4])
      let weights = Tensor([3, 2, 3, 3], repeating: 1)
      #expect(
        try evaluate(.convolution(geometry), [x, weights], [0, 3, 4, 4], on: backend).isEmpty)
      #expect(
        try evaluate(
          .convolutionWeightGradient(geometry), [x, Tensor([0, 3, 4, 4])], [3, 2, 3, 3],
          on: backend) == [Float](repeating: 0, count: 54))
      #expect(
        try evaluate(.dense, [Tensor([0, 4]), Tensor([3, 4])], [0, 3], on: backend).isEmpty)
      #expect(
        try evaluate(.reduce(.sum, axes: [0]), [Tensor([0, 2])], [1, 2], on: backend) == [0, 0])
    }
  }

  /// `step` gives some operations to the portable kernels, which may be faster; here none.
  @Test(
    "oneDNN's own products and convolutions",
    arguments: BackendCase.products + BackendCase.convolutions)
  func oneDNN(_ item: BackendCase) throws {
    guard OneDNNBackend.isAvailable && item.inputs.allSatisfy({ $0.count > 0 }) else { return }
    let inputs = item.randomInputs()
    let expected = try evaluate(item.operation, inputs, item.output, on: ReferenceBackend())
    let found = try evaluate(item.operation, inputs, item.output, on: OneDNNOnly())
    #expect(largestError(found, expected) <= 2e-7 * (4 + Float(item.terms).squareRoot()))
  }
}

/// oneDNN, and an error where it has no implementation.
private struct OneDNNOnly: Backend {
  let name = "onednn only"

  func step(
    _ operation: Graphs.Operation, inputs: [Operand], output: Operand
  ) throws -> Step {
    let step = try OneDNNBackend().oneDNNStep(operation, inputs: inputs, output: output)
    return try #require(step)
  }
}
