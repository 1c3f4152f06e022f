import Tensors
import Testing

@testable import Graphs

@Suite("Convolutions by minimal filtering")
struct MinimalFilteringTests {
  static let cases: [BackendCase] = {
    typealias Geometry = ConvolutionGeometry
    let uneven = Geometry.Padding(top: 0, bottom: 2, left: 1, right: 2)
    let kinds: [(n: Int, c: Int, o: Int, h: Int, w: Int, padding: Geometry.Padding)] = [
      (1, 16, 32, 12, 35, .init(1)), (3, 70, 33, 6, 5, .init(1)), (9, 64, 12, 8, 8, .init(1)),
      (2, 24, 48, 13, 21, uneven), (2, 40, 17, 11, 10, .init(0)), (1, 32, 16, 9, 150, .init(2)),
      (150, 8, 64, 4, 4, .init(1)),
    ]
    return kinds.flatMap { kind -> [BackendCase] in
      let geometry = Geometry(padding: kind.padding)
      let (rows, columns) = geometry.outputExtent(
        height: kind.h, width: kind.w, kernelHeight: 3, kernelWidth: 3)
      let x: Shape = [kind.n, kind.c, kind.h, kind.w]
      let w: Shape = [kind.o, kind.c, 3, 3]
      let y: Shape = [kind.n, kind.o, rows, columns]
      return [
        BackendCase(.convolution(geometry), [x, w], y, terms: 9 * kind.c),
        BackendCase(.convolution(geometry), [x, w, [kind.o]], y, terms: 9 * kind.c),
        BackendCase(.convolutionTransposed(geometry), [y, w], x, terms: 9 * kind.o),
        BackendCase(.convolutionTransposed(geometry), [y, w, [kind.c]], x, terms: 9 * kind.o),
        BackendCase(
          .convolutionWeightGradient(geometry), [x, y], w, terms: kind.n * rows * columns),
      ]
    }
  }()

  @Test("agree with the reference loops", arguments: cases)
  func agreement(_ item: BackendCase) throws {
    let inputs = item.randomInputs()
    let expected = try evaluate(item.operation, inputs, item.output, on: ReferenceBackend())
    for backend in BackendOperationTests.backends {
      let found = try evaluate(item.operation, inputs, item.output, on: backend)
      #expect(largestError(found, expected) <= 5e-5, "\(backend.name)")
      #expect(found != expected, "\(backend.name) computed it another way")
    }
  }

  @Test(
    "A local convolution's places depend on the pixels under the kernel alone, to the last bit",
    arguments: [MinimalFiltering.nowhere, .exceptLocal])
  func local(_ use: MinimalFiltering) throws {
    var geometry = ConvolutionGeometry(padding: 1)
    geometry.isLocal = use == .exceptLocal
    let item = BackendCase(
      .convolution(geometry), [[1, 32, 12, 12], [32, 32, 3, 3]], [1, 32, 12, 12], terms: 288)
    let inputs = item.randomInputs()
    var pixels = inputs[0].elements
    for channel in 0..<32 { pixels[channel * 144 + 143] += 1000 }
    let changed = Tensor(inputs[0].shape, pixels)
    for backend in BackendOperationTests.backends.map({ $0.with(use) }) {
      let before = try evaluate(item.operation, inputs, item.output, on: backend)
      let after = try evaluate(item.operation, [changed, inputs[1]], item.output, on: backend)
      for place in 0..<144 where place / 12 < 10 || place % 12 < 10 {
        #expect(before[place] == after[place])
      }
    }
  }

  @Test("A 1x1 convolution's places depend on the pixels of their own place alone, to the last bit")
  func pointwise() throws {
    let (whole, part) = (83, 29)
    let item = BackendCase(
      .convolution(ConvolutionGeometry()), [[1, 70, 1, whole], [20, 70, 1, 1], [20]],
      [1, 20, 1, whole], terms: 70)
    let inputs = item.randomInputs()
    let piece = Tensor(
      [1, 70, 1, part],
      (0..<70 * part).map {
        inputs[0].elements[$0 / part * whole + 31 + $0 % part]
      })
    for backend in BackendOperationTests.backends {
      let expected = try evaluate(item.operation, inputs, item.output, on: backend)
      let found = try evaluate(
        item.operation, [piece, inputs[1], inputs[2]], [1, 20, 1, part], on: backend)
      for output in 0..<20 {
        let line = expected[output * whole + 31..<output * whole + 31 + part]
        #expect(Array(line) == Array(found[output * part..<(output + 1) * part]), "\(backend.name)")
      }
    }
  }
}
