import Graphs
import Tensors

@testable import VAE

/// Small hierarchical models with random parameters: those a model starts with have a prior of
/// N(0, I) on every level.
enum Hierarchies {
  static func configuration(
    isConditional: Bool = true, channels: Int = 1, height: Int = 8, width: Int = 8
  ) -> Configuration {
    Configuration(
      image: ImageShape(channels: channels, height: height, width: width),
      hierarchy: Hierarchy(
        widths: [4, 5], targetWidths: [3, 4], latents: [2, 3], blocks: [1, 1], activation: .tanh,
        isConditional: isConditional))
  }

  static func model(_ configuration: Configuration = configuration()) -> Model {
    let model = Model(configuration, seed: 3)
    var random = RandomSource(seed: 8)
    for slot in model.parameters.slots {
      let noise = random.normal(slot.shape)
      guard let start = model.parameters[slot.name] else { continue }
      model.parameters[slot.name] = Tensor(
        slot.shape, zip(start.elements, noise.elements).map { $0 + 0.15 * $1 })
    }
    return model
  }

  /// A smooth picture with noise, in 256 levels.
  static func picture(channels: Int = 1, height: Int, width: Int, seed: UInt64 = 1) -> Tensor {
    var random = RandomSource(seed: seed)
    let shape: Shape = [channels, height, width]
    let noise = random.normal(shape)
    return Tensor(
      shape,
      noise.elements.indices.map { index in
        let slope = Float(index % width) / Float(width) * 0.6 + 0.2
        return min(max((slope + 0.05 * noise[index]) * 255, 0), 255).rounded() / 255
      })
  }
}

extension Plan {
  /// The outputs of an expression of a network's parameters and inputs, after a run.
  static func results(
    _ model: Model, _ inputs: [String: Tensor], _ outputs: (Graph) -> [Value]
  ) throws -> [Tensor] {
    let graph = Graph()
    let values = outputs(graph)
    let plan = try Plan(
      graph, outputs: values, parameters: model.parameters, backend: PortableBackend())
    for (name, tensor) in inputs { plan.fill(name, with: tensor) }
    try plan.run()
    return values.indices.map { plan.output($0) }
  }
}
