/// What goes wrong with a run that goes on: how to say it, and what to do about it, is the caller's.
package enum TrainingFault: Hashable, Sendable {
  /// The latents say nothing of the pictures: a rate, in nats per picture.
  case collapse(rate: Double)
  /// A continuous likelihood says more than there is to say of 8-bit samples: the mean logarithm of its
  /// density, in nats a sample.
  case finerThanLevels(nats: Double)
  /// Pictures held out are explained worse than before, those to learn from better: bounds, in nats.
  case overfitting(bound: Double, best: Double)
}

/// Finds each fault of a run once.
struct TrainingFaults {
  private var collapse = PosteriorCollapse()
  private var isFinerFound = false
  private var isOverfittingFound = false
  /// When the bound on the pictures held out was highest.
  private var best: (validation: Double, training: Double)?

  /// The mean log density of a sample of 8 bits, in nats, above which most of it lies between two levels:
  /// a level's probability would be more than 1.
  static let finestDensity = 5.545_177_444_479_562
  /// What a bound must have lost against the best, as a share of it, to have become worse.
  static let loss = 0.02

  /// After a step.
  mutating func find(in trainer: Trainer) -> TrainingFault? {
    if let rate = collapse.rate(in: trainer) { return .collapse(rate: rate) }
    let likelihood = trainer.model.configuration.likelihood
    guard !isFinerFound, !likelihood.isDiscrete, !trainer.model.configuration.isConditional,
      trainer.state.step >= PosteriorCollapse.firstStep,
      trainer.state.step % trainer.stepsPerEpoch == 0, let bound = trainer.runningBound
    else { return nil }
    let nats = -bound.distortion / Double(trainer.model.configuration.image.count)
    guard nats > Self.finestDensity else { return nil }
    isFinerFound = true
    return .finerThanLevels(nats: nats)
  }

  /// After a look at the pictures held out.
  mutating func find(in trainer: Trainer, _ validation: ValidationSummary) -> TrainingFault? {
    guard trainer.rateWeight >= 1, let running = trainer.runningBound,
      !trainer.model.configuration.isConditional
    else { return nil }
    let (now, training) = (validation.bound.bound, -(running.rate + running.distortion))
    guard let former = best, now <= former.validation else {
      best = (now, training)
      return nil
    }
    guard !isOverfittingFound, trainer.configuration.patience == nil, training > former.training,
      former.validation - now > Self.loss * abs(former.validation)
    else { return nil }
    isOverfittingFound = true
    return .overfitting(bound: now, best: former.validation)
  }
}
