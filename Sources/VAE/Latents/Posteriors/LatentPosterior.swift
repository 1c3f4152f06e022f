import Graphs
import Tensors

/// q(z|x) of a flat model, a row a picture, as nodes of a graph.
package protocol LatentPosterior {
  /// E[z], `[N, D]`; of a flow, where it takes the base's mean.
  var mean: Value { get }
  /// The logarithm of every latent's variance, `[N, D]`; of a flow, that of its linearization there.
  var logVariance: Value { get }

  /// What a draw takes.
  var noise: NoiseCounts { get }

  /// Each row `count` times in turn.
  func repeated(_ count: Int) -> Self

  /// The same distribution, through whose parameters no gradient flows.
  func stoppingGradient() -> Self

  /// A draw a row, reparameterized: gradients flow through it into the parameters.
  func draw(_ noise: LatentNoise) -> PosteriorDraw

  /// log q(z|x), `[N]`.
  ///
  /// - Precondition: the family's density is tractable at any point (`PosteriorFamily`).
  func logDensity(_ z: Value) -> Value

  /// KL(q(z|x) || p(z)), `[N]`; nil where there is no closed form.
  func divergence(from prior: any LatentPrior) -> Value?
}

extension LatentPosterior {
  package var noise: NoiseCounts { NoiseCounts(normal: mean.shape[1]) }
}

/// A draw z of each row's posterior.
package struct PosteriorDraw {
  /// `[N, D]`.
  let latents: Value
  /// log q(z|x), `[N]`.
  let logDensity: Value
}

extension DiagonalGaussian: LatentPosterior {
  package func stoppingGradient() -> DiagonalGaussian {
    DiagonalGaussian(
      mean: mean.stoppingGradient(), logVariance: logVariance.stoppingGradient())
  }

  package func draw(_ noise: LatentNoise) -> PosteriorDraw {
    PosteriorDraw(
      latents: sample(noise: noise.normals),
      // The density at mean + sigma noise, where the standardized latent is the noise itself.
      logDensity: (noise.normals.squared() + logVariance + logTwoPi).sumOfRows() * -0.5)
  }

  package func divergence(from prior: any LatentPrior) -> Value? {
    prior is StandardNormalPrior ? divergenceFromStandardNormal() : nil
  }
}
