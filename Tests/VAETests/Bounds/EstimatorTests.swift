import Graphs
import Tensors
import Testing

@testable import VAE

/// What the estimators of one bound have in common, and in what they differ.
@Suite struct EstimatorTests {
  private let fixture: BoundFixture

  init() throws { fixture = try BoundFixture() }

  /// Of the fixture's first picture, at a posterior that is not the best.
  private func moments(
    _ estimator: Estimator, draws: Int, seed: UInt64
  ) throws -> (gradient: VectorMoments, bound: VectorMoments) {
    var random = RandomSource(seed: seed)
    let picture = Tensor([1, 1, 2, 2], Array(try fixture.pictures().elements.prefix(4)))
    return try EstimatorGradients(
      fixture.model(), estimator, picture: picture, mean: Tensor([1, 2], [0.75, 0.25]),
      logVariance: Tensor([1, 2], [-1, -1.25])
    ).moments(draws: draws, using: &random)
  }

  /// A z-test of every component over 10,000 draws each.
  @Test func aAndBAndTheScoreFunctionAgreeInExpectation() throws {
    let b = try moments(.sgvbB, draws: 10_000, seed: 1)
    for (estimator, seed) in [(.sgvbA, 2), (.scoreFunction, 3)] as [(Estimator, UInt64)] {
      let other = try moments(estimator, draws: 10_000, seed: seed)
      #expect(b.gradient.largestScore(against: other.gradient) < 4, "\(estimator)")
      #expect(b.bound.largestScore(against: other.bound) < 4, "\(estimator)")
    }
  }

  @Test func bHasLessVarianceThanAAndTheScoreFunctionFarMore() throws {
    let a = try moments(.sgvbA, draws: 4000, seed: 4).gradient.totalVariance
    let b = try moments(.sgvbB, draws: 4000, seed: 5).gradient.totalVariance
    let score = try moments(.scoreFunction, draws: 4000, seed: 6).gradient.totalVariance
    #expect(b < a, "\(b), \(a)")
    #expect(score > 3 * a, "\(score), \(a)")
  }

  /// Tucker et al. 2019: the same expectation, less variance.
  @Test func doublyReparameterizedGradientsAgreeWithTheBoundsOwn() throws {
    let own = try moments(.importanceWeighted(samples: 8), draws: 10_000, seed: 7)
    let double = try moments(
      .importanceWeighted(samples: 8, isDoublyReparameterized: true), draws: 10_000, seed: 8)
    #expect(own.gradient.largestScore(against: double.gradient) < 4)
    #expect(own.bound.largestScore(against: double.bound) < 4)
    #expect(double.gradient.totalVariance < own.gradient.totalVariance)
  }

  /// L_1 <= L_5 <= L_50 <= log p(x) (Burda et al. 2016, theorem 1), the last close to it.
  @Test func moreImportanceSamplesTightenTheBound() throws {
    let bounds = try [1, 5, 50].map {
      try moments(.importanceWeighted(samples: $0), draws: 2000, seed: 10).bound.mean[0]
    }
    let exact = try fixture.numbers("log_marginal")[0]
    #expect(bounds[0] < bounds[1] && bounds[1] < bounds[2] && bounds[2] < exact + 0.01)
    #expect(exact - bounds[2] < 0.1, "\(bounds), exactly \(exact)")
  }

  /// The weight of the rate is taken into every estimator's loss alike: A's and B's agree under it.
  @Test func rateWeight() throws {
    let model = try fixture.model()
    var random = RandomSource(seed: 12)
    let inputs = [
      try fixture.pictures(), random.normal([3 * 4000, 2]), Tensor([1, 1], [0.3]),
    ]
    let losses = try model.values(of: inputs) { graph, inputs in
      [Estimator.sgvbA, .sgvbB].map { estimator in
        BoundEstimate(
          model.flat, inputs[0], posterior: model.flat.posterior(inputs[0]),
          noise: LatentNoise(normal: inputs[1]), samples: 4000, estimator: estimator,
          rateWeight: inputs[2].reshaped(to: .scalar)
        ).loss
      }
    }
    #expect(abs(losses[0][0] - losses[1][0]) < 0.01 * abs(losses[1][0]))
  }

  @Test(
    "what does not work is told with its reason",
    arguments: [
      (
        .sgvbB, .diagonal, .mixture(components: 3),
        .noClosedDivergence(.diagonal, .mixture(components: 3))
      ),
      (
        .sgvbB, .inverseAutoregressiveFlow(steps: 1, hidden: 4), .standardNormal,
        .noClosedDivergence(
          .inverseAutoregressiveFlow(steps: 1, hidden: 4), .standardNormal)
      ),
      (
        .scoreFunction, .inverseAutoregressiveFlow(steps: 1, hidden: 4), .standardNormal,
        .noTractableDensity(.scoreFunction)
      ),
      (
        .importanceWeighted(samples: 2, isDoublyReparameterized: true),
        .inverseAutoregressiveFlow(steps: 1, hidden: 4), .standardNormal,
        .noTractableDensity(.importanceWeighted(samples: 2, isDoublyReparameterized: true))
      ),
      (.importanceWeighted(samples: 0), .diagonal, .standardNormal, .importanceSamples(0)),
    ] as [(Estimator, Configuration.Posterior, Configuration.Prior, TrainingProblem)])
  func problems(
    estimator: Estimator, posterior: Configuration.Posterior, prior: Configuration.Prior,
    problem: TrainingProblem
  ) throws {
    var configuration = try fixture.model().configuration
    configuration.flat?.posterior = posterior
    configuration.flat?.prior = prior
    #expect(configuration.form.problem(of: estimator) == problem)
    var training = TrainingConfiguration()
    training.estimator = estimator
    #expect(throws: TrainingProblem.self) {
      try Trainer(
        Model(configuration, seed: 1), training, exampleCount: 3, backend: PortableBackend())
    }
  }

  @Test(
    "what does not go together is refused before a graph is made",
    arguments: [
      (0, nil, nil, .importanceWeighted(samples: 5), .noNoise(.importanceWeighted(samples: 5))),
      (1, 1, 0, .sgvbB, .groups(0, latents: 2)),
      (1, 1, 100_000, .sgvbB, .groups(100_000, latents: 2)),
      (1, 1, nil, .sgvbA, .freeBits(.sgvbA, .diagonal, .standardNormal)),
      (1, nil, nil, .importanceWeighted(samples: 10_000), .draws(20_000)),
    ] as [(Float, Float?, Int?, Estimator, TrainingProblem)])
  func combinations(
    beta: Float, freeBits: Float?, groups: Int?, estimator: Estimator, problem: TrainingProblem
  ) throws {
    let model = try fixture.model()
    var training = TrainingConfiguration()
    training.samples = 2
    (training.beta, training.freeBits, training.latentGroups) = (beta, freeBits, groups)
    training.estimator = estimator
    #expect(training.problem(for: model.configuration) == problem)
    #expect(throws: TrainingProblem.self) {
      try Trainer(model, training, exampleCount: 3, backend: PortableBackend())
    }
  }
}
