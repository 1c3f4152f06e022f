import Graphs
import Networks
import Tensors
import Testing

@testable import VAE

/// Pieces of noise, of the first of which nothing is seen.
private final class NoiseSource: BatchSource {
  let count = 8
  private var random = RandomSource(seed: 3)

  func next(into batch: TrainingBatch) {
    random.fillNormal(batch.pixels.numbers)
    for place in batch.pixels.indices { batch.pixels[place] = 0.5 + 0.1 * batch.pixels[place] }
    guard let condition = batch.condition else { return }
    for place in batch.pixels.indices {
      condition.observation[place] = 0.8 * batch.pixels[place]
    }
    condition.maps.fill(with: 0.5)
    // The shared variance is learned from pictures of which nothing is seen.
    condition.maps.plane(0).fill(with: 0)
  }
}

/// Training of some parameters alone.
@Suite struct TrainedPartsTests {
  private static func model() throws -> Model {
    let start = Hierarchies.configuration(channels: 3)
    var hierarchy = try #require(start.hierarchy)
    hierarchy.predictsError = true
    hierarchy.errorWidths = [3]
    return Hierarchies.model(Configuration(image: start.image, hierarchy: hierarchy))
  }

  private static func training(_ parts: [String]?) -> TrainingConfiguration {
    var training = TrainingConfiguration(for: .photograph)
    training.batchSize = 4
    training.limit = .steps(3)
    training.trained = parts
    return training
  }

  @Test(arguments: [["decoder.error.", "likelihood"], ["decoder.error.out.bias"], nil])
  func theOthersStay(_ parts: [String]?) throws {
    let model = try Self.model()
    let before = model.parameters.slots.map { model.parameters[$0.name] }
    let trainer = try Trainer(
      model, Self.training(parts), exampleCount: 8, backend: PortableBackend())
    let source = NoiseSource()
    for _ in 0..<3 { try trainer.step(source) }
    trainer.withResult {
      for (slot, tensor) in zip(model.parameters.slots, before) {
        let isTrained = parts?.contains { slot.name.hasPrefix($0) } ?? true
        #expect((model.parameters[slot.name] != tensor) == isTrained, "\(slot.name)")
      }
    }
  }

  @Test func whatDoesNotGoTogether() throws {
    let configuration = try Self.model().configuration
    #expect(Self.training(["decoder."]).problem(for: configuration) == nil)
    #expect(
      Self.training(["decoder.", "encoder"]).problem(for: configuration)
        == .nothingTrained("encoder", parts: ["decoder", "likelihood", "observation", "target"]))
    var decaying = Self.training(["decoder."])
    decaying.weightPrior = true
    #expect(decaying.problem(for: configuration) == .decayOfUntrained)
    #expect(Self.training(["a"]).json != Self.training(nil).json)
  }
}
