import Graphs
import Networks
import Tensors

/// Where a run with patience found the highest bound on the pictures held out.
package struct BestBound: Hashable, Sendable {
  /// In nats per picture, the rate weighted by beta.
  package let bound: Double
  /// The steps that had been done.
  package let step: Int
}

extension Trainer {
  /// Takes notice of a look at the pictures held out, of a run with patience: what did best so far is
  /// kept and becomes the model. Looks during the warm-up are passed over, as the rate does not count
  /// in full.
  ///
  /// - Parameter validation: of the run's result as it is now.
  package func consider(_ validation: ValidationSummary) {
    guard let best, rateWeight >= 1 else { return }
    let bound =
      -(validation.bound.rate * Double(configuration.beta) + validation.bound.distortion)
    if let former = state.best, !(bound > former.bound) { return }
    state.best = BestBound(bound: bound, step: state.step)
    withResult { best.take() }
  }

  /// Whether the patience is at an end: the bound has not risen for so many epochs.
  package var isExhausted: Bool {
    guard let patience = configuration.patience, let best = state.best else { return false }
    return state.step - best.step >= patience * stepsPerEpoch
  }

  /// Runs `body` while the model's parameters are what the run has to show: those that did best on
  /// the pictures held out, where there is patience, otherwise those of `withResult`.
  package func withBest<R>(_ body: () throws -> R) rethrows -> R {
    guard let best, state.best != nil else { return try withResult(body) }
    return try best.withCopy(body)
  }
}
