import Graphs
import Networks
import Tensors

/// Posterior and prior of a flat model: their trainable tensors beside encoder and decoder, and how
/// they follow from the encoder's output.
struct FlatLatents: Sendable {
  private let configuration: Configuration
  private let flow: InverseAutoregressiveFlow?

  init(_ configuration: Configuration) {
    self.configuration = configuration
    if case .inverseAutoregressiveFlow(let steps, let hidden) = configuration.posterior {
      flow = InverseAutoregressiveFlow(
        latents: configuration.latents, steps: steps, hidden: hidden,
        activation: configuration.network.activation)
    } else {
      flow = nil
    }
  }

  /// Of the posterior beside the encoder's.
  var posteriorParameters: [ParameterSpecification] { flow?.parameters ?? [] }

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
    if let flow { return FlowPosterior(flow, encoderOutput: output) }
    if configuration.posterior == .diagonal {
      return DiagonalGaussian(mean: part(output, 0), logVariance: part(output, 1))
    }
    return FamilyPosterior(distribution: distribution(output))
  }

  /// The D numbers of each row at a place of the encoder's output.
  private func part(_ output: Value, _ index: Int) -> Value {
    let latents = configuration.latents
    return output.sliced(axis: 1, index * latents..<(index + 1) * latents)
  }

  /// The family's member that the encoder's output describes.
  private func distribution(_ output: Value) -> any ReparameterizedDistribution {
    let first = part(output, 0)
    func scale() -> Value { part(output, 1).exp() }
    func concentration() -> Value { first.softplus() + Self.smallestConcentration }
    switch configuration.posterior {
    case .diagonal, .inverseAutoregressiveFlow:
      return Gaussian(location: first, scale: (part(output, 1) * 0.5).exp())
    case .full:
      let latents = configuration.latents
      let start = 2 * latents
      return FullGaussian(
        location: first, scale: (part(output, 1) * 0.5).exp(),
        factor: output.sliced(axis: 1, start..<start + latents * latents)
          .reshaped(to: [output.shape[0], latents, latents]))
    case .laplace: return Laplace(location: first, scale: scale())
    case .logistic: return Logistic(location: first, scale: scale())
    case .studentT(let degrees):
      return StudentT(
        degreesOfFreedom: first.graph.constant(degrees, first.shape), location: first,
        scale: scale())
    case .logNormal: return LogNormal(location: first, scale: scale())
    case .gamma: return Gamma(concentration: concentration(), rate: scale())
    case .exponential: return Exponential(rate: first.exp())
    case .weibull: return Weibull(concentration: concentration(), scale: scale())
    }
  }

  /// The least concentration of gamma and Weibull posteriors: below it most of the mass is at zero,
  /// beyond what floating point can tell apart.
  static let smallestConcentration: Float = 0.1

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
    let output = Graph().input("output", [1, configuration.encoderOutputs])
    guard let posterior = posterior(output) as? FamilyPosterior else {
      return NoiseCounts(normal: configuration.latents)
    }
    return NoiseCounts(posterior.distribution)
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
  var encoderOutputs: Int { posterior.encoderOutputs(latents: latents) }

  /// How the encoder's last layer starts: a full covariance as the diagonal one, since random
  /// correlations at first are noise to be unlearned.
  var encoderInitializer: Initializer {
    posterior == .full ? .glorotThenZeros(outputs: 2 * latents) : .glorot
  }

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
    if case .inverseAutoregressiveFlow = posterior { return false }
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
