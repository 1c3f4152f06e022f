import Checkpoints
import Files
import Tensors

/// An evaluation in words.
package struct EvaluationReport {
  package let summary: EvaluationSummary
  /// Those that are told of one by one.
  private let pictures: [EvaluationResult]

  package init(summary: EvaluationSummary, pictures: [EvaluationResult]) {
    (self.summary, self.pictures) = (summary, pictures)
  }

  private var count: Int { summary.count }

  package var text: String {
    var lines = [
      "pictures    \(count)", line("bound", summary.bound, label: "standard error "),
      line("rate", summary.rate),
    ]
    lines += zip(summary.groups, summary.groupRates).map { line("  at \($0.name)", $1) }
    lines.append(line("distortion", summary.distortion))
    if let importanceSamples = summary.importanceSamples, summary.logLikelihood.count > 0 {
      lines.append(
        line("log p(x)", summary.logLikelihood) + ", \(importanceSamples) importance samples")
    }
    lines.append("bits/dim  \(aligned(summary.bitsPerDimension.mean, 4))")
    if let statistics = summary.latents {
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
  package func json(withCovariance: Bool) -> JSONValue {
    var members = [
      JSONMember("pictures", JSONValue(count)), JSONMember("bound", object(summary.bound)),
      JSONMember("rate", object(summary.rate)),
    ]
    if !summary.groupRates.isEmpty {
      members.append(JSONMember("group_rates", .array(summary.groupRates.map(object))))
    }
    members.append(JSONMember("distortion", object(summary.distortion)))
    if let importanceSamples = summary.importanceSamples, summary.logLikelihood.count > 0 {
      members.append(JSONMember("log_likelihood", object(summary.logLikelihood)))
      members.append(JSONMember("importance_samples", JSONValue(importanceSamples)))
    }
    members.append(JSONMember("bits_per_dimension", JSONValue(summary.bitsPerDimension.mean)))
    if let statistics = summary.latents {
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
  package var line: String {
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
      JSONMember("source", .string(Printable.path(name))),
      JSONMember("bound", JSONValue(bound.bound)),
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
