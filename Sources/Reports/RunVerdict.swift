import VAE

/// What a run's course says at once: whether the model learns.
package struct RunVerdict: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    case good, neutral, bad
  }

  package let state: State
  package let words: String

  package init(_ state: State, _ words: String) {
    self.state = state
    self.words = words
  }

  /// Below which nothing is left of the latents, in nats per picture.
  private static let collapsedRate = 0.1
  /// What a number must have lost against the best, as a share of all that was gained, to have become worse.
  private static let loss = 0.02
  /// The share of the looks after the best one from which on nothing more is expected.
  private static let patience = 0.25

  /// - Parameters:
  ///   - history: of the run.
  ///   - isConditional: whether the model restores, which is told in dB.
  package init(_ history: RunHistory, isConditional: Bool) {
    let unit = isConditional ? "dB" : "nats"
    func value(_ entry: RunHistory.Entry) -> Double? {
      isConditional ? entry.heldOutRatio : entry.heldOut?.bound
    }
    func trained(_ entry: RunHistory.Entry) -> Double? {
      isConditional ? entry.trainingRatio : entry.training?.bound
    }
    let entries = history.entries.filter { ($0.rateWeight ?? 1) > 0 }
    let hasHeldOut = entries.contains { value($0) != nil }
    let looks = entries.compactMap { entry -> (entry: RunHistory.Entry, value: Double)? in
      (hasHeldOut ? value(entry) : trained(entry)).map { (entry, $0) }
    }
    let pictures = hasHeldOut ? "pictures held out" : "the pictures it learns from"
    let what = isConditional ? "what it restores of \(pictures)" : "the bound on \(pictures)"
    guard let first = looks.first, let last = looks.last, looks.count > 1 else {
      self.init(
        .neutral,
        looks.first.map {
          "One look so far: \(what) is at \(Figures.short($0.value)) \(unit). The next looks tell whether "
            + "it rises."
        } ?? "Nothing has been measured yet.")
      return
    }
    let rate = (last.entry.heldOut ?? last.entry.training)?.rate
    if !isConditional, let rate, rate < Self.collapsedRate, (last.entry.rateWeight ?? 1) >= 1 {
      self.init(
        .bad,
        "The posterior has collapsed: the latents carry \(Figures.short(rate)) nats of a picture, so that all "
          + "pictures are decoded alike. A slower warm-up of the rate, or free bits, may mend it.")
      return
    }
    let bestPlace = looks.indices.max { looks[$0].value < looks[$1].value } ?? 0
    let best = looks[bestPlace]
    let gained = best.value - (looks.map(\.value).min() ?? best.value)
    let course = "from \(Figures.short(first.value)) to \(Figures.short(last.value)) \(unit)"
    let place =
      best.entry.epoch.map { "epoch \(Figures.plain($0))" } ?? "step \(best.entry.step)"
    let isWarming = (last.entry.rateWeight ?? 1) < 1
    let since = Double(looks.count - 1 - bestPlace) / Double(looks.count - 1)
    if best.value - last.value > Self.loss * gained, !isWarming,
      since >= Self.patience || looks.count > 8
    {
      let risesInTraining =
        trained(best.entry).flatMap { before in trained(last.entry).map { $0 > before } } ?? false
      if hasHeldOut && risesInTraining {
        self.init(
          .bad,
          "It learns its pictures by heart: \(what) was best at \(place), \(Figures.short(best.value)) \(unit), "
            + "and has fallen to \(Figures.short(last.value)), while it goes on rising in training. More "
            + "pictures, or weights kept from there, are better.")
        return
      }
    }
    if since >= Self.patience && looks.count > 8 {
      self.init(
        .neutral,
        "It has levelled off: \(what) was best at \(place), \(Figures.short(best.value)) \(unit), and is now "
          + "\(Figures.short(last.value)).")
      return
    }
    self.init(
      last.value > first.value ? .good : .neutral,
      last.value > first.value
        ? "It learns: \(what) has risen \(course); higher is better."
        : "Not yet: \(what) went \(course)"
          + (isWarming ? " while the rate is warming up, which counts against it." : "."))
  }
}
