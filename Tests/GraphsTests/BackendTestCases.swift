import Tensors

@testable import Graphs

/// One operation with the shapes of its operands.
struct BackendCase: Sendable, CustomStringConvertible {
  let operation: Graphs.Operation
  let inputs: [Shape]
  let output: Shape
  /// How many products or terms make up a number of the result; 0 where numbers are only moved.
  let terms: Int

  var description: String { "\(operation) \(inputs) -> \(output)" }

  init(_ operation: Graphs.Operation, _ inputs: [Shape], _ output: Shape, terms: Int = 0) {
    self.operation = operation
    self.inputs = inputs
    self.output = output
    self.terms = terms
  }

  /// Normal numbers for each input, the same in every run.
  func randomInputs() -> [Tensor] {
    inputs.enumerated().map { index, shape in
      var source = RandomSource(seed: 7, stream: UInt64(index))
      return source.normal(shape)
    }
  }
}

/// Runs a step on memory of its own and returns the result, which starts as NaN.
func evaluate(
  _ operation: Graphs.Operation, _ inputs: [Tensor], _ output: Shape, on backend: any Backend,
  runs: Int = 1
) throws -> [Float] {
  var owned: [AlignedMemory] = []
  defer { withExtendedLifetime(owned) {} }
  func operand(_ shape: Shape, _ elements: [Float]) -> Operand {
    let memory = AlignedMemory(count: shape.count)
    owned.append(memory)
    for (index, number) in elements.enumerated() { memory.elements[index] = number }
    return Operand(shape: shape, elements: memory.elements)
  }
  let operands = inputs.map { operand($0.shape, $0.elements) }
  let result = operand(output, [Float](repeating: .nan, count: output.count))
  let step = try backend.step(operation, inputs: operands, output: result)
  for _ in 0..<runs { try step() }
  return Array(UnsafeBufferPointer(start: result.elements, count: output.count))
}

/// Whether two results agree to rounding: within `tolerance` of the largest number.
func largestError(_ a: [Float], _ b: [Float]) -> Float {
  let scale = max(b.map(abs).max() ?? 0, 1)
  return zip(a, b).map { $0 == $1 ? 0 : abs($0 - $1) / scale }.reduce(0) { $1 <= $0 ? $0 : $1 }
}

extension BackendCase {
  static let products: [BackendCase] = {
    var cases: [BackendCase] = []
    for (rows, columns, depth) in [
      (1, 1, 1), (1, 37, 50), (2, 3, 400), (3, 16, 7), (5, 17, 33), (6, 32, 320), (13, 20, 1),
      (100, 50, 78), (97, 801, 5), (64, 33, 700), (4, 5, 0),
    ] {
      let (x, w, y): (Shape, Shape, Shape) = ([rows, depth], [columns, depth], [rows, columns])
      cases.append(BackendCase(.dense, [x, w], y, terms: depth + 1))
      cases.append(BackendCase(.dense, [x, w, [columns]], y, terms: depth + 1))
      for (transposeA, transposeB) in [(false, false), (false, true), (true, false), (true, true)] {
        cases.append(
          BackendCase(
            .matrixProduct(transposeA: transposeA, transposeB: transposeB),
            [transposeA ? [depth, rows] : x, transposeB ? w : [depth, columns]], y,
            terms: depth + 1))
      }
    }
    return cases
  }()

  static let convolutions: [BackendCase] = {
    typealias Geometry = ConvolutionGeometry
    let uneven = Geometry.Padding(top: 0, bottom: 2, left: 1, right: 3)
    let kinds: [(n: Int, c: Int, o: Int, h: Int, w: Int, kh: Int, kw: Int, g: Geometry)] = [
      (1, 1, 1, 5, 5, 3, 3, Geometry()),
      (2, 3, 8, 9, 11, 3, 3, Geometry(padding: 1)),
      (1, 16, 32, 12, 35, 3, 3, Geometry(padding: 1)),
      (2, 8, 5, 7, 40, 1, 1, Geometry()),
      (3, 30, 13, 5, 7, 1, 1, Geometry()),
      (1, 260, 9, 40, 41, 1, 1, Geometry()),
      (2, 3, 40, 33, 65, 1, 1, Geometry()),
      (2, 40, 4, 10, 9, 3, 3, Geometry(padding: 1)),
      (1, 5, 7, 13, 6, 5, 2, Geometry(padding: uneven)),
      (3, 4, 6, 11, 13, 3, 3, Geometry(stride: 2, padding: 1)),
      (1, 4, 6, 12, 10, 4, 4, Geometry(stride: 2, padding: 1)),
      (2, 3, 4, 16, 17, 3, 3, Geometry(stride: 3, padding: uneven)),
      (1, 2, 3, 9, 9, 1, 1, Geometry(stride: 2)),
      (1, 6, 8, 15, 14, 3, 3, Geometry(padding: 2, dilation: 2)),
      (1, 2, 4, 20, 19, 3, 2, Geometry(stride: 2, padding: uneven, dilation: 3)),
      (2, 6, 4, 8, 9, 3, 3, Geometry(padding: 1, groups: 2)),
      (1, 4, 8, 9, 9, 3, 3, Geometry(stride: 2, padding: 1, groups: 4)),
      (1, 70, 33, 6, 5, 3, 3, Geometry(padding: 1)),
      (1, 3, 2, 3, 300, 3, 3, Geometry(padding: 1)),
      (1, 2, 2, 1, 1, 3, 3, Geometry(padding: 1)),
    ]
    return kinds.flatMap { kind -> [BackendCase] in
      let (rows, columns) = kind.g.outputExtent(
        height: kind.h, width: kind.w, kernelHeight: kind.kh, kernelWidth: kind.kw)
      let x: Shape = [kind.n, kind.c, kind.h, kind.w]
      let w: Shape = [kind.o, kind.c / kind.g.groups, kind.kh, kind.kw]
      let y: Shape = [kind.n, kind.o, rows, columns]
      let kernel = kind.kh * kind.kw
      let (down, up) = (w[1] * kernel, kind.o / kind.g.groups * kernel)
      return [
        BackendCase(.convolution(kind.g), [x, w], y, terms: down),
        BackendCase(.convolution(kind.g), [x, w, [kind.o]], y, terms: down),
        BackendCase(.convolutionTransposed(kind.g), [y, w], x, terms: up),
        BackendCase(.convolutionTransposed(kind.g), [y, w, [kind.c]], x, terms: up),
        BackendCase(
          .convolutionWeightGradient(kind.g), [x, y], w, terms: kind.n * rows * columns),
      ]
    }
  }()

  static let layouts: [BackendCase] = [
    BackendCase(.broadcast, [[]], [3, 5]),
    BackendCase(.broadcast, [[5]], [3, 5]),
    BackendCase(.broadcast, [[3, 1]], [3, 50]),
    BackendCase(.broadcast, [[1, 4, 1, 1]], [2, 4, 3, 7]),
    BackendCase(.broadcast, [[2, 1, 3, 1]], [2, 4, 3, 2]),
    BackendCase(.broadcast, [[1, 300]], [80, 300]),
    BackendCase(.reshape, [[3, 8]], [2, 12]),
    BackendCase(.stopGradient, [[3, 8]], [3, 8]),
    BackendCase(.permute(axes: [1, 0]), [[37, 50]], [50, 37]),
    BackendCase(.permute(axes: [1, 0]), [[200, 130]], [130, 200]),
    BackendCase(.permute(axes: [0, 2, 3, 1]), [[2, 3, 4, 5]], [2, 4, 5, 3]),
    BackendCase(.permute(axes: [0, 2, 3, 1]), [[2, 33, 20, 25]], [2, 20, 25, 33]),
    BackendCase(.permute(axes: [3, 1, 0, 2]), [[2, 3, 4, 5]], [5, 3, 2, 4]),
    BackendCase(.concatenate(axis: 0), [[2, 3], [1, 3]], [3, 3]),
    BackendCase(.concatenate(axis: 1), [[2, 3, 4], [2, 1, 4], [2, 5, 4]], [2, 9, 4]),
    BackendCase(.concatenate(axis: 1), [[80, 200], [80, 150]], [80, 350]),
    BackendCase(.slice(axis: 1, start: 2), [[3, 7, 2]], [3, 4, 2]),
    BackendCase(.slice(axis: 0, start: 1), [[3, 7]], [2, 7]),
    BackendCase(.pad(axis: 1, start: 2), [[3, 4, 2]], [3, 9, 2]),
    BackendCase(.pad(axis: 2, start: 0), [[3, 4, 2]], [3, 4, 5]),
    BackendCase(.pixelShuffle(factor: 2), [[2, 12, 3, 5]], [2, 3, 6, 10]),
    BackendCase(.pixelShuffle(factor: 3), [[1, 18, 21, 50]], [1, 2, 63, 150]),
    BackendCase(.pixelUnshuffle(factor: 2), [[2, 3, 6, 10]], [2, 12, 3, 5]),
    BackendCase(.pixelUnshuffle(factor: 4), [[1, 1, 8, 12]], [1, 16, 2, 3]),
    BackendCase(.stackedRows(start: 0), [[2, 3, 5, 7]], [2, 3, 2, 7]),
    BackendCase(.stackedRows(start: 2), [[2, 3, 5, 7], [2, 3, 4, 7]], [2, 3, 6, 7]),
    BackendCase(.stackedRows(start: 1), [[2, 30, 5, 70], [2, 30, 9, 70]], [2, 30, 13, 70]),
    BackendCase(.stackedRows(start: 6), [[2, 3, 5, 7], [2, 3, 4, 7]], [2, 3, 3, 7]),
    BackendCase(.upsampleNearest(factor: 2), [[2, 3, 5, 7]], [2, 3, 10, 14]),
    BackendCase(.upsampleNearest(factor: 3), [[1, 4, 25, 30]], [1, 4, 75, 90]),
  ]

  static let reductions: [BackendCase] = {
    let kinds: [(shape: Shape, axes: [Int])] = [
      ([40, 30], [0]), ([40, 30], [1]), ([40, 30], [0, 1]), ([2, 3, 4, 5], [0, 2, 3]),
      ([2, 3, 4, 5], [1, 2, 3]), ([2, 3, 4, 5], [1, 3]), ([2, 3, 4, 5], [0, 2]),
      ([2, 3, 4, 5], [1]), ([3, 1, 7], [1]), ([7], [0]), ([1, 1], [0, 1]), ([700, 300], [0]),
      ([300, 700], [1]), ([4, 16, 30, 33], [0, 2, 3]), ([3, 100_001], [0, 1]),
    ]
    return kinds.flatMap { kind -> [BackendCase] in
      let output = kind.axes.reduce(kind.shape) { $0.replacing(axis: $1, with: 1) }
      return [
        BackendCase(
          .reduce(.sum, axes: kind.axes), [kind.shape], output,
          terms: kind.shape.count / output.count),
        BackendCase(.reduce(.maximum, axes: kind.axes), [kind.shape], output),
      ]
    } + [
      BackendCase(.sumPool(factor: 2), [[2, 3, 6, 10]], [2, 3, 3, 5], terms: 4),
      BackendCase(.sumPool(factor: 3), [[1, 2, 9, 6]], [1, 2, 3, 2], terms: 9),
    ]
  }()
}
