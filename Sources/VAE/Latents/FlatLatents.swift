import Graphs
import Networks
import Tensors

/// Posterior and prior of a flat model: their trainable tensors beside encoder and decoder, and how
/// they follow from the encoder's output.
struct FlatLatents: Sendable {
  private let configuration: Configuration

  init(_ configuration: Configuration) { self.configuration = configuration }

  private var family: any PosteriorFamily { configuration.posterior.family }

  /// Of the posterior beside the encoder's.
  var posteriorParameters: [ParameterSpecification] {
    family.parameters(latents: configuration.latents, configuration.network.activation)
  }

  var priorParameters: [ParameterSpecification] {
    switch configuration.prior {
    case .standardNormal, .standardLogNormal, .standardExponential: []
    case .mixture(let count):
      MixturePrior.parameters(components: count, latents: configuration.latents)
    case .vamp(let count):
      VampPrior.parameters(pseudoInputs: count, image: configuration.image)
    }
  }

  /// q(z|x).
  ///
  /// - Parameter output: the encoder's, `[N, Configuration.encoderOutputs]`.
  func posterior(_ output: Value) -> any LatentPosterior {
    family.posterior(
      output, latents: configuration.latents, configuration.network.activation)
  }

  /// p(z).
  ///
  /// - Parameter encoder: `[K, C, H, W] -> [K, Configuration.encoderOutputs]`.
  func prior(_ graph: Graph, encoder: Sequential) -> any LatentPrior {
    switch configuration.prior {
    case .standardNormal: return StandardNormalPrior()
    case .standardLogNormal: return StandardLogNormalPrior()
    case .standardExponential: return StandardExponentialPrior()
    case .mixture(let count):
      return MixturePrior(graph, components: count, latents: configuration.latents)
    case .vamp(let count):
      let pictures = VampPrior.pictures(
        graph, pseudoInputs: count, image: configuration.image)
      return VampPrior(outputs: encoder(pictures), posterior: posterior)
    }
  }

  /// What a draw of the posterior takes.
  var posteriorNoise: NoiseCounts {
    posterior(Graph().input("output", [1, configuration.encoderOutputs])).noise
  }

  /// What a draw of the prior takes.
  var priorNoise: NoiseCounts {
    switch configuration.prior {
    case .standardNormal, .standardLogNormal: NoiseCounts(normal: configuration.latents)
    case .standardExponential: NoiseCounts(uniform: configuration.latents)
    case .mixture: NoiseCounts(normal: configuration.latents, uniform: 1)
    case .vamp:
      NoiseCounts(normal: posteriorNoise.normal, uniform: posteriorNoise.uniform + 1)
    }
  }
}

extension Configuration {
  /// The numbers of a picture that the encoder gives.
  var encoderOutputs: Int { posterior.family.encoderOutputs(latents: latents) }

  /// Whether KL(q(z|x) || p(z)) has a closed form. Of a hierarchical model it has, group by group
  /// given the draws above.
  public var hasClosedDivergence: Bool {
    if hierarchy != nil { return true }
    var small = self
    small.latents = 1
    switch prior {
    case .mixture, .vamp: return false
    case .standardNormal, .standardLogNormal, .standardExponential: break
    }
    guard posterior.hasTractableDensity else { return false }
    let graph = Graph()
    let latents = FlatLatents(small)
    let posterior = latents.posterior(graph.input("output", [1, small.encoderOutputs]))
    let prior = latents.prior(graph, encoder: Sequential([]))
    return posterior.divergence(from: prior) != nil
  }
}

extension Configuration.Network {
  var activation: UnaryFunction {
    switch self {
    case .mlp(_, let activation), .convolutional(_, _, _, let activation): activation.function
    case .hierarchical(let hierarchy): hierarchy.activation.function
    }
  }
}
