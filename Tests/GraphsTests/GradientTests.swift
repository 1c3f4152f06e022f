import Tensors
import Testing

@testable import Graphs

/// One function of several tensors whose gradient is held against central finite differences.
struct GradientCase: CustomStringConvertible, Sendable {
  let description: String
  let shapes: [Shape]
  /// Added to standard normal numbers scaled by 0.5, to stay where a function is smooth.
  var offset: Float = 0
  let function: @Sendable ([Value]) -> Value

  init(
    _ description: String, _ shapes: [Shape], offset: Float = 0,
    _ function: @escaping @Sendable ([Value]) -> Value
  ) {
    self.description = description
    self.shapes = shapes
    self.offset = offset
    self.function = function
  }
}

private let geometries: [ConvolutionGeometry] = [
  ConvolutionGeometry(padding: 1), ConvolutionGeometry(stride: 2, padding: 1),
  ConvolutionGeometry(
    stride: 2, padding: ConvolutionGeometry.Padding(top: 0, bottom: 1, left: 2, right: 1)),
  ConvolutionGeometry(padding: 2, dilation: 2), ConvolutionGeometry(padding: 1, groups: 2),
]

private let unaryFunctions: [(UnaryFunction, Float)] = [
  (.negate, 0), (.exp, 0), (.log, 3), (.sqrt, 3), (.square, 0), (.reciprocal, 3),
  (.absolute, 3), (.sine, 0), (.cosine, 0), (.tanh, 0), (.sigmoid, 0), (.softplus, 0),
  (.relu, 3), (.relu, -3), (.leakyRelu(slope: 0.1), -3), (.elu, 0), (.elu, -2), (.silu, 0),
  (.gelu, 0), (.clamp(lower: -9, upper: 9), 0), (.clamp(lower: 1, upper: 2), -3),
]

private let cases: [GradientCase] =
  unaryFunctions.map { function, offset in
    GradientCase("\(function) at \(offset)", [[3, 5]], offset: offset) { $0[0].map(function) }
  }
  + geometries.flatMap { g -> [GradientCase] in
    let (h, w) = g.outputExtent(height: 6, width: 7, kernelHeight: 3, kernelWidth: 3)
    return [
      GradientCase("convolution \(g)", [[2, 4, 6, 7], [6, 4 / g.groups, 3, 3], [6]]) {
        $0[0].convolution($0[1], $0[2], g)
      },
      GradientCase("transposed \(g)", [[2, 6, h, w], [6, 4 / g.groups, 3, 3], [4]]) {
        $0[0].transposedConvolution($0[1], $0[2], g, height: 6, width: 7)
      },
    ]
  }
  + [(false, false), (false, true), (true, false), (true, true)].map { a, b in
    GradientCase("product \(a) \(b)", [a ? [4, 3] : [3, 4], b ? [5, 4] : [4, 5]]) {
      $0[0].times($0[1], transposingSelf: a, transposingOther: b)
    }
  }
  + [
    GradientCase("dense", [[3, 4], [5, 4], [5]]) { $0[0].dense($0[1], $0[2]) },
    GradientCase("dense, no bias", [[3, 4], [5, 4]]) { $0[0].dense($0[1]) },
    GradientCase("affine", [[3, 4]]) { 2 - $0[0] * 3 },
    GradientCase("add", [[3, 4], [4]]) { $0[0] + $0[1] },
    GradientCase("subtract", [[3, 1], [4]]) { $0[0] - $0[1] },
    GradientCase("multiply", [[2, 3, 4], [3, 1]]) { $0[0] * $0[1] },
    GradientCase("divide", [[3, 4], [3, 4]], offset: 3) { $0[0] / $0[1] },
    GradientCase("maximum", [[3, 4], [3, 4]]) { $0[0].combined(.maximum, $0[1] * 5) },
    GradientCase("minimum", [[3, 4], [3, 4]]) { $0[0].combined(.minimum, $0[1] * 5) },
    GradientCase("broadcast", [[3, 1]]) { $0[0].broadcast(to: [2, 3, 4]) },
    GradientCase("sum of the middle", [[2, 3, 4]]) { $0[0].sum([1]) },
    GradientCase("sum, kept", [[2, 3, 4]]) { $0[0].sum([0, 2], keepingAxes: true) },
    GradientCase("log-sum-exp", [[2, 3, 4]]) { $0[0].logSumExp([1, 2]) },
    GradientCase("reshape", [[2, 6]]) { $0[0].reshaped(to: [3, 4]) },
    GradientCase("permute", [[2, 3, 4]]) { $0[0].permuted([2, 0, 1]) },
    GradientCase("concatenate", [[2, 3], [2, 1]]) {
      Value.concatenate([$0[0], $0[1], $0[0]], axis: 1)
    },
    GradientCase("slice", [[2, 5, 2]]) { $0[0].sliced(axis: 1, 1..<4) },
    GradientCase("pad", [[2, 3]]) { $0[0].padded(axis: 1, before: 2, after: 1) },
    GradientCase("pixel shuffle", [[2, 8, 2, 3]]) { $0[0].pixelShuffled(2) },
    GradientCase("pixel unshuffle", [[2, 2, 4, 6]]) { $0[0].pixelUnshuffled(2) },
    GradientCase("nearest", [[1, 2, 2, 3]]) { $0[0].upsampledNearest(3) },
    GradientCase("sum pool", [[1, 2, 4, 6]]) { $0[0].sumPooled(2) },
    GradientCase("one value twice", [[3]]) { $0[0] * $0[0] + $0[0].tanh() },
  ]
  + specialCases

/// exp(x) for positive arguments, sigmoid(x) for probabilities.
private let specialCases: [GradientCase] = [
  GradientCase("log(1 + x)", [[7]], offset: 1) { $0[0].logOnePlus() },
  GradientCase("exp(x) - 1", [[7]]) { $0[0].expMinusOne() },
  GradientCase("arctangent", [[7]]) { $0[0].arctangent() },
  GradientCase("log gamma", [[7]]) { $0[0].exp().logGamma() },
  GradientCase("digamma", [[7]]) { $0[0].exp().digamma() },
  GradientCase("trigamma", [[7]], offset: 1) { $0[0].exp().trigamma() },
  GradientCase("gamma entropy", [[7]]) { $0[0].exp().gammaEntropy() },
  GradientCase("log beta", [[7], [7]]) { $0[0].exp().logBeta($0[1].exp()) },
  GradientCase("digamma difference", [[7], [7]]) {
    $0[0].exp().special(.digammaDifference, $0[1].exp())
  },
  GradientCase("normal CDF", [[7]]) { $0[0].normalCDF() },
  GradientCase("normal quantile", [[7]]) { $0[0].sigmoid().normalQuantile() },
  GradientCase("gamma log kernel", [[7], [7]]) { $0[0].exp().gammaLogKernel(shape: $0[1].exp()) },
  GradientCase("gamma CDF", [[7], [7]]) { $0[0].exp().gammaCDF(shape: $0[1].exp()) },
  GradientCase("gamma quantile", [[7], [7]]) {
    $0[0].sigmoid().logGammaQuantile(shape: $0[1].exp())
  },
  GradientCase("beta CDF", [[7], [7], [7]]) { $0[0].sigmoid().betaCDF($0[1].exp(), $0[2].exp()) },
]

@Suite struct GradientTests {
  @Test(arguments: cases)
  func gradientEqualsFiniteDifferences(_ example: GradientCase) throws {
    let graph = Graph()
    let values = example.shapes.enumerated().map { graph.input("x\($0)", $1) }
    let result = example.function(values)
    let loss = (result * graph.input("weights", result.shape)).sum()
    let gradients = graph.gradient(of: loss, withRespectTo: values)
    let plan = try Plan(
      graph, outputs: [loss, result] + gradients, parameters: ParameterStore([]),
      backend: ReferenceBackend())

    var random = RandomSource(seed: 5)
    let inputs = example.shapes.map { shape in
      Tensor(shape, random.normal(shape).elements.map { $0 * 0.5 + example.offset })
    }
    let weights = random.normal(result.shape)
    for (index, input) in inputs.enumerated() { plan.fill("x\(index)", with: input) }
    plan.fill("weights", with: weights)
    try plan.run()
    let exact = gradients.indices.map { plan.output(2 + $0) }

    /// The loss in double precision, from the result's elements.
    func weighted() -> Double {
      zip(plan.output(1).elements, weights.elements)
        .reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let step: Float = 0x1p-7
    for (index, input) in inputs.enumerated() {
      for element in 0..<input.shape.count {
        var moved = input
        moved[element] = input[element] + step
        plan.fill("x\(index)", with: moved)
        try plan.run()
        let above = weighted()
        moved[element] = input[element] - step
        plan.fill("x\(index)", with: moved)
        try plan.run()
        let difference = (above - weighted()) / Double(2 * step)
        let gradient = Double(exact[index][element])
        #expect(
          abs(difference - gradient) < 4e-3 * max(1, abs(gradient)),
          "input \(index), element \(element): \(gradient), differences give \(difference)")
      }
      plan.fill("x\(index)", with: input)
    }
  }

  @Test func nothingFlowsThroughStopGradient() throws {
    let graph = Graph()
    let x = graph.input("x", [2])
    let loss = (x.stoppingGradient() * x).sum()
    let plan = try Plan(
      graph, outputs: graph.gradient(of: loss, withRespectTo: [x]),
      parameters: ParameterStore([]), backend: ReferenceBackend())
    plan.fill("x", with: Tensor([2], [3, 5]))
    try plan.run()
    #expect(plan.output(0) == Tensor([2], [3, 5]))
  }

  @Test func aValueThatDoesNotMatterHasGradientZero() throws {
    let graph = Graph()
    let (x, y) = (graph.input("x", [2]), graph.input("y", [3]))
    let gradients = graph.gradient(of: x.sum(), withRespectTo: [x, y])
    let plan = try Plan(
      graph, outputs: gradients, parameters: ParameterStore([]), backend: ReferenceBackend())
    try plan.run()
    #expect(plan.output(0) == Tensor([2], [1, 1]))
    #expect(plan.output(1) == Tensor([3], [0, 0, 0]))
  }
}
