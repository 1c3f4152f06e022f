import Graphs
import Tensors

@testable import VAE

/// What a test knows of its model.
extension Model {
  /// - Precondition: the model is flat.
  var flat: FlatModel {
    guard let flat = network as? FlatModel else { preconditionFailure("a flat model") }
    return flat
  }

  /// - Precondition: the model is hierarchical.
  var hierarchical: HierarchicalModel {
    guard let model = network as? HierarchicalModel else {
      preconditionFailure("a hierarchical model")
    }
    return model
  }
}

/// Pictures of the size that the model was trained on.
extension Model {
  func likelihood(_ z: Value) -> any PixelDistribution {
    network.likelihood(z, of: configuration.image)
  }

  func priorSample(noise: LatentNoise) -> Value {
    network.priorSample(noise: noise, temperature: nil, of: configuration.image)
  }

  var posteriorNoise: NoiseCounts { network.posteriorNoise(of: configuration.image) }
}
