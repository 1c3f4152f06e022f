import Checkpoints
import VAE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The means over the pictures of an evaluation.
struct EvaluationReport {
  private let configuration: Configuration
  private let importanceSamples: Int?
  private var bound = RunningMean()
  private var rate = RunningMean()
  private var distortion = RunningMean()
  private var logLikelihood = RunningMean()
  private var pictures: [JSONValue] = []

  init(_ configuration: Configuration, importanceSamples: Int?) {
    self.configuration = configuration
    self.importanceSamples = importanceSamples
  }

  var count: Int { bound.count }

  /// - Parameter keeping: whether `json` tells of each picture.
  mutating func add(_ result: EvaluationResult, keeping: Bool) {
    bound.add(Double(result.bound.bound))
    rate.add(Double(result.bound.rate))
    distortion.add(Double(result.bound.distortion))
    if let estimate = result.estimate { logLikelihood.add(estimate.logLikelihood) }
    if keeping { pictures.append(result.json) }
  }

  /// -log2 p(x) per sample of a picture, from the best estimate of log p(x).
  var bitsPerDimension: Double {
    let nats = -(logLikelihood.count > 0 ? logLikelihood.mean : bound.mean)
    let perSample = nats / Double(configuration.image.count)
    // A density on [0, 1] becomes a probability by the step between levels, 1/255.
    let levels = configuration.likelihood == .bernoulli ? 0 : log(255.0)
    return (perSample + levels) / log(2.0)
  }

  var text: String {
    var lines = [
      "pictures    \(count)", line("bound", bound, label: "standard error "),
      line("rate", rate), line("distortion", distortion),
    ]
    if let importanceSamples, logLikelihood.count > 0 {
      lines.append(line("log p(x)", logLikelihood) + ", \(importanceSamples) importance samples")
    }
    lines.append("bits/dim  \(aligned(bitsPerDimension, 4))")
    return lines.joined(separator: "\n") + "\n"
  }

  var json: JSONValue {
    var members = [
      JSONMember("pictures", JSONValue(count)), JSONMember("bound", object(bound)),
      JSONMember("rate", object(rate)), JSONMember("distortion", object(distortion)),
    ]
    if let importanceSamples, logLikelihood.count > 0 {
      members.append(JSONMember("log_likelihood", object(logLikelihood)))
      members.append(JSONMember("importance_samples", JSONValue(importanceSamples)))
    }
    members.append(JSONMember("bits_per_dimension", JSONValue(bitsPerDimension)))
    if !pictures.isEmpty { members.append(JSONMember("per_image", .array(pictures))) }
    return .object(members)
  }

  private func object(_ value: RunningMean) -> JSONValue {
    [
      "nats": JSONValue(value.mean),
      "standard_error": value.standardError.map { JSONValue($0) } ?? .null,
    ]
  }

  private func line(_ name: String, _ value: RunningMean, label: String = "") -> String {
    let error = value.standardError.map { "  (\(label)\(decimal($0, 2)))" } ?? ""
    return "\(padded(name, 10))\(aligned(value.mean, 2)) nats\(error)"
  }

  private func aligned(_ value: Double, _ places: Int) -> String {
    let text = decimal(value, places)
    // Decimal points stand below each other.
    let width = 7 + places
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

extension EvaluationResult {
  var json: JSONValue {
    var members = [
      JSONMember("source", .string(name)), JSONMember("bound", JSONValue(bound.bound)),
      JSONMember("rate", JSONValue(bound.rate)),
      JSONMember("distortion", JSONValue(bound.distortion)),
    ]
    if let estimate {
      members.append(JSONMember("log_likelihood", JSONValue(estimate.logLikelihood)))
      members.append(JSONMember("standard_error", JSONValue(estimate.standardError)))
    }
    return .object(members)
  }
}
