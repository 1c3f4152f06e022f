/// What does not go together in a run.
extension TrainingConfiguration {
  /// Why a model cannot be trained so, in lower case with the remedy; nil where all is well.
  public func problem(for model: Configuration) -> String? {
    estimator.problem(for: model) ?? drawsProblem ?? groupsProblem(for: model)
      ?? denoisingProblem(for: model)
  }

  private var drawsProblem: String? {
    if beta == 0 && estimator != .sgvbA && estimator != .sgvbB {
      return "--beta 0 draws no noise, of which \(estimator.name) makes its estimate; choose "
        + "--estimator sgvb-b"
    }
    let draws = samples * estimator.importanceSamples
    guard draws <= 10_000 else {
      return "expected --samples times --importance-samples of at most 10000 draws, found \(draws)"
    }
    return nil
  }

  private func groupsProblem(for model: Configuration) -> String? {
    if let latentGroups {
      guard model.hierarchy == nil else {
        return "--latent-groups belongs to models with one group of latents"
      }
      guard latentGroups > 0 && model.latents % latentGroups == 0 else {
        return "expected a divisor of the \(model.latents) latents as --latent-groups, found "
          + "\(latentGroups)"
      }
    }
    guard freeBits != nil && model.hierarchy == nil,
      estimator != .sgvbB || model.posterior != .diagonal || model.prior != .standardNormal
    else { return nil }
    return "--free-bits need the rate of every latent in closed form: expected the estimator "
      + "sgvb-b, the posterior diagonal and the prior standard-normal, found \(estimator.name), "
      + "\(model.posterior.name) and \(model.prior.name)"
  }

  private func denoisingProblem(for model: Configuration) -> String? {
    denoising == nil || !model.isConditional
      ? nil
      : "--denoising-criterion belongs to models without an observation; see --damage"
  }
}

/// A run that does not go with its model.
public struct TrainingConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}
