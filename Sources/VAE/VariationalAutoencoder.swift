import Graphs
import Networks
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A variational autoencoder as a function of graphs: q(z|x), p(z), p(x|z) and the bound.
///
/// The latents of a picture are `[D]`; those of a hierarchical model are its groups one after
/// another, from the finest grid to the coarsest, `[c, h, w]` each. A conditional model sees here a
/// picture of which nothing was observed; `restoration(of:)` gives it an observation.
public struct VariationalAutoencoder: Sendable {
  public let configuration: Configuration
  private let networks: Networks

  private enum Networks: Sendable {
    case flat(FlatNetworks)
    case hierarchical(HierarchicalNetworks)
  }

  public init(_ configuration: Configuration) {
    self.configuration = configuration
    if let hierarchy = configuration.hierarchy {
      networks = .hierarchical(
        HierarchicalNetworks(hierarchy, channels: configuration.image.channels))
    } else {
      networks = .flat(FlatNetworks(configuration))
    }
  }

  /// All trainable tensors, the encoder's first.
  public var parameters: [ParameterSpecification] {
    switch networks {
    case .flat(let networks): networks.parameters
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

  /// q(z|x); of a hierarchical model, every group given the groups above.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]` in [0, 1].
  ///   - noise: standard normal numbers, `[N, D]`, for the draws of the groups above; their means
  ///     are taken without it.
  public func posterior(_ x: Value, noise: Value? = nil) -> DiagonalGaussian {
    switch networks {
    case .flat(let networks):
      let output = networks.encoder(x)
      let latents = configuration.latents
      return DiagonalGaussian(
        mean: output.sliced(axis: 1, 0..<latents),
        logVariance: output.sliced(axis: 1, latents..<2 * latents))
    case .hierarchical(let networks):
      let posteriors = pass(networks, like: x).posteriorPath(
        x, noise: noise.map(split)
      ).posteriors
      return DiagonalGaussian(
        mean: joined(posteriors.map(\.mean)), logVariance: joined(posteriors.map(\.logVariance)))
    }
  }

  /// p(x|z).
  ///
  /// - Parameter z: `[N, D]`.
  public func likelihood(_ z: Value) -> PixelDistribution {
    switch networks {
    case .flat(let networks):
      return PixelDistribution(
        configuration.likelihood, decoderOutput: networks.decoder(z),
        sharedLogVariance: networks.sharedLogVariance?.logVariance(in: z.graph))
    case .hierarchical(let networks):
      let groups = split(z)
      let pass = pass(networks, like: z)
      return pass.likelihood(pass.decode { level, _, _ in groups[level] })
    }
  }

  /// Draws from the prior p(z), `[N, D]`.
  ///
  /// - Parameter noise: standard normal numbers, `[N, D]`.
  public func priorSample(noise: Value) -> Value {
    guard case .hierarchical(let networks) = networks else { return noise }
    let groups = split(noise)
    var latents = groups
    _ = pass(networks, like: noise).decode { level, prior, _ in
      latents[level] = prior.sample(noise: groups[level])
      return latents[level]
    }
    return joined(latents)
  }

  /// E[x|z] of draws z from the prior, `[N, C, H, W]`.
  ///
  /// - Parameter noise: standard normal numbers, `[N, D]`.
  func priorPicture(noise: Value) -> Value {
    guard case .hierarchical(let networks) = networks else { return likelihood(noise).mean }
    return pass(networks, like: noise).priorSample(noise: split(noise))
  }

  /// The evidence lower bound of each picture by estimator B (AEVB, equation 7): the rate in closed
  /// form, the distortion from `samples` draws. The closed form of a hierarchical model's lower
  /// groups depends on the draws of the upper ones and is averaged over them.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]` in [0, 1].
  ///   - noise: standard normal numbers, `[N L, D]`, L to a picture.
  ///   - samples: L.
  public func bound(_ x: Value, noise: Value, samples: Int = 1) -> EvidenceLowerBound {
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
