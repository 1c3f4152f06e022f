import Checkpoints
import VAE

/// Where a training run stands, for people and for its log.
struct TrainingReport: Hashable {
  let step: Int
  /// nil where time is the limit.
  let totalSteps: Int?
  /// Of training, over all resumed runs.
  let seconds: Double
  /// The share of the run that is done.
  let progress: Double
  let imagesPerSecond: Double
  /// In nats per picture, over the steps since the last report.
  let bound: BoundSummary

  /// Seconds of training until the end, at the pace so far.
  var secondsLeft: Double? {
    progress > 0 ? seconds * (1 - progress) / progress : nil
  }

  /// "step 1200/12000  3120 images/s  bound -120.3 (rate 22.1, distortion 98.2)  2m10s left".
  var line: String {
    let steps = totalSteps.map { "\(step)/\($0)" } ?? "\(step)"
    let left = secondsLeft.map { "  \(duration($0)) left" } ?? ""
    return "step \(steps)  \(decimal(imagesPerSecond, 0)) images/s  \(bound.line(1))\(left)"
  }

  /// For the log.
  var json: JSONValue {
    [
      "step": JSONValue(step), "seconds": JSONValue(seconds),
      "images_per_second": JSONValue(imagesPerSecond), "bound": JSONValue(bound.bound),
      "rate": JSONValue(bound.rate), "distortion": JSONValue(bound.distortion),
    ]
  }
}

extension BoundSummary {
  /// "bound -120.31 (rate 22.10, distortion 98.21)", with so many decimals.
  func line(_ places: Int) -> String {
    "bound \(decimal(bound, places)) (rate \(decimal(rate, places)), "
      + "distortion \(decimal(distortion, places)))"
  }
}

/// Rate and distortion over the steps between two reports.
struct BoundWindow {
  private var rate = RunningMean()
  private var distortion = RunningMean()

  mutating func add(_ step: (rate: Float, distortion: Float)) {
    rate.add(Double(step.rate))
    distortion.add(Double(step.distortion))
  }

  var count: Int { rate.count }
  var summary: BoundSummary { BoundSummary(rate: rate.mean, distortion: distortion.mean) }
}
