import Foundation
import Graphs
import Networks
import Tensors
import Testing

@testable import VAE

/// A linear-Gaussian model of two latents whose exact posterior is correlated: what a posterior of
/// a family can reach is known in closed form.
@Suite struct CorrelatedPosteriorTests {
  private let fixture: BoundFixture

  init() throws { fixture = try BoundFixture() }

  /// Fits the encoder, the decoder held as it is, and returns the bounds of the three pictures.
  private func fittedBounds(_ posterior: Configuration.Posterior) throws -> [Double] {
    let model = try fixture.model(posterior)
    let graph = Graph()
    let x = graph.input("x", [3, 1, 2, 2])
    let draws = 16
    let noise = LatentNoise(graph, rows: 3 * draws, model.network.posteriorNoise)
    let bound = model.network.bound(x, noise: noise, samples: draws).bound
    let names = ["encoder.0.weight", "encoder.0.bias"]
    let parameters = names.map { name in
      graph.parameter(name, model.parameters[name]?.shape ?? .scalar)
    }
    let gradients = graph.gradient(of: -bound.mean(), withRespectTo: parameters)
    let plan = try Plan(
      graph, outputs: [bound], gradients: Array(zip(names, gradients)),
      parameters: model.parameters, backend: PortableBackend())
    plan.fill("x", with: try fixture.pictures())
    let optimizer = Optimizer(
      .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), model.parameters)
    var random = RandomSource(seed: 4)
    let steps = 1500
    for step in 0..<steps {
      plan.fillNoise(using: &random)
      try plan.run()
      let factor = 0.5 * (1 + cos(Double.pi * Double(step) / Double(steps)))
      optimizer.step(learningRate: 0.03 * Float(factor))
    }
    var sums = [Double](repeating: 0, count: 3)
    let runs = 400
    for _ in 0..<runs {
      plan.fillNoise(using: &random)
      try plan.run()
      for row in 0..<3 { sums[row] += Double(plan.outputBuffer(0)[row]) / Double(runs) }
    }
    return sums
  }

  @Test func fullCovarianceReachesTheExactMarginalLikelihood() throws {
    let exact = try fixture.numbers("log_marginal")
    for (bound, marginal) in zip(try fittedBounds(.full), exact) {
      #expect(abs(bound - marginal) < 0.02, "\(bound) of \(marginal)")
    }
  }

  /// The best factorised posterior falls short by 1/2 (log det diag(P) - log det P), P being the
  /// exact posterior's precision.
  @Test func diagonalCovarianceFallsShortByWhatIsKnown() throws {
    let exact = try fixture.numbers("log_marginal")
    let gap = try fixture.number("diagonal_gap")
    #expect(gap > 0.2)
    for (bound, marginal) in zip(try fittedBounds(.diagonal), exact) {
      #expect(abs(bound - (marginal - gap)) < 0.03, "\(bound) of \(marginal - gap)")
    }
  }

  /// With the exact posterior every importance weight is p(x): the bound by draws alone has no
  /// scatter at all.
  @Test func theExactPosteriorHasWeightsThatAreAllAlike() throws {
    let model = try fixture.model(.full)
    let cholesky = try fixture.numbers("posterior_cholesky")
    let means = try fixture.tensor("posterior_mean", [3, 2])
    var random = RandomSource(seed: 9)
    let values = try model.values(
      of: [fixture.pictures(), means, random.normal([3 * 50, 2])]
    ) { graph, inputs in
      let scale = graph.constant(Tensor([1, 2], [Float(cholesky[0]), Float(cholesky[3])]))
      let factor = graph.constant(Tensor([1, 2, 2], [0, 0, Float(cholesky[2]), 0]))
      let posterior = FamilyPosterior(
        distribution: FullGaussian(
          location: inputs[1], scale: scale.broadcast(to: [3, 2]),
          factor: factor.broadcast(to: [3, 2, 2])))
      return [
        BoundEstimate(
          model.network, inputs[0], posterior: posterior,
          noise: LatentNoise(normal: inputs[2]), samples: 50, estimator: .sgvbA
        ).bound.bound
      ]
    }
    let exact = try fixture.numbers("log_marginal")
    for (row, bound) in values[0].elements.enumerated() {
      #expect(abs(Double(bound) - exact[row / 50]) < 1e-4)
    }
  }
}
