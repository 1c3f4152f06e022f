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

/// A variational autoencoder as a function of graphs: q(z|x), p(x|z) and the bound.
public struct VariationalAutoencoder: Sendable {
  public let configuration: Configuration
  private let networks: FlatNetworks

  public init(_ configuration: Configuration) {
    self.configuration = configuration
    networks = FlatNetworks(configuration)
  }

  /// All trainable tensors, the encoder's first.
  public var parameters: [ParameterSpecification] {
    networks.encoder.parameters + networks.decoder.parameters
  }

  /// q(z|x).
  ///
  /// - Parameter x: `[N, C, H, W]` in [0, 1].
  public func posterior(_ x: Value) -> DiagonalGaussian {
    let output = networks.encoder(x)
    let latents = configuration.latents
    return DiagonalGaussian(
      mean: output.sliced(axis: 1, 0..<latents),
      logVariance: output.sliced(axis: 1, latents..<2 * latents))
  }

  /// p(x|z).
  ///
  /// - Parameter z: `[N, D]`.
  public func likelihood(_ z: Value) -> PixelDistribution {
    PixelDistribution(configuration.likelihood, decoderOutput: networks.decoder(z))
  }

  /// The evidence lower bound of each picture by estimator B (AEVB, equation 7): the rate in closed
  /// form, the distortion from `samples` draws.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]` in [0, 1].
  ///   - noise: standard normal numbers, `[N L, D]`, L to a picture.
  ///   - samples: L.
  public func bound(_ x: Value, noise: Value, samples: Int = 1) -> EvidenceLowerBound {
    let posterior = posterior(x)
    let z = posterior.repeated(samples).sample(noise: noise)
    let logLikelihood = likelihood(z).logDensity(x.repeatingRows(samples))
    return EvidenceLowerBound(
      rate: posterior.divergenceFromStandardNormal(),
      distortion: logLikelihood.reshaped(to: [x.shape[0], samples]).sum([1]) * (-1 / Float(samples))
    )
  }

  /// log p(x, z) - log q(z|x) for draws z of the posterior: the logarithms of the importance
  /// weights, `[N L]` (AEVB appendix D; Burda, Grosse and Salakhutdinov 2016, section 3).
  public func logImportanceWeights(_ x: Value, noise: Value, samples: Int) -> Value {
    let posterior = posterior(x).repeated(samples)
    let z = posterior.sample(noise: noise)
    return likelihood(z).logDensity(x.repeatingRows(samples)) + StandardNormal.logDensity(z)
      - posterior.logDensity(z)
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
