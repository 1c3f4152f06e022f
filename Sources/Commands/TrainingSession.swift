import Checkpoints
import VAE

/// Runs a trainer to its end or to an interruption: reports, validates, and writes checkpoints on
/// the way.
struct TrainingSession {
  let trainer: Trainer
  let data: TrainingData
  let evaluator: Validator
  /// Where the run's state goes.
  let checkpoint: String
  /// Seconds between checkpoints.
  let checkpointInterval: Double
  var display: ProgressDisplay
  private(set) var log: TrainingLog?
  /// Steps between the lines of the log.
  let logInterval: Int
  /// What the pictures held out gave at the last look.
  private(set) var validation: ValidationSummary?
  private var collapse = CollapseWarning()

  init(
    _ trainer: Trainer, _ data: TrainingData, evaluator: Validator, checkpoint: String,
    checkpointInterval: Double, display: ProgressDisplay, log: TrainingLog?, logInterval: Int
  ) {
    self.trainer = trainer
    self.data = data
    self.evaluator = evaluator
    self.checkpoint = checkpoint
    self.checkpointInterval = checkpointInterval
    self.display = display
    self.log = log
    self.logInterval = logInterval
  }

  /// - Parameter shouldStop: asked after every step.
  /// - Returns: whether the run came to its end.
  mutating func run(shouldStop: () -> Bool) throws -> Bool {
    let source = data.source(for: trainer)
    var shown = Window(trainer)
    var logged = Window(trainer)
    var lastCheckpoint = monotonicSeconds()
    var validationTime = (last: trainer.state.seconds, cost: 0.0)
    while !trainer.isDone {
      if shouldStop() { return false }
      let step = try trainer.step(source)
      shown.bound.add(step)
      logged.bound.add(step)
      if display.isDue {
        display.show(shown.report(trainer).line)
        shown = Window(trainer)
      }
      if trainer.state.step % logInterval == 0 || trainer.isDone {
        writeLog(logged.report(trainer).json)
        logged = Window(trainer)
      }
      // Looking at the pictures held out takes at most a twentieth of the time.
      // Patience counts epochs, so that it has to look after each.
      if trainer.state.step % trainer.stepsPerEpoch == 0, !trainer.isDone,
        trainer.configuration.patience != nil
          || trainer.state.seconds - validationTime.last >= 20 * validationTime.cost
      {
        let start = monotonicSeconds()
        try validate()
        validationTime = (trainer.state.seconds, monotonicSeconds() - start)
      }
      if collapse.isSeen(in: trainer) {
        display.keep("epoch \(decimal(trainer.epoch, 1))  \(CollapseWarning.text(trainer))")
      }
      if monotonicSeconds() - lastCheckpoint >= checkpointInterval {
        writeCheckpoint()
        lastCheckpoint = monotonicSeconds()
      }
    }
    if shown.bound.count > 0 { display.show(shown.report(trainer).line) }
    if trainer.isExhausted {
      display.keep(
        "no better bound for \(trainer.configuration.patience ?? 0) epochs: the weights of step "
          + "\(trainer.state.best?.step ?? 0) are kept")
    } else {
      try validate()
    }
    if trainer.state.best != nil {
      validation = try trainer.withBest { try evaluator.validate() }
    }
    return true
  }

  /// Saves the run's state; where that fails, it is said, and the run goes on.
  ///
  /// - Returns: whether it is saved.
  @discardableResult
  func writeCheckpoint() -> Bool {
    do {
      try trainer.writeCheckpoint(to: checkpoint)
      return true
    } catch {
      StandardError.report("\(Failure(error).description); no checkpoint, training goes on")
      return false
    }
  }

  /// A log that cannot be written is given up, and the run goes on.
  private mutating func writeLog(_ value: JSONValue) {
    do {
      try log?.write(value)
    } catch {
      StandardError.report("\(Failure(error).description); the log ends here, training goes on")
      log = nil
    }
  }

  /// Looks at the pictures held out.
  mutating func validate() throws {
    guard let summary = try trainer.withResult({ try evaluator.validate() }) else { return }
    validation = summary
    trainer.consider(summary)
    let step = trainer.state.step
    let epoch = decimal(trainer.epoch, 1)
    var members = [
      JSONMember("step", JSONValue(step)),
      JSONMember("validation_bound", JSONValue(summary.bound.bound)),
      JSONMember("validation_rate", JSONValue(summary.bound.rate)),
      JSONMember("validation_distortion", JSONValue(summary.bound.distortion)),
    ]
    if let ratio = summary.priorPathRatio {
      members.append(JSONMember("validation_prior_path_decibels", JSONValue(ratio)))
    }
    writeLog(.object(members))
    display.keep("epoch \(epoch)  validation \(summary.line(2))")
  }
}

/// The steps between two reports.
private struct Window {
  var bound = BoundWindow()
  private let step: Int
  private let start: Double

  init(_ trainer: Trainer) {
    step = trainer.state.step
    start = trainer.state.seconds
  }

  func report(_ trainer: Trainer) -> TrainingReport {
    let state = trainer.state
    let images = Double((state.step - step) * trainer.batchSize)
    let seconds = state.seconds - start
    return TrainingReport(
      step: state.step, totalSteps: trainer.totalSteps, seconds: state.seconds,
      progress: trainer.progress, imagesPerSecond: seconds > 0 ? images / seconds : 0,
      bound: bound.summary, priorPathRatio: bound.priorPathRatio)
  }
}
