import Graphs
import Tensors
import Testing

@testable import VAE

/// A linear-Gaussian model of two latents whose exact posterior is correlated: what a posterior of
/// a family can reach is known in closed form.
@Suite struct CorrelatedPosteriorTests {
  private let fixture: BoundFixture

  init() throws { fixture = try BoundFixture() }

  @Test func fullCovarianceReachesTheExactMarginalLikelihood() throws {
    let exact = try fixture.numbers("log_marginal")
    for (bound, marginal) in zip(try fixture.fittedBounds(.full), exact) {
      #expect(abs(bound - marginal) < 0.02, "\(bound) of \(marginal)")
    }
  }

  /// The best factorized posterior falls short by 1/2 (log det diag(P) - log det P), P being the
  /// exact posterior's precision.
  @Test func diagonalCovarianceFallsShortByWhatIsKnown() throws {
    let exact = try fixture.numbers("log_marginal")
    let gap = try fixture.number("diagonal_gap")
    #expect(gap > 0.2)
    for (bound, marginal) in zip(try fixture.fittedBounds(.diagonal), exact) {
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
          model.flat, inputs[0], posterior: posterior,
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
