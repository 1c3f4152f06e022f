import Graphs
import Tensors

@testable import VAE

/// Gradients of the loss with respect to a picture's posterior, draw after draw.
struct EstimatorGradients {
  private let plan: Plan
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
      mean: graph.input("mean", mean.shape), logVariance: graph.input("logVariance", mean.shape))
    let estimate = BoundEstimate(
      model.network, graph.input("x", picture.shape), posterior: posterior,
      noise: LatentNoise(
        graph, rows: samples * estimator.importanceSamples, model.network.posteriorNoise),
      samples: samples, estimator: estimator)
    let gradients = graph.gradient(
      of: estimate.loss, withRespectTo: [posterior.mean, posterior.logVariance])
    plan = try Plan(
      graph, outputs: [.concatenate(gradients, axis: 1), estimate.bound.bound.mean()],
      parameters: model.parameters, backend: PortableBackend())
    size = 2 * mean.shape[1]
    plan.fill("x", with: picture)
    plan.fill("mean", with: mean)
    plan.fill("logVariance", with: logVariance)
  }

  /// Moments of the gradient, means then log variances, and of the bound.
  func moments(
    draws: Int, using random: inout RandomSource
  ) throws -> (gradient: VectorMoments, bound: VectorMoments) {
    var (gradient, bound) = (VectorMoments(size), VectorMoments(1))
    for _ in 0..<draws {
      plan.fillNoise(using: &random)
      try plan.run()
      gradient.add(plan.outputBuffer(0))
      bound.add(plan.outputBuffer(1))
    }
    return (gradient, bound)
  }
}
