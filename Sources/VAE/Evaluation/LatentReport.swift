import Checkpoints
import Files

extension LatentStatistics {
  /// The aggregate posterior, unit by unit.
  ///
  /// - Parameter withCovariance: whether that of the posterior means is told too.
  func json(withCovariance: Bool) -> JSONValue {
    func numbers(_ values: [Double]) -> JSONValue { .array(values.map { JSONValue($0) }) }
    var members = [
      JSONMember("count", JSONValue(latents)), JSONMember("active", JSONValue(activeCount)),
      JSONMember("aggregate_divergence", divergence.map { JSONValue($0) } ?? .null),
      JSONMember("mean", numbers(means)),
      JSONMember("variance_of_means", numbers(variancesOfMeans)),
      JSONMember("mean_variance", numbers(meanVariances)),
      JSONMember("total_variance", numbers(totalVariances)),
      JSONMember("rate", numbers(unitRates)),
    ]
    if withCovariance {
      members.append(
        JSONMember(
          "covariance_of_means",
          .array(
            (0..<latents).map { row in numbers((0..<latents).map { covariance(row, $0) }) })))
    }
    return .object(members)
  }
}

extension EvaluationReport {
  /// A line for every latent, with tabs: its number, the mean over the aggregate posterior, the
  /// variance of the posterior means, the mean of the posterior variances, their sum, the rate in
  /// nats, and whether it is active.
  package var latentTable: String {
    guard let statistics = summary.latents else { return "" }
    let columns = [
      statistics.means, statistics.variancesOfMeans, statistics.meanVariances,
      statistics.totalVariances, statistics.unitRates,
    ]
    let active = statistics.active
    let head = "latent\tmean\tvariance of means\tmean variance\ttotal variance\trate\tactive\n"
    return (0..<statistics.latents).reduce(into: head) { text, unit in
      let fields = columns.map { decimal($0[unit], 4) }
      text += "\(unit)\t\(fields.joined(separator: "\t"))\t\(active[unit] ? "yes" : "no")\n"
    }
  }
}
