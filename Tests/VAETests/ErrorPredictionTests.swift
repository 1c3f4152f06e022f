import Graphs
import Tensors
import Testing

@testable import VAE

/// What a conditional model predicts of its best estimate's error.
@Suite struct ErrorPredictionTests {
  private static func configuration(predictsError: Bool, widths: [Int] = []) -> Configuration {
    let start = Hierarchies.configuration(channels: 3)
    guard var hierarchy = start.hierarchy else { return start }
    hierarchy.predictsError = predictsError
    hierarchy.errorWidths = widths
    return Configuration(image: start.image, hierarchy: hierarchy)
  }

  private static func predicting(_ widths: [Int] = []) -> Model {
    Hierarchies.model(configuration(predictsError: true, widths: widths))
  }

  /// The parameters of what predicts the error.
  private static func names(_ model: Model) -> [String] {
    model.parameters.slots.map(\.name).filter { $0.hasPrefix("decoder.error") }
  }

  /// The loss, the estimate, and the logarithm of its error's variance; and the gradients by parameter.
  private func run(_ model: Model) throws -> (outputs: [Tensor], gradients: [String: [Float]]) {
    let graph = Graph()
    var training = TrainingConfiguration()
    training.boundWeight = 0.2
    let inputs = TrainingInputs(model, training, batchSize: 8, graph: graph)
    let condition = try #require(inputs.condition)
    let loss = model.network.objective(inputs, training).loss
    let estimate = model.hierarchical.pass(condition).estimate()
    let outputs = [loss, estimate.mean] + (estimate.logVariance.map { [$0] } ?? [])
    let specifications = model.network.parameters
    let function = try Function(
      graph, outputs, outputs: outputs,
      gradients: Array(
        zip(
          specifications.map(\.name),
          graph.gradient(
            of: loss,
            withRespectTo: specifications.map { graph.parameter($0.name, $0.shape) }))),
      parameters: model.parameters, backend: ReferenceBackend())
    var random = RandomSource(seed: 2)
    function.write { memory, _ in
      for input in [inputs.x, condition.observation, condition.maps] {
        memory.setUniform(input, using: &random)
      }
      memory.set(inputs.noise, using: &random)
    }
    let results = try function.run { results, values in values.map { results.tensor($0) } }
    let store = model.parameters
    let gradients = store.slots.map { slot in
      (
        slot.name,
        (slot.offset..<slot.offset + slot.shape.count).map { store.gradients[$0] }
      )
    }
    return (results, Dictionary(uniqueKeysWithValues: gradients))
  }

  /// 1/2 mean(d^2 / v + log v) is what the loss has more, and no other parameter's gradient feels it.
  @Test(arguments: [[], [3], [5, 2]])
  func nothingElseLearnsOfIt(_ widths: [Int]) throws {
    let model = Self.predicting(widths)
    let plain = Model(Self.configuration(predictsError: false), seed: 1)
    for slot in plain.parameters.slots {
      plain.parameters[slot.name] = try #require(model.parameters[slot.name])
    }
    let (found, before) = (try run(model), try run(plain))
    #expect(found.outputs.count == 3 && before.outputs.count == 2)
    #expect(found.outputs[1] == before.outputs[1])
    for (name, gradient) in before.gradients {
      let other = try #require(found.gradients[name])
      #expect(zip(gradient, other).allSatisfy { abs($0 - $1) <= 1e-6 + 1e-4 * abs($0) }, "\(name)")
    }
    let own = found.gradients.filter { before.gradients[$0.key] == nil }
    #expect(own.keys.sorted() == Self.names(model).sorted())
    #expect(own.count == 2 * (widths.count + 1))
    #expect(own.values.allSatisfy { $0.contains { $0 != 0 } })
  }

  /// Around a constant c, log v = 7 tanh(b / 7) - 7, whatever the picture, where the weights are 0.
  @Test func varianceIsWithinItsRange() throws {
    for (bias, expected) in [(Float(0), Float(-7)), (1000, 0), (-1000, -14), (2, -5.052)] {
      let model = Self.predicting()
      for name in ["decoder.error.weight", "decoder.error.bias"] {
        let shape = try #require(model.parameters[name]).shape
        model.parameters[name] = Tensor(shape, repeating: name.hasSuffix("bias") ? bias : 0)
      }
      let logVariance = try run(model).outputs[2]
      #expect(logVariance.shape == [8, 1, 8, 8])
      #expect(logVariance.elements.allSatisfy { abs($0 - expected) < 2e-3 })
    }
  }

  /// By a few steps down its own gradient the prediction becomes the mean squared error.
  @Test(arguments: [[], [4]])
  func itLearnsTheError(_ widths: [Int]) throws {
    let model = Self.predicting(widths)
    let first = try run(model).outputs[0][0]
    for _ in 0..<400 {
      let gradients = try run(model).gradients
      for name in Self.names(model) {
        let value = try #require(model.parameters[name])
        let gradient = try #require(gradients[name])
        model.parameters[name] = Tensor(
          value.shape, zip(value.elements, gradient).map { $0 - 0.5 * $1 })
      }
    }
    #expect(try run(model).outputs[0][0] < first - 0.1)
  }

  @Test func filesAndForms() throws {
    let (with, without) = (
      Self.configuration(predictsError: true), Self.configuration(predictsError: false)
    )
    for configuration in [with, without] {
      let text = configuration.json.description
      #expect(text.contains("predicts_error") == (configuration == with))
      #expect(try Configuration(json: .init(parsing: text)) == configuration)
    }
    #expect(with.extends(without))
    #expect(!without.extends(with))
    let text = with.json.description.replacing(
      #""predicts_error":true"#, with: #""predicts_error":1"#)
    #expect(throws: ConfigurationError.self) { try Configuration(json: .init(parsing: text)) }
  }

  /// Hidden layers are told in the file; a model without them can become one with them.
  @Test func hiddenLayersInFiles() throws {
    let plain = Self.configuration(predictsError: true)
    let deep = Self.configuration(predictsError: true, widths: [5, 2])
    let text = deep.json.description
    #expect(text.contains(#""error_widths":[5,2]"#))
    #expect(!plain.json.description.contains("error_widths"))
    #expect(try Configuration(json: .init(parsing: text)) == deep)
    #expect(deep.extends(plain) && !plain.extends(deep))
    #expect(!deep.extends(Self.configuration(predictsError: true, widths: [5])))
    let (model, start) = (Self.predicting([5, 2]), Self.predicting())
    let (taken, new) = model.takeParameters(of: start)
    #expect(new == Self.names(model) && taken == start.parameters.slots.count - 2)
    for (widths, predicts) in [("[0]", "true"), ("[1,1,1,1,1]", "true"), ("[5,2]", "false")] {
      let other = text.replacing("[5,2]", with: widths)
        .replacing(#""predicts_error":true"#, with: #""predicts_error":\#(predicts)"#)
      #expect(throws: ConfigurationError.self) { try Configuration(json: .init(parsing: other)) }
    }
  }
}
