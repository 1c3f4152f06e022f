import Checkpoints
import Files
import Reports
import VAE

/// Tells a person and a log of a training run's course.
struct TrainingDisplay: TrainingObserver {
  var display: ProgressDisplay
  /// A JSON object a line.
  private(set) var logFile: AppendedFile?
  /// The page that shows the run.
  let report: RunReport?
  /// Whether the page could be written at last.
  private var isReportWritten = true

  init(display: ProgressDisplay, logFile: AppendedFile?, report: RunReport? = nil) {
    self.display = display
    self.logFile = logFile
    self.report = report
  }

  var isReportDue: Bool { display.isDue }

  mutating func show(_ report: TrainingReport) { display.show(report.bar) }

  mutating func log(_ report: TrainingReport) { log(report.json) }

  /// A log that cannot be written is given up, and the run goes on.
  private mutating func log(_ value: JSONValue) {
    do {
      try logFile?.write(value.encoded() + [UInt8(ascii: "\n")])
    } catch {
      StandardError.report("\(Failure(error).description); the log ends here, training continues")
      logFile = nil
    }
  }

  mutating func warnOfCheckpoint(_ error: any Error) {
    StandardError.report("\(Failure(error).description); no checkpoint, training continues")
  }

  mutating func show(_ validation: ValidationSummary, of trainer: Trainer) {
    log(validation.json(step: trainer.state.step))
    display.keep("epoch \(decimal(trainer.epoch, 1))  validation \(validation.line(2))")
  }

  mutating func endLook(
    _ validation: ValidationSummary?, since report: TrainingReport?, of trainer: Trainer
  ) {
    write { try $0.look(validation, since: report, trainer) }
  }

  /// - Parameter trainer: whose model's parameters are those of the result.
  mutating func finishReport(of trainer: Trainer, isDone: Bool) {
    write {
      try $0.finish(trainer, isDone: isDone)
      return true
    }
  }

  /// A page that cannot be written is told of once, and the run goes on.
  private mutating func write(_ body: (RunReport) throws -> Bool) {
    guard let report else { return }
    do {
      if try body(report) { isReportWritten = true }
    } catch {
      if isReportWritten {
        StandardError.report("\(Failure(error).description); no report, training continues")
      }
      isReportWritten = false
    }
  }

  mutating func warn(of fault: TrainingFault, in trainer: Trainer) {
    let words =
      switch fault {
      case .collapse(let rate): collapse(rate: rate, in: trainer)
      case .finerThanLevels(let nats):
        "the likelihood has become finer than 256 levels, \(decimal(nats, 1)) nats a sample, and explains "
          + "little else; try --likelihood discretized-logistic, or --dequantize"
      case .overfitting(let bound, let best):
        "overfitting: the bound on the pictures held out is \(decimal(bound, 1)), it was "
          + "\(decimal(best, 1)); give --patience to keep the best weights, or more pictures"
      }
    display.keep("epoch \(decimal(trainer.epoch, 1))  \(words)")
  }

  private func collapse(rate: Double, in trainer: Trainer) -> String {
    let configuration = trainer.configuration
    var remedies: [String] = []
    if configuration.rateWarmUp == nil { remedies.append("--warm-up") }
    if configuration.freeBits == nil { remedies.append("--free-bits") }
    remedies.append(configuration.beta > 1 ? "a smaller --beta" : "a smaller --learning-rate")
    return
      "the posterior has collapsed: a rate of \(decimal(rate, 3)) nats carries no information about a picture; "
      + "try " + remedies.joined(separator: ", ")
  }

  mutating func showEndOfPatience(of trainer: Trainer) {
    display.keep(
      "no better bound for \(trainer.configuration.patience ?? 0) epochs: the weights of step "
        + "\(trainer.state.best?.step ?? 0) are kept")
  }
}

extension NoiseEstimatorSession.Report {
  var bar: ProgressBar {
    ProgressBar(
      share: progress,
      parts: ["noise estimator", "step \(steps)", "\(decimal(logLikelihood, 3)) nats"], plain: line)
  }

  /// As a line of a run's course.
  var line: String {
    "noise estimator: step \(steps)  \(decimal(logLikelihood, 3)) nats  "
      + "\(decimal(100 * progress, 0)) %"
  }
}

extension TrainingReport {
  var bar: ProgressBar {
    var parts = [secondsLeft.map { "\(duration($0)) left" } ?? "step \(step)"]
    if let ratio = priorPathRatio { parts.append("\(decimal(ratio, 2)) dB") }
    parts += [
      "bound \(decimal(bound.bound, 1))", "\(decimal(imagesPerSecond, 0)) images/s",
      "rate \(decimal(bound.rate, 1)), distortion \(decimal(bound.distortion, 1))",
    ]
    return ProgressBar(share: progress, parts: parts, plain: line)
  }
}
