import Graphs
import Tensors
import Testing

@testable import VAE

/// The gradient of a model's training objective along its own direction in each tensor, and along random
/// directions of all, against central differences.
struct GradientCheck {
  private typealias Objective = (inputs: TrainingInputs, loss: Value)
  private let model: Model
  private let function: Function<Objective>

  init(_ model: Model, _ training: TrainingConfiguration, batchSize: Int) throws {
    self.model = model
    let graph = Graph()
    let inputs = TrainingInputs(model, training, batchSize: batchSize, graph: graph)
    let objective = model.network.objective(inputs, training)
    let parameters = model.network.parameters.map { graph.parameter($0.name, $0.shape) }
    function = try Function(
      graph, (inputs, objective.loss), outputs: [objective.loss],
      gradients: Array(
        zip(
          model.network.parameters.map(\.name),
          graph.gradient(of: objective.loss, withRespectTo: parameters))),
      parameters: model.parameters, backend: ReferenceBackend())
  }

  /// - Parameter fill: writes the inputs.
  func run(
    _ fill: (FunctionInputs, TrainingInputs, inout RandomSource) throws -> Void
  ) throws {
    var random = RandomSource(seed: 2)
    try function.write { memory, values in try fill(memory, values.inputs, &random) }
    try function.run { _, _ in }
    let store = model.parameters
    let start = Array(UnsafeBufferPointer(start: store.values, count: store.count))
    let gradient = Array(UnsafeBufferPointer(start: store.gradients, count: store.count))
    for slot in store.slots {
      var direction = [Float](repeating: 0, count: store.count)
      for index in slot.offset..<slot.offset + slot.shape.count {
        direction[index] = gradient[index]
      }
      try check(slot.name, direction, from: start, gradient)
    }
    for _ in 0..<4 {
      var direction = [Float](repeating: 0, count: store.count)
      for slot in store.slots {
        for index in slot.offset..<slot.offset + slot.shape.count {
          direction[index] = random.nextUniform() - 0.5
        }
      }
      try check("a random direction", direction, from: start, gradient)
    }
  }

  private func check(
    _ name: String, _ direction: [Float], from start: [Float], _ gradient: [Float]
  ) throws {
    let length = direction.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    try #require(length > 0, "\(name) has no gradient")
    let step: Float = 0.02
    let losses = try [step, -step, 2 * step, -2 * step].map { step in
      for index in start.indices {
        model.parameters.values[index] = start[index] + step * direction[index] / length
      }
      return try function.run { Double($0.scalar($1.loss)) }
    }
    // Five points, so that the third derivative does not matter.
    let difference = (8 * (losses[0] - losses[1]) - (losses[2] - losses[3])) / Double(12 * step)
    let product = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let expected = product / Double(length)
    #expect(
      abs(difference - expected) < 0.01 * abs(expected) + 3e-4,
      "\(name): \(difference), expected \(expected)")
  }
}
