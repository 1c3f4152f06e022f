import Graphs
import Tensors
import Testing

@testable import VAE

@Suite struct RestorationWindowTests {
  private static func model(_ levels: Int, blocks: Int) -> Model {
    let hierarchy = Hierarchy(
      widths: Array([24, 25, 26].prefix(levels)), targetWidths: Array([2, 2, 2].prefix(levels)),
      latents: Array([2, 1, 2].prefix(levels)), blocks: blocks, activation: .relu,
      isConditional: true)
    let image = ImageShape(
      channels: 1, height: 2 * hierarchy.stride, width: 2 * hierarchy.stride)
    return Model(Configuration(image: image, hierarchy: hierarchy), seed: 3)
  }

  /// With weights that are all positive and no biases the model is linear where its input is
  /// positive, and nothing cancels: what an impulse reaches, be it by a rounding error, is the
  /// receptive field.
  @Test(arguments: [1, 2, 3], [1, 2])
  func theHaloCoversTheReceptiveField(_ levels: Int, _ blocks: Int) throws {
    let model = Self.model(levels, blocks: blocks)
    let hierarchy = try #require(model.configuration.hierarchy)
    for slot in model.parameters.slots {
      let isBias = slot.shape.rank == 1
      let fanIn = Float(slot.shape.dimensions.dropFirst().reduce(1, *))
      model.parameters[slot.name] = Tensor(slot.shape, repeating: isBias ? 0 : 1 / fanIn)
    }
    let width = 4 * hierarchy.halo
    let (height, alignment) = (hierarchy.alignment, hierarchy.alignment)
    let graph = Graph()
    let window = RestorationWindow(height: height, width: width)
    let condition = ConditionValues(
      observation: graph.constant(0.5, [1, 1, height, width]),
      maps: graph.input("maps", [1, ConditionValues.mapCount, height, width]))
    let plan = try Plan(
      graph, outputs: [model.network.estimate(condition, window)], parameters: model.parameters,
      backend: PortableBackend())
    var farthest = 0
    for source in width / 2..<width / 2 + alignment {
      plan.input("maps")?.update(repeating: 0)
      plan.input("maps")?[4 * height * width + source] = 1e30
      try plan.run()
      let result = plan.outputBuffer(0)
      let cell = source / alignment * alignment
      for (index, value) in result.enumerated() where value != 0.5 {
        let column = index % width / alignment * alignment
        farthest = max(farthest, abs(column - cell))
      }
    }
    #expect(farthest <= hierarchy.halo)
    #expect(farthest >= hierarchy.halo - 3 * alignment)
  }

  @Test(arguments: [1, 3], [0, 1])
  func aWindowHasTheWholePicturesNumbers(_ levels: Int, _ blocks: Int) throws {
    let model = Self.model(levels, blocks: blocks)
    var random = RandomSource(seed: 4)
    for slot in model.parameters.slots {
      let noise = random.normal(slot.shape)
      let fanIn = Float(slot.shape.dimensions.dropFirst().reduce(1, *))
      model.parameters[slot.name] = Tensor(
        slot.shape, noise.elements.map { $0 / fanIn.squareRoot() })
    }
    let hierarchy = try #require(model.configuration.hierarchy)
    let (halo, alignment) = (hierarchy.halo, hierarchy.alignment)
    let (height, width) = (2 * halo + 3 * alignment, halo + 2 * alignment)
    let observation = random.uniform([1, 1, height, width])
    let maps = random.uniform([1, ConditionValues.mapCount, height, width])
    let whole = try run(
      model, RestorationWindow(height: height, width: width), observation, maps)
    // With margins above, below and to the right; to the left the picture ends.
    let window = RestorationWindow(
      height: height, width: width,
      margins: RestorationWindow.Margins(top: halo, bottom: halo, left: 0, right: halo))
    let part = try run(model, window, observation, maps)
    #expect(part.estimate == part.quietSample)
    for row in 0..<window.coreHeight {
      for column in 0..<window.coreWidth {
        #expect(
          part.estimate[row * window.coreWidth + column]
            == whole.estimate[(row + halo) * width + column])
      }
    }
  }

  private func run(
    _ model: Model, _ window: RestorationWindow, _ observation: Tensor, _ maps: Tensor
  ) throws -> (estimate: Tensor, quietSample: Tensor) {
    let graph = Graph()
    let condition = ConditionValues(
      observation: graph.input("observation", observation.shape),
      maps: graph.input("maps", maps.shape))
    let hierarchy = try #require(model.configuration.hierarchy)
    let features = model.network.features(condition, window)
    let noise = (0..<hierarchy.levels).map {
      graph.constant(0, window.grid(hierarchy, level: $0).shape)
    }
    let core = condition.observation.narrowed(from: window.margins, to: .zero)
    let sample = model.network.sample(
      features: features, observation: core, noise: noise, window)
    let plan = try Plan(
      graph, outputs: [model.network.estimate(condition, window), sample],
      parameters: model.parameters, backend: PortableBackend())
    plan.fill("observation", with: observation)
    plan.fill("maps", with: maps)
    try plan.run()
    return (plan.output(0), plan.output(1))
  }
}
