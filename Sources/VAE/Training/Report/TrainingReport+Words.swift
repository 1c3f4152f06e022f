import Checkpoints
import Files

extension TrainingReport {
  /// "step 1200/12000  3120 images/s  bound -120.3 (rate 22.1, distortion 98.2)  2m10s left".
  package var line: String {
    let steps = totalSteps.map { "\(step)/\($0)" } ?? "\(step)"
    let left = secondsLeft.map { "  \(duration($0)) left" } ?? ""
    return "step \(steps)  \(decimal(imagesPerSecond, 0)) images/s  \(bound.line(1))"
      + restored(at: priorPathRatio) + left
  }

  /// For the log.
  package var json: JSONValue {
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
  package func line(_ places: Int) -> String {
    "bound \(decimal(bound, places)) (rate \(decimal(rate, places)), "
      + "distortion \(decimal(distortion, places)))"
  }
}

extension ValidationSummary {
  /// As `BoundSummary.line`, and the prior path's ratio.
  package func line(_ places: Int) -> String { bound.line(places) + restored(at: priorPathRatio) }

  /// For the log.
  package func json(step: Int) -> JSONValue {
    var members = [
      JSONMember("step", JSONValue(step)),
      JSONMember("validation_bound", JSONValue(bound.bound)),
      JSONMember("validation_rate", JSONValue(bound.rate)),
      JSONMember("validation_distortion", JSONValue(bound.distortion)),
    ]
    if let priorPathRatio {
      members.append(JSONMember("validation_prior_path_decibels", JSONValue(priorPathRatio)))
    }
    return .object(members)
  }
}

private func restored(at ratio: Double?) -> String {
  ratio.map { "  restored at \(decimal($0, 2)) dB" } ?? ""
}
