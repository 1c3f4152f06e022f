import Tensors
import Testing

@testable import Graphs

@Suite struct BandedFunctionTests {
  private struct Net {
    let x: Value
    let noise: Value
    let outputs: [Value]
  }

  private static let channels = 24

  /// A small hourglass with everything that goes band by band, and two outputs of different heights.
  private static func net(_ graph: Graph, height: Int, width: Int) -> Net {
    func kernel(_ name: String, _ outputs: Int, _ inputs: Int, _ side: Int) -> Value {
      graph.parameter(name, [outputs, inputs, side, side])
    }
    func convolved(_ x: Value, _ name: String, isLocal: Bool = false) -> Value {
      var geometry = ConvolutionGeometry(padding: 1)
      geometry.isLocal = isLocal
      let bias = graph.parameter("bias", [channels])
      return x.convolution(kernel(name, channels, channels, 3), bias, geometry)
    }
    let x = graph.input("x", [1, 6, height, width])
    let noise = graph.input("noise", [1, channels, height / 4, width / 4])
    let fine = (x - 0.5).pixelUnshuffled(2)
    var above = convolved(fine, "a")
    above = above + convolved(above.map(.silu), "b")
    let down = above.pixelUnshuffled(2)
      .convolution(kernel("down", channels, 4 * channels, 1), nil)
    var deep = down + convolved(down.map(.relu), "c", isLocal: true)
    let scale = graph.parameter("scale", [1, channels, 1, 1]).broadcast(to: deep.shape)
    deep = deep + noise * 0.5 * scale
    let up = deep.convolution(kernel("up", 4 * channels, channels, 1), nil).pixelShuffled(2)
    let joined = convolved(up + above, "d")
    let cropped = joined.sliced(axis: 2, 4..<joined.shape[2]).sliced(axis: 3, 2..<joined.shape[3])
    return Net(
      x: x, noise: noise,
      outputs: [
        cropped.pixelShuffled(2), .concatenate([down, deep.sliced(axis: 1, 3..<7)], axis: 1),
      ])
  }

  private static func parameters() -> ParameterStore {
    let (c, side) = (channels, 3)
    var shapes: [(String, Shape)] = ["a", "b", "c", "d"].map { ($0, [c, c, side, side]) }
    shapes += [
      ("down", [c, 4 * c, 1, 1]), ("up", [4 * c, c, 1, 1]), ("bias", [c]), ("scale", [1, c, 1, 1]),
    ]
    let store = ParameterStore(shapes)
    for (index, (name, shape)) in shapes.enumerated() {
      var random = RandomSource(seed: 3, stream: UInt64(index))
      store[name] = Tensor(shape, random.normal(shape).elements.map { $0 * 0.1 })
    }
    return store
  }

  @Test("bands do not show", arguments: ["portable", "reference"], [8, 16, 24, 64, 200])
  func equal(_ name: String, rows: Int) throws {
    let (height, width) = name == "reference" ? (48, 16) : (136, 48)
    let parameters = Self.parameters()
    let backend = try Backends.named(name).with(.exceptLocal)
    var random = RandomSource(seed: 5)
    let graph = Graph()
    let net = Self.net(graph, height: height, width: width)
    let (x, noise) = (random.normal(net.x.shape), random.normal(net.noise.shape))
    let plan = try Plan(graph, outputs: net.outputs, parameters: parameters, backend: backend)
    plan.fill("x", with: x)
    plan.fill("noise", with: noise)
    try plan.run()

    let banded = BandedFunction(
      graph, net, outputs: net.outputs, pace: net.x, rows: rows, parameters: parameters,
      backend: backend)
    func fill(_ memory: UnsafeMutableBufferPointer<Float>, _ source: Tensor, _ rows: Range<Int>) {
      let (channels, height, width) = (source.shape[1], source.shape[2], source.shape[3])
      #expect(memory.count == channels * rows.count * width)
      for channel in 0..<channels {
        for (line, row) in rows.enumerated() {
          for column in 0..<width {
            memory[(channel * rows.count + line) * width + column] =
              source[(channel * height + row) * width + column]
          }
        }
      }
    }
    // Twice, as what is kept must not outlive a picture.
    for _ in 0..<2 {
      var next = [0, 0]
      var largest = 0
      try banded(
        { band, net in
          let new = band.rows(of: net.x)
          largest = max(largest, new.count)
          if !new.isEmpty { fill(band[net.x], x, new) }
          let lower = band.rows(of: net.noise)
          if !lower.isEmpty { fill(band[net.noise], noise, lower) }
        },
        read: { band, net in
          for (index, output) in net.outputs.enumerated() {
            let rows = band.rows(of: output)
            #expect(rows.lowerBound == next[index])
            next[index] = rows.upperBound
            let whole = plan.output(index)
            let width = output.shape[3]
            for channel in 0..<output.shape[1] {
              for (line, row) in rows.enumerated() {
                for column in 0..<width {
                  let place = (channel * rows.count + line) * width + column
                  let expected = whole[(channel * output.shape[2] + row) * width + column]
                  if band[output][place] != expected {
                    Issue.record("output \(index) differs at \(channel) \(row) \(column)")
                    return
                  }
                }
              }
            }
          }
        })
      #expect(next == net.outputs.map { $0.shape[2] })
      #expect(largest == min(rows, height))
    }
  }

  @Test("what is kept may stand where it stood", arguments: ["portable", "reference"])
  func keptInPlace(_ name: String) throws {
    let backend = try Backends.named(name)
    for (above, below, start, rows) in [(5, 4, 3, 5), (5, 4, 6, 2), (3, 9, 1, 10), (6, 1, 1, 6)] {
      let shape = [1, 40, above, 30] as Shape
      var random = RandomSource(seed: 9)
      let (first, second) = (random.normal(shape), random.normal([1, 40, below, 30]))
      let memory = AlignedMemory(count: 40 * 12 * 30)
      let other = AlignedMemory(count: second.shape.count)
      for (index, number) in first.elements.enumerated() { memory.elements[index] = number }
      for (index, number) in second.elements.enumerated() { other.elements[index] = number }
      let target = [1, 40, rows, 30] as Shape
      let step = try backend.step(
        .keptRows(start: start),
        inputs: [
          Operand(shape: shape, elements: memory.elements),
          Operand(shape: second.shape, elements: other.elements),
        ], output: Operand(shape: target, elements: memory.elements))
      try step()
      let expected = try evaluate(
        .stackedRows(start: start), [first, second], target, on: ReferenceBackend())
      let found = UnsafeBufferPointer(start: memory.elements, count: target.count)
      #expect(Array(found) == expected)
    }
  }

  /// Twice the height takes no more memory.
  @Test func memoryDoesNotDependOnTheHeight() throws {
    let parameters = Self.parameters()
    let counts = try [160, 320].map { height in
      let graph = Graph()
      let net = Self.net(graph, height: height, width: 32)
      return try BandedFunction(
        graph, net, outputs: net.outputs, pace: net.x, rows: 32, parameters: parameters,
        backend: PortableBackend().with(.exceptLocal)
      ).counts()
    }
    #expect(counts[0] == counts[1])
    let numbers = 320 * 32 * Self.channels
    #expect(counts[0].kept > 0 && counts[0].kept < numbers)
  }
}
