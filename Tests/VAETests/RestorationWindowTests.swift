import Graphs
import Tensors
import Testing

@testable import VAE

@Suite struct RestorationWindowTests {
  private static func model(_ levels: Int, blocks: Int) -> Model {
    let hierarchy = Hierarchy(
      widths: Array([24, 25, 26].prefix(levels)), targetWidths: Array([2, 2, 2].prefix(levels)),
      latents: Array([2, 1, 2].prefix(levels)),
      blocks: Array(repeating: blocks, count: levels), activation: .relu,
      isConditional: true)
    let image = ImageShape(
      channels: 1, height: 2 * hierarchy.stride, width: 2 * hierarchy.stride)
    return Model(Configuration(image: image, hierarchy: hierarchy), seed: 3)
  }

  /// With weights that are all positive and no biases the model is linear where its input is
  /// positive, and nothing cancels: what an impulse reaches is the receptive field, which rounding
  /// errors extend to tiles of places.
  @Test(arguments: [1, 2, 3], [1, 2])
  func theHaloCoversTheReceptiveField(_ levels: Int, _ blocks: Int) throws {
    let model = Self.model(levels, blocks: blocks)
    let hierarchy = try #require(model.configuration.hierarchy)
    var random = RandomSource(seed: 8)
    for slot in model.parameters.slots {
      let isBias = slot.shape.rank == 1
      let fanIn = Float(slot.shape.dimensions.dropFirst().reduce(1, *))
      let weights = random.uniform(slot.shape).elements.map { (0.5 + $0) / fanIn }
      model.parameters[slot.name] = Tensor(slot.shape, weights.map { isBias ? 0 : $0 })
    }
    let field = try farthest(model, hierarchy, .nowhere)
    let withErrors = try farthest(model, hierarchy, .exceptLocal)
    // One 3x3 kernel first and one last, two a block in the encoder and four in the decoder.
    let kernels = (0..<levels).reduce(2 * 2) { $0 + 6 * blocks * (2 << $1) }
    #expect(field >= kernels - hierarchy.alignment)
    #expect(withErrors > field)
    #expect(withErrors <= hierarchy.halo)
  }

  /// How far an impulse reaches, in whole aligned cells.
  private func farthest(
    _ model: Model, _ hierarchy: Hierarchy, _ use: MinimalFiltering
  ) throws -> Int {
    let (width, height) = (4 * hierarchy.halo, hierarchy.alignment)
    let graph = Graph()
    let condition = ConditionValues(
      observation: graph.constant(0.5, [1, 1, height, width]),
      maps: graph.input("maps", [1, ConditionValues.mapCount, height, width]))
    let window = RestorationWindow(height: height, width: width)
    let plan = try Plan(
      graph, outputs: [model.hierarchical.estimate(condition, window).mean],
      parameters: model.parameters,
      backend: PortableBackend().with(use))
    func cell(_ column: Int) -> Int { column / hierarchy.alignment * hierarchy.alignment }
    var farthest = 0
    for source in stride(from: width / 2, to: width / 2 + hierarchy.alignment, by: 3) {
      plan.input("maps")?.update(repeating: 0)
      plan.input("maps")?[4 * height * width + source] = 1e30
      try plan.run()
      for (index, value) in plan.outputBuffer(0).enumerated() where value != 0.5 {
        farthest = max(farthest, abs(cell(index % width) - cell(source)))
      }
    }
    return farthest
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
    let noise = (0..<hierarchy.levels).map {
      graph.constant(0, window.grid(hierarchy, level: $0).shape)
    }
    let sample = model.hierarchical.samples(condition, noise: [noise], window)[0]
    let plan = try Plan(
      graph, outputs: [model.hierarchical.estimate(condition, window).mean, sample],
      parameters: model.parameters, backend: PortableBackend().with(.exceptLocal))
    plan.fill("observation", with: observation)
    plan.fill("maps", with: maps)
    try plan.run()
    return (plan.output(0), plan.output(1))
  }
}
