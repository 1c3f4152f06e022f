import Graphs
import Tensors
import Testing

@testable import VAE

private let image = ImageShape(channels: 1, height: 4, width: 4)

/// Black and white pictures: a bright half, whose place depends on the example, and noise.
final class HalfSource: BatchSource {
  let count = 16
  private var step: UInt64 = 0

  func next(into batch: TrainingBatch) {
    var random = RandomSource(seed: 2, stream: step)
    for index in batch.pixels.indices {
      let (row, column) = (index / image.count, index % 4)
      let isBright = row % 2 == 0 ? column < 2 : column >= 2
      batch.pixels[index] = random.nextUniform() < (isBright ? 0.9 : 0.1) ? 1 : 0
    }
    step += 1
  }
}

/// Every combination that `train` accepts trains; what it refuses has a reason.
@Suite struct TrainingSweepTests {
  private static let likelihoods: [Configuration.Likelihood] = [
    .bernoulli, .continuousBernoulli, .gaussian(mean: .sigmoid),
    .gaussianFixed(standardDeviation: 0.3, mean: .identity), .gaussianShared(mean: .sigmoid),
    .discretizedLogistic(mean: .sigmoid),
    .discretizedLogisticMixture(components: 2, mean: .sigmoid),
  ]

  private static let estimators: [Estimator] = [
    .sgvbA, .sgvbB, .importanceWeighted(samples: 3),
    .importanceWeighted(samples: 3, isDoublyReparameterized: true), .scoreFunction,
  ]

  static let latents: [(Configuration.Posterior, Configuration.Prior)] = {
    let posteriors: [Configuration.Posterior] = [
      .diagonal, .full, .laplace, .logistic, .studentT(degreesOfFreedom: 5), .logNormal, .gamma,
      .exponential, .weibull, .inverseAutoregressiveFlow(steps: 2, hidden: 6),
    ]
    let priors: [Configuration.Prior] = [
      .standardNormal, .standardLogNormal, .standardExponential, .mixture(components: 3),
      .vamp(pseudoInputs: 4),
    ]
    return posteriors.flatMap { posterior in priors.map { (posterior, $0) } }
  }()

  @Test(arguments: latents.indices)
  func trains(index: Int) throws {
    let (posterior, prior) = Self.latents[index]
    for likelihood in Self.likelihoods {
      let configuration = Configuration(
        image: image, latents: 2, network: .mlp(hidden: [8], activation: .tanh),
        likelihood: likelihood, posterior: posterior, prior: prior)
      if let problem = configuration.problem {
        #expect(problem.contains("choose the prior"), "\(problem)")
        continue
      }
      for estimator in Self.estimators {
        if configuration.form.problem(of: estimator) != nil { continue }
        try train(configuration, estimator)
      }
    }
  }

  private func train(_ configuration: Configuration, _ estimator: Estimator) throws {
    var training = TrainingConfiguration()
    training.batchSize = 16
    training.estimator = estimator
    training.learningRate = 0.01
    training.limit = .steps(50)
    let trainer = try Trainer(
      Model(configuration, seed: 3), training, exampleCount: 16, backend: PortableBackend())
    let source = HalfSource()
    var bounds: [Float] = []
    while !trainer.isDone {
      let step = try trainer.step(source)
      bounds.append(-(step.rate + step.distortion))
    }
    let (first, last) = (bounds.prefix(5).reduce(0, +) / 5, bounds.suffix(5).reduce(0, +) / 5)
    #expect(
      last > first,
      "\(configuration.posterior), \(configuration.prior), \(configuration.likelihood), \(estimator)"
    )
  }

  /// Half of the combinations are refused: none of what makes sense is.
  @Test func acceptedCombinations() {
    let accepted = Self.latents.filter { posterior, prior in
      Configuration(
        image: image, latents: 2, network: .mlp(hidden: [8], activation: .tanh),
        likelihood: .bernoulli, posterior: posterior, prior: prior
      ).problem == nil
    }
    // Six of real latents with two priors and a VampPrior but for the flow; four of positive ones
    // with three.
    #expect(accepted.count == 6 * 3 - 1 + 4 * 3)
  }
}
