import Graphs
import Networks
import Platform
import Tensors

/// A variational autoencoder as a function of graphs: q(z|x), p(z), p(x|z) and what it is trained for.
/// What every model can do.
///
/// The latents of a picture are `[D]`; those of several groups stand one after another, from the finest
/// grid to the coarsest, `[c, h, w]` each. The extents of pictures are those of the values.
package protocol VariationalAutoencoder: Sendable {
  /// All trainable tensors, the encoder's first.
  var parameters: [ParameterSpecification] { get }

  /// What a draw of the posterior takes.
  func posteriorNoise(of image: ImageShape) -> NoiseCounts
  /// What a draw of the prior takes.
  func priorNoise(of image: ImageShape) -> NoiseCounts

  /// q(z|x) by its means and variances, and a draw from it: those of every group given the draws of the
  /// groups above.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]` in [0, 1].
  ///   - noise: `[N, ...]`; nil takes the means of the groups above.
  func encoded(_ x: Value, noise: LatentNoise?) -> EncodedPictures

  /// Draws from the posteriors of pictures.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]` in [0, 1].
  ///   - seen: what the encoder sees instead, as many; nil for `x`.
  ///   - noise: `[N L, ...]`, L rows to a picture.
  ///   - samples: L.
  func draws(_ x: Value, seeing seen: Value?, noise: LatentNoise, samples: Int) -> PosteriorDraws

  /// p(x|z).
  ///
  /// - Parameter z: `[N, D]`.
  func likelihood(_ z: Value, of image: ImageShape) -> any PixelDistribution

  /// log p(z) of latents `[N, D]`, `[N]`, as far as fitting a Gaussian to latents has to know it.
  func priorLogDensity(_ z: Value) -> Value

  /// Draws from the prior p(z), `[N, D]`.
  ///
  /// - Parameters:
  ///   - noise: as much as `priorNoise` says a row.
  ///   - temperature: a scalar, what every standard deviation is multiplied by; nil for 1.
  func priorSample(noise: LatentNoise, temperature: Value?, of image: ImageShape) -> Value

  /// p(x|z) for draws z from the prior.
  ///
  /// - Parameters: as `priorSample` has them.
  func priorPicture(
    noise: LatentNoise, temperature: Value?, of image: ImageShape
  ) -> any PixelDistribution

  /// What training makes small.
  func objective(
    _ inputs: TrainingInputs, _ training: TrainingConfiguration
  ) -> TrainingObjective
}

/// Posteriors of pictures, a row each.
package struct EncodedPictures {
  /// The posterior; of another than the diagonal Gaussian, the Gaussian that has its means and variances.
  package let posterior: DiagonalGaussian
  /// Draws, `[N, D]`; nil where they are the Gaussian's for the noise.
  package let draws: Value?
}

/// The bound of each picture and its two parts, `[N]`, in nats.
package struct EvidenceLowerBound {
  /// KL(q(z|x) || p(z)).
  package let rate: Value
  /// -E_q[log p(x|z)].
  package let distortion: Value

  /// L(x) = -(rate + distortion).
  package var bound: Value { -(rate + distortion) }
}

/// The natural logarithm of a constant.
func logOf(_ x: Float) -> Float { Float(log(Double(x))) }

/// e^x, for numbers of a network's output.
func expOf(_ x: Float) -> Float { Float(exp(Double(x))) }

func cosOf(_ x: Float) -> Float { Float(cos(Double(x))) }
