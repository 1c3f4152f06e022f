import Platform

/// Who is told of a training run's course.
package protocol TrainingObserver {
  /// Whether the time for a report has come; asked after every step.
  var isReportDue: Bool { get }
  /// Where the run stands, when a report was due.
  mutating func show(_ report: TrainingReport)
  /// Where the run stands, at regular steps.
  mutating func log(_ report: TrainingReport)
  /// A look at the pictures held out.
  mutating func show(_ validation: ValidationSummary, of trainer: Trainer)
  /// A look at the pictures held out is over, or, where none is, an epoch; asked for while the model's
  /// parameters are those of the run's result.
  ///
  /// - Parameters:
  ///   - validation: nil where no picture is held out.
  ///   - report: of the steps since the look before; nil where there was none.
  mutating func endLook(
    _ validation: ValidationSummary?, since report: TrainingReport?, of trainer: Trainer)
  /// The run's state could not be saved; the run goes on.
  mutating func warnOfCheckpoint(_ error: any Error)
  /// Something goes wrong; the run goes on.
  mutating func warn(of fault: TrainingFault, in trainer: Trainer)
  /// The patience is at an end: the bound has not risen any more.
  mutating func showEndOfPatience(of trainer: Trainer)
}

/// Runs a trainer to its end or to an interruption: reports, validates, and writes checkpoints on
/// the way.
package struct TrainingSession<Observer: TrainingObserver> {
  private let trainer: Trainer
  private let batches: any BatchSource
  private let validation: TrainingData.Validation
  /// Where the run's state goes, and after how many seconds each time; a nil path for nowhere.
  private let checkpoint: (path: String?, interval: Double)
  /// Steps between two reports to the log.
  private let logInterval: Int
  package var observer: Observer
  /// What the pictures held out gave at the last look.
  package private(set) var summary: ValidationSummary?
  private var faults = TrainingFaults()
  private var shown: ReportWindow
  private var logged: ReportWindow
  private var looked: ReportWindow
  /// The training time of the last look at the pictures held out, and how long it took.
  private var look: (time: Double, cost: Double)

  package init(
    _ trainer: Trainer, _ data: TrainingData, validation: @escaping TrainingData.Validation,
    checkpoint: String?, checkpointInterval: Double, logInterval: Int, observer: Observer
  ) {
    self.trainer = trainer
    batches = data.batches(for: trainer)
    self.validation = validation
    self.checkpoint = (checkpoint, checkpointInterval)
    self.logInterval = logInterval
    self.observer = observer
    shown = ReportWindow(trainer)
    logged = ReportWindow(trainer)
    looked = ReportWindow(trainer)
    look = (trainer.state.seconds, 0)
  }

  /// - Parameter shouldStop: asked after every step. The state of a run that stops is for the caller to
  ///   save.
  /// - Returns: whether the run came to its end.
  package mutating func run(shouldStop: () -> Bool) throws -> Bool {
    var lastCheckpoint = monotonicSeconds()
    loop: while true {
      switch try trainer.agree(isToStop: shouldStop()) {
      case .isDone: break loop
      case .stops:
        if !trainer.isInSync { try trainer.synchronize() }
        return false
      case .goesOn: break
      }
      let step = try trainer.step(batches)
      guard isFirstRank else { continue }
      report(step)
      if isLookDue { try validate() }
      if let fault = faults.find(in: trainer) { observer.warn(of: fault, in: trainer) }
      if trainer.isInSync, monotonicSeconds() - lastCheckpoint >= checkpoint.interval {
        writeCheckpoint()
        lastCheckpoint = monotonicSeconds()
      }
    }
    if !trainer.isInSync { try trainer.synchronize() }
    guard isFirstRank else { return true }
    if !shown.isEmpty { observer.show(shown.report(trainer)) }
    if trainer.isExhausted {
      observer.showEndOfPatience(of: trainer)
    } else {
      try validate()
    }
    if trainer.state.best != nil { summary = try trainer.withBest(validation) }
    return true
  }

  /// The others neither look at pictures held out nor tell or write anything.
  private var isFirstRank: Bool { trainer.ranks?.isFirst ?? true }

  /// Saves the run's state; where that fails, the observer is told, and the run goes on.
  ///
  /// - Returns: whether it is saved.
  @discardableResult
  package mutating func writeCheckpoint() -> Bool {
    guard let path = checkpoint.path else { return false }
    do {
      try trainer.writeCheckpoint(to: path)
      return true
    } catch {
      observer.warnOfCheckpoint(error)
      return false
    }
  }

  private mutating func report(_ step: TrainingStep) {
    shown.add(step)
    logged.add(step)
    looked.add(step)
    if observer.isReportDue {
      observer.show(shown.report(trainer))
      shown = ReportWindow(trainer)
    }
    if trainer.state.step % logInterval == 0 || trainer.isDone {
      observer.log(logged.report(trainer))
      logged = ReportWindow(trainer)
    }
  }

  /// Looking at the pictures held out takes at most a twentieth of the time. Patience counts epochs,
  /// so that it has to look after each.
  private var isLookDue: Bool {
    trainer.state.step % trainer.stepsPerEpoch == 0 && !trainer.isDone
      && (trainer.configuration.patience != nil
        || trainer.state.seconds - look.time >= 20 * look.cost)
  }

  /// Looks at the pictures held out.
  private mutating func validate() throws {
    let start = monotonicSeconds()
    if let summary = try trainer.withResult(validation) {
      self.summary = summary
      trainer.consider(summary)
      observer.show(summary, of: trainer)
      if let fault = faults.find(in: trainer, summary) { observer.warn(of: fault, in: trainer) }
    }
    look = (trainer.state.seconds, monotonicSeconds() - start)
    let report = looked.isEmpty ? nil : looked.report(trainer)
    looked = ReportWindow(trainer)
    trainer.withResult { observer.endLook(summary, since: report, of: trainer) }
  }
}
