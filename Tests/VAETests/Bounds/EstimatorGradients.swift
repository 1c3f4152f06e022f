import Graphs
import Tensors

@testable import VAE

/// Gradients of the loss with respect to a picture's posterior, draw after draw.
struct EstimatorGradients {
  private let function: Function<(noise: LatentNoise, gradient: Value, bound: Value)>
  private let size: Int

  /// - Parameters:
  ///   - picture: `[1, C, H, W]`.
  ///   - mean: of the posterior, `[1, D]`.
  ///   - logVariance: `[1, D]`.
  init(
    _ model: Model, _ estimator: Estimator, samples: Int = 1, picture: Tensor, mean: Tensor,
    logVariance: Tensor
  ) throws {
    let graph = Graph()
    let posterior = DiagonalGaussian(
      mean: graph.input(mean.shape), logVariance: graph.input(mean.shape))
    let x = graph.input(picture.shape)
    let noise = LatentNoise(
      graph, rows: samples * estimator.importanceSamples, model.posteriorNoise)
    let estimate = BoundEstimate(
      model.flat, x, posterior: posterior, noise: noise, samples: samples, estimator: estimator)
    let gradients = graph.gradient(
      of: estimate.loss, withRespectTo: [posterior.mean, posterior.logVariance])
    let (gradient, bound) = (
      Value.concatenate(gradients, axis: 1), estimate.bound.bound.mean()
    )
    function = try Function(
      graph, (noise, gradient, bound), outputs: [gradient, bound],
      parameters: model.parameters, backend: PortableBackend())
    size = 2 * mean.shape[1]
    function.write { inputs, _ in
      inputs.set(x, picture.elements)
      inputs.set(posterior.mean, mean.elements)
      inputs.set(posterior.logVariance, logVariance.elements)
    }
  }

  /// Moments of the gradient, means then log variances, and of the bound.
  func moments(
    draws: Int, using random: inout RandomSource
  ) throws -> (gradient: VectorMoments, bound: VectorMoments) {
    var (gradient, bound) = (VectorMoments(size), VectorMoments(1))
    for _ in 0..<draws {
      try function(
        { inputs, values in inputs.set(values.noise, using: &random) },
        read: { results, values in
          gradient.add(results[values.gradient])
          bound.add(results[values.bound])
        })
    }
    return (gradient, bound)
  }
}
