/// Finds once of a run that the posterior has become the prior: then the latents say nothing of
/// the picture, and the decoder paints one mean picture (Bowman et al. 2016).
struct PosteriorCollapse {
  private var isFound = false

  /// Nats per picture over an epoch below which nothing is left of the latents.
  static let smallestRate = 0.1
  /// Steps before which a rate has not had the time to grow.
  static let firstStep = 500

  /// The rate where the epoch that the last step ended has shown it first. While the rate does not
  /// count in full nothing is found, nor of conditional models, whose prior may know all there is to
  /// know.
  mutating func rate(in trainer: Trainer) -> Double? {
    guard !isFound, trainer.state.step >= Self.firstStep,
      trainer.state.step % trainer.stepsPerEpoch == 0, trainer.rateWeight >= 1,
      trainer.configuration.beta > 0, !trainer.model.configuration.isConditional,
      let bound = trainer.runningBound, bound.rate < Self.smallestRate
    else { return nil }
    isFound = true
    return bound.rate
  }
}
