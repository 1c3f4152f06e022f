import VAE

/// Tells once of a run in which the posterior has become the prior: then the latents say nothing of
/// the picture, and the decoder paints one mean picture (Bowman et al. 2016).
struct CollapseWarning {
  private var isTold = false

  /// Nats per picture over an epoch below which nothing is left of the latents.
  static let smallestRate = 0.1
  /// Steps before which a rate has not had the time to grow.
  static let firstStep = 500

  /// Whether the epoch that the last step ended has shown it first. While the rate does not count in
  /// full nothing is said, nor of conditional models, whose prior may know all there is to know.
  mutating func isSeen(in trainer: Trainer) -> Bool {
    guard !isTold, trainer.state.step >= Self.firstStep,
      trainer.state.step % trainer.stepsPerEpoch == 0, trainer.rateWeight >= 1,
      trainer.configuration.beta > 0, !trainer.model.configuration.isConditional,
      let bound = trainer.runningBound, bound.rate < Self.smallestRate
    else { return false }
    isTold = true
    return true
  }

  static func text(_ trainer: Trainer) -> String {
    let rate = decimal(trainer.runningBound?.rate ?? 0, 3)
    var remedies: [String] = []
    if trainer.configuration.rateWarmUp == nil { remedies.append("--warm-up") }
    if trainer.configuration.freeBits == nil { remedies.append("--free-bits") }
    remedies.append(
      trainer.configuration.beta > 1 ? "a smaller --beta" : "a smaller --learning-rate")
    return "the posterior has collapsed: a rate of \(rate) nats says nothing of a picture; try "
      + remedies.joined(separator: ", ")
  }
}
