import Tensors

/// Where a training run stands.
public struct TrainingReport: Hashable, Sendable {
  public let step: Int
  /// nil where time is the limit.
  public let totalSteps: Int?
  /// Of training, over all resumed runs.
  public let seconds: Double
  /// The share of the run that is done.
  public let progress: Double
  public let imagesPerSecond: Double
  /// In nats per picture, over the steps since the last report.
  public let bound: BoundSummary
  /// The peak signal-to-noise ratio of a conditional model's prior path, in dB; nil without one.
  public let priorPathRatio: Double?

  /// Seconds of training until the end, at the pace so far.
  public var secondsLeft: Double? {
    progress > 0 ? seconds * (1 - progress) / progress : nil
  }
}

/// The steps between two reports.
struct ReportWindow {
  private var rate = RunningMean()
  private var distortion = RunningMean()
  private var ratio = RunningMean()
  private let step: Int
  private let start: Double

  init(_ trainer: Trainer) {
    step = trainer.state.step
    start = trainer.state.seconds
  }

  mutating func add(_ step: TrainingStep) {
    rate.add(Double(step.rate))
    distortion.add(Double(step.distortion))
    if let priorPathRatio = step.priorPathRatio { ratio.add(Double(priorPathRatio)) }
  }

  var isEmpty: Bool { rate.count == 0 }

  func report(_ trainer: Trainer) -> TrainingReport {
    let state = trainer.state
    let images = Double((state.step - step) * trainer.batchSize)
    let seconds = state.seconds - start
    return TrainingReport(
      step: state.step, totalSteps: trainer.totalSteps, seconds: state.seconds,
      progress: trainer.progress, imagesPerSecond: seconds > 0 ? images / seconds : 0,
      bound: BoundSummary(rate: rate.mean, distortion: distortion.mean),
      priorPathRatio: ratio.count > 0 ? ratio.mean : nil)
  }
}
