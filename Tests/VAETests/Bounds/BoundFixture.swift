import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

/// The values that Tests/Fixtures/bounds/make_bounds.py computed.
struct BoundFixture {
  let object: [String: Any]

  init() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/bounds/bounds.json")
    object = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
  }

  private init(_ object: [String: Any]) { self.object = object }

  func part(_ name: String) throws -> BoundFixture {
    BoundFixture(try #require(object[name] as? [String: Any], "\(name)"))
  }

  func numbers(_ name: String) throws -> [Double] {
    try #require(object[name] as? [Double], "\(name)")
  }

  func number(_ name: String) throws -> Double {
    try #require(object[name] as? Double, "\(name)")
  }

  func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
    Tensor(shape, try numbers(name).map { Float($0) })
  }

  /// The linear-Gaussian model x = W z + b + noise, with the posterior of a family; its encoder is
  /// zero.
  func model(_ posterior: Configuration.Posterior = .diagonal) throws -> Model {
    let model = Model(
      Configuration(
        image: ImageShape(channels: 1, height: 2, width: 2), latents: 2,
        network: .mlp(hidden: [], activation: .tanh),
        likelihood: .gaussianFixed(
          standardDeviation: Float(try number("deviation")), mean: .identity),
        posterior: posterior),
      seed: 1)
    for name in ["encoder.0.weight", "encoder.0.bias"] {
      let shape = try #require(model.parameters[name]).shape
      model.parameters[name] = Tensor(shape)
    }
    model.parameters["decoder.0.weight"] = try tensor("weight", [4, 2])
    model.parameters["decoder.0.bias"] = try tensor("bias", [4])
    return model
  }

  /// Three pictures, `[3, 1, 2, 2]`.
  func pictures() throws -> Tensor { try tensor("x", [3, 1, 2, 2]) }
}

extension Model {
  /// The values of expressions of inputs and this model's parameters.
  func values(
    of inputs: [Tensor], backend: any Backend = PortableBackend(),
    _ expressions: (Graph, [Value]) -> [Value]
  ) throws -> [Tensor] {
    let graph = Graph()
    let values = inputs.enumerated().map { graph.input("x\($0)", $1.shape) }
    let outputs = expressions(graph, values)
    let plan = try Plan(graph, outputs: outputs, parameters: parameters, backend: backend)
    for (index, input) in inputs.enumerated() { plan.fill("x\(index)", with: input) }
    try plan.run()
    return outputs.indices.map { plan.output($0) }
  }
}

/// Running mean and variance of vectors.
struct VectorMoments {
  private(set) var count = 0
  private(set) var mean: [Double]
  private var squares: [Double]

  init(_ size: Int) {
    mean = [Double](repeating: 0, count: size)
    squares = mean
  }

  mutating func add(_ vector: some Sequence<Float>) {
    count += 1
    for (index, number) in vector.enumerated() {
      let difference = Double(number) - mean[index]
      mean[index] += difference / Double(count)
      squares[index] += difference * (Double(number) - mean[index])
    }
  }

  /// Of one draw.
  var variance: [Double] { squares.map { $0 / Double(max(1, count - 1)) } }
  /// Of one draw, summed over the vector.
  var totalVariance: Double { variance.reduce(0, +) }

  /// The largest difference of two means in units of its standard error.
  func largestScore(against other: VectorMoments) -> Double {
    mean.indices.map { i in
      let error = variance[i] / Double(count) + other.variance[i] / Double(other.count)
      return abs(mean[i] - other.mean[i]) / max(error.squareRoot(), 1e-12)
    }.max() ?? 0
  }
}
