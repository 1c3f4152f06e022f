import Graphs
import Tensors

/// A Gaussian with diagonal covariance over the latents, as nodes of a graph.
///
/// Shapes are `[N, D]`, or `[N, c, h, w]` for a group of latents on a grid.
package struct DiagonalGaussian {
  /// `[N, ...]`.
  package let mean: Value
  /// log sigma^2, `[N, ...]`.
  package let logVariance: Value

  package init(mean: Value, logVariance: Value) {
    self.mean = mean
    self.logVariance = logVariance
  }

  /// z = mean + sigma * noise: the reparameterization of AEVB, section 2.4.
  ///
  /// - Parameter noise: standard normal numbers, as many.
  package func sample(noise: Value) -> Value { mean + (logVariance * 0.5).exp() * noise }

  /// log q(z), `[N]`.
  package func logDensity(_ z: Value) -> Value {
    let squares = (z - mean).squared() * (-logVariance).exp()
    return (squares + logVariance + logTwoPi).sumOfRows() * -0.5
  }

  /// KL(q || N(0, I)) in closed form (AEVB, appendix B), `[N]`.
  package func divergenceFromStandardNormal() -> Value {
    (mean.squared() + logVariance.exp() - logVariance - 1).sumOfRows() * 0.5
  }

  /// What becomes of this Gaussian when N(0, I) becomes `other`: mean' = other.mean + other.sigma
  /// mean, sigma' = other.sigma sigma. Divergences and ratios of densities stay what they are.
  func mapped(through other: DiagonalGaussian) -> DiagonalGaussian {
    DiagonalGaussian(
      mean: other.sample(noise: mean), logVariance: other.logVariance + logVariance)
  }

  /// Each row `count` times: `[N, ...] -> [N count, ...]`.
  package func repeated(_ count: Int) -> DiagonalGaussian {
    DiagonalGaussian(mean: mean.repeatingRows(count), logVariance: logVariance.repeatingRows(count))
  }
}

/// A Gaussian with diagonal covariance (AEVB, equation 9).
struct DiagonalPosterior: PlainFamily, PosteriorFamily {
  static let name = "diagonal"
  static let summary: String? = "a Gaussian"

  func encoderOutputs(latents: Int) -> Int { 2 * latents }

  func posterior(
    _ output: Value, latents: Int, _ activation: UnaryFunction
  ) -> any LatentPosterior {
    DiagonalGaussian(
      mean: output.latents(0, of: latents), logVariance: output.latents(1, of: latents))
  }
}

extension Configuration.Posterior {
  public static var diagonal: Self { Self(DiagonalPosterior()) }
}

/// The prior over the latents, N(0, I).
package enum StandardNormal {
  /// log p(z) of `[N, ...]`, `[N]`.
  package static func logDensity(_ z: Value) -> Value {
    (z.squared() + logTwoPi).sumOfRows() * -0.5
  }
}

/// log 2 pi.
let logTwoPi: Float = 1.837_877_066_409_345_5

extension Value {
  /// The sum over all axes but the first, `[N]`.
  func sumOfRows() -> Value { sum(Array(1..<shape.rank)) }

  /// Each row `count` times in turn: `[N, ...] -> [N count, ...]`.
  func repeatingRows(_ count: Int) -> Value {
    if count == 1 { return self }
    let inner = shape.count / shape[0]
    return reshaped(to: [shape[0], 1, inner]).broadcast(to: [shape[0], count, inner])
      .reshaped(to: shape.replacing(axis: 0, with: shape[0] * count))
  }
}
