import Platform

/// What is known of one picture, in nats.
package struct EvaluationResult {
  package let name: String
  /// The samples of the picture.
  package let dimensions: Int
  package let bound: BoundEvaluator.Bound
  package let estimate: ImportanceWeightedEstimator.Estimate?

  /// -log2 P(x) per sample, from the best estimate: of two levels under a Bernoulli likelihood, of 256
  /// under the others.
  package var bitsPerDimension: Double {
    let nats =
      estimate.map { $0.levelLogLikelihood ?? $0.logLikelihood }
      ?? bound.levelBound ?? Double(bound.bound)
    return -nats / Double(dimensions) / log(2.0)
  }

  /// The estimate of log p(x), or else the bound.
  package var logLikelihood: Double { estimate?.logLikelihood ?? Double(bound.bound) }
}
