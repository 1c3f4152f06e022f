/// What does not go together in a run. How to say it, and what to do about it, is the caller's.
public enum TrainingProblem: Error, Hashable, Sendable {
  /// A hierarchical model is trained with `Estimator.sgvbB` alone.
  case estimatorOfHierarchy(Estimator)
  /// `Estimator.sgvbB` needs the divergence of the posterior from the prior in closed form.
  case noClosedDivergence(Configuration.Posterior, Configuration.Prior)
  /// Expected 1 to 10000 importance samples.
  case importanceSamples(Int)
  /// The estimator needs the posterior's density as a function of the latents, for which an inverse
  /// autoregressive flow would have to be inverted.
  case noTractableDensity(Estimator)
  /// A beta of 0 draws no noise, of which the estimator makes its estimate.
  case noNoise(Estimator)
  /// Expected at most 10000 draws: those of the posterior times those of an estimate.
  case draws(Int)
  /// A hierarchical model's groups of latents are its levels.
  case groupsOfHierarchy
  /// Expected a divisor of the number of latents.
  case groups(Int, latents: Int)
  /// Free bits need the rate of every latent in closed form: `Estimator.sgvbB`, the posterior diagonal
  /// and the prior standard normal.
  case freeBits(Estimator, Configuration.Posterior, Configuration.Prior)
  /// A conditional model's observations are damaged already.
  case denoisingOfConditional
  /// Every rank's share of a batch must be as large as the others': expected a multiple.
  case batch(Int, ranks: Int, multiple: Int)
}

extension TrainingConfiguration {
  /// Why a model cannot be trained so; nil where all is well.
  public func problem(for model: Configuration) -> TrainingProblem? {
    estimator.problem(for: model) ?? drawsProblem ?? groupsProblem(for: model)
      ?? (denoising != nil && model.isConditional ? .denoisingOfConditional : nil)
  }

  /// Why so many ranks cannot train a model together; nil where they can.
  ///
  /// - Parameter batchSize: of the whole batch.
  public func problem(
    for model: Configuration, ranks: Int, batchSize: Int
  ) -> TrainingProblem? {
    // Of a conditional model's batch the bound is taken over the first quarter.
    let multiple = ranks * (model.isConditional ? 4 : 1)
    return ranks == 1 || batchSize % multiple == 0
      ? nil : .batch(batchSize, ranks: ranks, multiple: multiple)
  }

  private var drawsProblem: TrainingProblem? {
    if beta == 0 && estimator != .sgvbA && estimator != .sgvbB { return .noNoise(estimator) }
    let draws = samples * estimator.importanceSamples
    return draws > 10_000 ? .draws(draws) : nil
  }

  private func groupsProblem(for model: Configuration) -> TrainingProblem? {
    if let latentGroups {
      guard model.hierarchy == nil else { return .groupsOfHierarchy }
      guard latentGroups > 0 && model.latents % latentGroups == 0 else {
        return .groups(latentGroups, latents: model.latents)
      }
    }
    guard freeBits != nil && model.hierarchy == nil,
      estimator != .sgvbB || model.posterior != .diagonal || model.prior != .standardNormal
    else { return nil }
    return .freeBits(estimator, model.posterior, model.prior)
  }
}

extension Estimator {
  /// Why this does not work with a model; nil where all is well.
  public func problem(for configuration: Configuration) -> TrainingProblem? {
    if configuration.hierarchy != nil && self != .sgvbB { return .estimatorOfHierarchy(self) }
    let isTractable = configuration.posterior.hasTractableDensity
    switch self {
    case .sgvbA: return nil
    case .sgvbB:
      return configuration.hasClosedDivergence
        ? nil : .noClosedDivergence(configuration.posterior, configuration.prior)
    case .importanceWeighted(let samples, let isDoublyReparameterized):
      guard (1...10_000).contains(samples) else { return .importanceSamples(samples) }
      return isDoublyReparameterized && !isTractable ? .noTractableDensity(self) : nil
    case .scoreFunction: return isTractable ? nil : .noTractableDensity(self)
    }
  }
}
