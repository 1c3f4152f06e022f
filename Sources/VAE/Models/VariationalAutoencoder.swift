import Graphs
import Networks
import Platform
import Tensors

/// A variational autoencoder as a function of graphs: q(z|x), p(z), p(x|z) and the bound.
///
/// The latents of a picture are `[D]`; those of a hierarchical model are its groups one after
/// another, from the finest grid to the coarsest, `[c, h, w]` each. A conditional model sees here a
/// picture of which nothing was observed; `restoration(of:)` gives it an observation.
public struct VariationalAutoencoder: Sendable {
  public let configuration: Configuration
  private let networks: Networks

  private enum Networks: Sendable {
    case flat(FlatNetworks, FlatLatents)
    case hierarchical(HierarchicalNetworks)
  }

  public init(_ configuration: Configuration) {
    self.configuration = configuration
    if let hierarchy = configuration.hierarchy {
      networks = .hierarchical(
        HierarchicalNetworks(hierarchy, channels: configuration.image.channels))
    } else {
      networks = .flat(FlatNetworks(configuration), FlatLatents(configuration))
    }
  }

  /// All trainable tensors, the encoder's first.
  public var parameters: [ParameterSpecification] {
    switch networks {
    case .flat(let networks, let latents):
      networks.encoder.parameters + latents.posteriorParameters + networks.decoder.parameters
        + configuration.likelihood.family.parameters + latents.priorParameters
    case .hierarchical(let networks): networks.parameters
    }
  }

  /// The pass of a hierarchical model.
  ///
  /// - Precondition: the model is hierarchical.
  func pass(_ condition: ConditionValues) -> HierarchicalPass {
    guard case .hierarchical(let networks) = networks else {
      preconditionFailure("a flat model takes no condition")
    }
    return HierarchicalPass(networks, configuration.image, condition)
  }

  /// The pass of a window's core from what was encoded already.
  ///
  /// - Precondition: the model is hierarchical.
  func pass(
    features: [Value], observation: Value, window: RestorationWindow
  ) -> HierarchicalPass {
    guard case .hierarchical(let networks) = networks else {
      preconditionFailure("a flat model takes no condition")
    }
    return HierarchicalPass(networks, features: features, observation: observation, window: window)
  }

  /// The pass in which nothing was observed.
  private func pass(_ networks: HierarchicalNetworks, like x: Value) -> HierarchicalPass {
    HierarchicalPass(
      networks, configuration.image,
      .nothing(x.graph, configuration.image, count: x.shape[0]))
  }

  /// q(z|x) by its means and variances: those of every group of a hierarchical model given the groups
  /// above; of another posterior than the diagonal Gaussian, the Gaussian that has them.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]` in [0, 1].
  ///   - noise: standard normal numbers, `[N, D]`, for the draws of the groups above; their means
  ///     are taken without it.
  public func posterior(_ x: Value, noise: Value? = nil) -> DiagonalGaussian {
    switch networks {
    case .flat:
      let posterior = flatPosterior(x)
      return posterior as? DiagonalGaussian
        ?? DiagonalGaussian(mean: posterior.mean, logVariance: posterior.logVariance)
    case .hierarchical(let networks):
      let posteriors = pass(networks, like: x).posteriorPath(
        x, noise: noise.map(split)
      ).posteriors
      return DiagonalGaussian(
        mean: joined(posteriors.map(\.mean)), logVariance: joined(posteriors.map(\.logVariance)))
    }
  }

  /// q(z|x) of a flat model.
  ///
  /// - Precondition: the model is flat.
  func flatPosterior(_ x: Value) -> any LatentPosterior {
    let (networks, latents) = flatParts
    return latents.posterior(networks.encoder(x))
  }

  /// p(z) of a flat model.
  ///
  /// - Precondition: the model is flat.
  func flatPrior(_ graph: Graph) -> any LatentPrior {
    let (networks, latents) = flatParts
    return latents.prior(graph, encoder: networks.encoder)
  }

  private var flatParts: (FlatNetworks, FlatLatents) {
    guard case .flat(let networks, let latents) = networks else {
      preconditionFailure("a hierarchical model's decoder makes posteriors and priors")
    }
    return (networks, latents)
  }

  /// log p(z) of latents `[N, D]`, `[N]`; of a hierarchical model's N(0, I) stands in, which is what
  /// fitting a Gaussian to its latents knows of them.
  public func priorLogDensity(_ z: Value) -> Value {
    configuration.hierarchy == nil
      ? flatPrior(z.graph).logDensity(z) : StandardNormal.logDensity(z)
  }

  /// What a draw of the posterior takes.
  var posteriorNoise: NoiseCounts {
    guard case .flat(_, let latents) = networks else {
      return NoiseCounts(normal: configuration.latents)
    }
    return latents.posteriorNoise
  }

  /// What a draw of the prior takes.
  var priorNoise: NoiseCounts {
    guard case .flat(_, let latents) = networks else {
      return NoiseCounts(normal: configuration.latents)
    }
    return latents.priorNoise
  }

  /// p(x|z).
  ///
  /// - Parameter z: `[N, D]`.
  public func likelihood(_ z: Value) -> any PixelDistribution {
    switch networks {
    case .flat(let networks, _):
      return configuration.likelihood.family.distribution(networks.decoder(z))
    case .hierarchical(let networks):
      let groups = split(z)
      let pass = pass(networks, like: z)
      return pass.likelihood(pass.decode { level, _, _ in groups[level] })
    }
  }

  /// Draws from the prior p(z), `[N, D]`.
  ///
  /// - Parameters:
  ///   - noise: as much as `priorNoise` says a row.
  ///   - temperature: a scalar, what every standard deviation is multiplied by; nil for 1.
  func priorSample(noise: LatentNoise, temperature: Value? = nil) -> Value {
    switch networks {
    case .flat:
      let graph = (noise.normal ?? noise.uniforms).graph
      return flatPrior(graph).sample(noise, temperature: temperature ?? graph.constant(1))
    case .hierarchical(let networks):
      let groups = split(temperature.map { noise.normals * $0 } ?? noise.normals)
      var latents = groups
      _ = pass(networks, like: noise.normals).decode { level, prior, _ in
        latents[level] = prior.sample(noise: groups[level])
        return latents[level]
      }
      return joined(latents)
    }
  }

  /// E[x|z] of draws z from the prior, `[N, C, H, W]`.
  ///
  /// - Parameters: as `priorSample` has them.
  func priorPicture(noise: LatentNoise, temperature: Value? = nil) -> Value {
    switch networks {
    case .flat: return likelihood(priorSample(noise: noise, temperature: temperature)).mean
    case .hierarchical(let networks):
      let normals = temperature.map { noise.normals * $0 } ?? noise.normals
      return pass(networks, like: normals).priorSample(noise: split(normals))
    }
  }

  /// The evidence lower bound of each picture by estimator B (AEVB, equation 7): the rate in closed
  /// form, the distortion from `samples` draws. The closed form of a hierarchical model's lower
  /// groups depends on the draws of the upper ones and is averaged over them. Where there is no
  /// closed form, the rate is the draws' too.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]` in [0, 1].
  ///   - noise: `[N L, ...]`, L rows to a picture.
  ///   - samples: L.
  func bound(_ x: Value, noise: LatentNoise, samples: Int = 1) -> EvidenceLowerBound {
    draws(x, noise: noise, samples: samples).bound
  }

  /// `[N, D]` as the groups of a hierarchical model, `[N, c, h, w]` each, the finest first.
  func split(_ latents: Value) -> [Value] {
    guard let hierarchy = configuration.hierarchy else { return [latents] }
    var start = 0
    return (0..<hierarchy.levels).map { level in
      let grid = hierarchy.grid(level, of: configuration.image)
      let shape: Shape = [latents.shape[0], hierarchy.latents[level], grid.height, grid.width]
      let count = shape.count / shape[0]
      defer { start += count }
      return latents.sliced(axis: 1, start..<start + count).reshaped(to: shape)
    }
  }

  /// The inverse of `split`.
  private func joined(_ groups: [Value]) -> Value {
    .concatenate(groups.map { $0.flattened() }, axis: 1)
  }
}

/// The bound of each picture and its two parts, `[N]`, in nats.
public struct EvidenceLowerBound {
  /// KL(q(z|x) || p(z)).
  public let rate: Value
  /// -E_q[log p(x|z)].
  public let distortion: Value

  /// L(x) = -(rate + distortion).
  public var bound: Value { -(rate + distortion) }
}

/// The natural logarithm of a constant.
func logOf(_ x: Float) -> Float { Float(log(Double(x))) }

/// e^x, for numbers of a network's output.
func expOf(_ x: Float) -> Float { Float(exp(Double(x))) }

func cosOf(_ x: Float) -> Float { Float(cos(Double(x))) }
