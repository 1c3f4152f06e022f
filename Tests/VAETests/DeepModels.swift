import Tensors

@testable import VAE

/// Small deep models with random parameters.
enum DeepModels {
  /// Of a picture of 6x7: grids of 4x4 and 2x2 after padding, and the top.
  static func configuration(
    likelihood: Configuration.Likelihood = .bernoulli, channels: Int = 1
  ) -> Configuration {
    Configuration(
      image: ImageShape(channels: channels, height: 6, width: 7),
      deep: DeepForm(
        widths: [5, 6, 7], latents: [1, 2, 3], groups: [2, 1, 1], blocks: 1, activation: .tanh,
        likelihood: likelihood))
  }

  /// Of a picture of 2x2: a grid of one cell, and the top.
  static let smallest = Configuration(
    image: ImageShape(channels: 1, height: 2, width: 2),
    deep: DeepForm(
      widths: [6, 6], latents: [1, 2], groups: [1, 1], blocks: 1, activation: .tanh,
      likelihood: .bernoulli))

  /// - Parameters:
  ///   - noise: what the first values are moved by.
  ///   - posteriorNoise: what those of the posteriors' last layers are.
  static func model(
    _ configuration: Configuration = configuration(), noise: Float = 0.15,
    posteriorNoise: Float = 0.15
  ) -> Model {
    let model = Model(configuration, seed: 3)
    var random = RandomSource(seed: 8)
    for slot in model.parameters.slots {
      guard let start = model.parameters[slot.name] else { continue }
      let noise = slot.name.contains(".posterior.1.") ? posteriorNoise : noise
      model.parameters[slot.name] = Tensor(
        slot.shape,
        zip(start.elements, random.normal(slot.shape).elements).map { $0 + noise * $1 })
    }
    return model
  }
}
