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
  /// No parameter's name begins so; the names of the model's parts.
  case nothingTrained(String, parts: [String])
  /// A decay or a prior of the weights would change those that are not trained.
  case decayOfUntrained
  /// Every rank's share of a batch must be as large as the others': expected a multiple.
  case batch(Int, ranks: Int, multiple: Int)
}

extension TrainingConfiguration {
  /// Why a model cannot be trained so; nil where all is well.
  public func problem(for model: Configuration) -> TrainingProblem? {
    model.form.problem(of: estimator) ?? drawsProblem ?? trainedProblem(model)
      ?? model.form.problem(of: self)
  }

  private func trainedProblem(_ model: Configuration) -> TrainingProblem? {
    guard let trained else { return nil }
    if case .adamW = optimizer { return .decayOfUntrained }
    if weightPrior { return .decayOfUntrained }
    let names = model.form.model(of: model.image).parameters.map(\.name)
    let unknown = trained.first { part in !names.contains { $0.hasPrefix(part) } }
    return unknown.map {
      .nothingTrained($0, parts: Set(names.map { String($0.prefix { $0 != "." }) }).sorted())
    }
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
}
