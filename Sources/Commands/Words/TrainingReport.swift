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
  /// The peak signal-to-noise ratio of a conditional model's prior path, in dB; nil without one.
  let priorPathRatio: Double?

  /// Seconds of training until the end, at the pace so far.
  var secondsLeft: Double? {
    progress > 0 ? seconds * (1 - progress) / progress : nil
  }

  /// "step 1200/12000  3120 images/s  bound -120.3 (rate 22.1, distortion 98.2)  2m10s left".
  var line: String {
    let steps = totalSteps.map { "\(step)/\($0)" } ?? "\(step)"
    let left = secondsLeft.map { "  \(duration($0)) left" } ?? ""
    let ratio = priorPathRatio.map { "  restored at \(decimal($0, 2)) dB" } ?? ""
    return "step \(steps)  \(decimal(imagesPerSecond, 0)) images/s  \(bound.line(1))\(ratio)\(left)"
  }

  /// For the log.
  var json: JSONValue {
    var members = [
      JSONMember("step", JSONValue(step)), JSONMember("seconds", JSONValue(seconds)),
      JSONMember("images_per_second", JSONValue(imagesPerSecond)),
      JSONMember("bound", JSONValue(bound.bound)), JSONMember("rate", JSONValue(bound.rate)),
      JSONMember("distortion", JSONValue(bound.distortion)),
    ]
    if let priorPathRatio {
      members.append(JSONMember("prior_path_decibels", JSONValue(priorPathRatio)))
    }
    return .object(members)
  }
}

extension BoundSummary {
  /// "bound -120.31 (rate 22.10, distortion 98.21)", with so many decimals.
  func line(_ places: Int) -> String {
    "bound \(decimal(bound, places)) (rate \(decimal(rate, places)), "
      + "distortion \(decimal(distortion, places)))"
  }
}

extension ValidationSummary {
  /// As `BoundSummary.line`, and the prior path's ratio.
  func line(_ places: Int) -> String {
    bound.line(places) + (priorPathRatio.map { "  restored at \(decimal($0, 2)) dB" } ?? "")
  }
}

/// Rate, distortion and restoration over the steps between two reports.
struct BoundWindow {
  private var rate = RunningMean()
  private var distortion = RunningMean()
  private var ratio = RunningMean()

  mutating func add(_ step: TrainingStep) {
    rate.add(Double(step.rate))
    distortion.add(Double(step.distortion))
    if let priorPathRatio = step.priorPathRatio { ratio.add(Double(priorPathRatio)) }
  }

  var count: Int { rate.count }
  /// In dB; nil where no step told it.
  var priorPathRatio: Double? { ratio.count > 0 ? ratio.mean : nil }
  var summary: BoundSummary { BoundSummary(rate: rate.mean, distortion: distortion.mean) }
}
