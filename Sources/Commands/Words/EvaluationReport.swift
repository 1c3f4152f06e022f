import Checkpoints
import Files
import Tensors
import VAE

/// The means over the pictures of an evaluation.
struct EvaluationReport {
  private let importanceSamples: Int?
  private var bound = RunningMean()
  private var rate = RunningMean()
  /// The rate of each group of latents of a hierarchical model, from the finest grid.
  private var groupRates: [RunningMean]
  private let groups: [LatentGroup]
  private var distortion = RunningMean()
  private var logLikelihood = RunningMean()
  private var bitsPerDimension = RunningMean()
  private var pictures: [EvaluationResult] = []
  /// Of a flat model.
  var statistics: LatentStatistics?

  init(_ configuration: Configuration, importanceSamples: Int?) {
    self.importanceSamples = importanceSamples
    let groups = configuration.groups(of: configuration.image)
    self.groups = groups.count > 1 ? groups : []
    groupRates = Array(repeating: RunningMean(), count: self.groups.count)
  }

  var count: Int { bound.count }

  /// The least likely pictures first: by the estimate of log p(x), or else by the bound.
  mutating func sort() {
    pictures.sort { $0.logLikelihood < $1.logLikelihood }
  }

  /// A line for each picture that was kept.
  var lines: String { pictures.map(\.line).joined() }

  /// - Parameter keeping: whether `json` and `lines` tell of each picture.
  mutating func add(_ result: EvaluationResult, keeping: Bool) {
    bound.add(Double(result.bound.bound))
    rate.add(Double(result.bound.rate))
    for index in groupRates.indices {
      groupRates[index].add(Double(result.bound.groupRates[index]))
    }
    distortion.add(Double(result.bound.distortion))
    if let estimate = result.estimate { logLikelihood.add(estimate.logLikelihood) }
    bitsPerDimension.add(result.bitsPerDimension)
    if keeping { pictures.append(result) }
  }

  var text: String {
    var lines = [
      "pictures    \(count)", line("bound", bound, label: "standard error "),
      line("rate", rate),
    ]
    lines += zip(groups, groupRates).map { line("  at \($0.name)", $1) }
    lines.append(line("distortion", distortion))
    if let importanceSamples, logLikelihood.count > 0 {
      lines.append(line("log p(x)", logLikelihood) + ", \(importanceSamples) importance samples")
    }
    lines.append("bits/dim  \(aligned(bitsPerDimension.mean, 4))")
    if let statistics {
      let active = String(statistics.activeCount)
      lines.append(
        padded("active", 10) + String(repeating: " ", count: max(0, 6 - active.count)) + active
          + " of \(statistics.latents) latents")
      if let divergence = statistics.divergence {
        lines.append("aggregate \(aligned(divergence, 2)) nats from the prior")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// - Parameter withCovariance: whether that of the latents' means is told.
  func json(withCovariance: Bool) -> JSONValue {
    var members = [
      JSONMember("pictures", JSONValue(count)), JSONMember("bound", object(bound)),
      JSONMember("rate", object(rate)),
    ]
    if !groupRates.isEmpty {
      members.append(JSONMember("group_rates", .array(groupRates.map(object))))
    }
    members.append(JSONMember("distortion", object(distortion)))
    if let importanceSamples, logLikelihood.count > 0 {
      members.append(JSONMember("log_likelihood", object(logLikelihood)))
      members.append(JSONMember("importance_samples", JSONValue(importanceSamples)))
    }
    members.append(JSONMember("bits_per_dimension", JSONValue(bitsPerDimension.mean)))
    if let statistics {
      members.append(
        JSONMember("latents", statistics.json(withCovariance: withCovariance)))
    }
    if !pictures.isEmpty {
      members.append(JSONMember("per_image", .array(pictures.map(\.json))))
    }
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
  /// Name, bound, rate, distortion and, where there is one, the estimate of log p(x) with its
  /// standard error; with tabs between them.
  var line: String {
    var fields = [
      Printable.escaped(name), decimal(Double(bound.bound), 4), decimal(Double(bound.rate), 4),
      decimal(Double(bound.distortion), 4),
    ]
    if let estimate {
      fields += [decimal(estimate.logLikelihood, 4), decimal(estimate.standardError, 4)]
    }
    return fields.joined(separator: "\t") + "\n"
  }

  var json: JSONValue {
    var members = [
      JSONMember("source", .string(name)), JSONMember("bound", JSONValue(bound.bound)),
      JSONMember("rate", JSONValue(bound.rate)),
    ]
    if bound.groupRates.count > 1 {
      members.append(JSONMember("group_rates", JSONValue(bound.groupRates)))
    }
    members.append(JSONMember("distortion", JSONValue(bound.distortion)))
    if let estimate {
      members.append(JSONMember("log_likelihood", JSONValue(estimate.logLikelihood)))
      members.append(JSONMember("standard_error", JSONValue(estimate.standardError)))
    }
    members.append(JSONMember("bits_per_dimension", JSONValue(bitsPerDimension)))
    return .object(members)
  }
}
