import Tensors

/// The means over the pictures of an evaluation, in nats where nothing else is said.
public struct EvaluationSummary: Sendable {
  /// Draws for each estimate of log p(x); nil where none was made.
  public let importanceSamples: Int?
  /// The evidence lower bound: minus rate, minus distortion.
  public private(set) var bound = RunningMean()
  /// KL(q(z|x) || p(z)).
  public private(set) var rate = RunningMean()
  /// The groups of latents, from the finest grid; empty where there is one.
  package let groups: [LatentGroup]
  /// The rate of each of them.
  public private(set) var groupRates: [RunningMean]
  /// -E[log p(x|z)].
  public private(set) var distortion = RunningMean()
  /// The importance-weighted estimate of log p(x), of no picture where none was made.
  public private(set) var logLikelihood = RunningMean()
  /// -log2 P(x) per sample of a picture, from the best of the estimates.
  public private(set) var bitsPerDimension = RunningMean()
  /// What the posteriors say together; nil for hierarchical models.
  package internal(set) var latents: LatentStatistics?

  init(_ configuration: Configuration, importanceSamples: Int?) {
    self.importanceSamples = importanceSamples
    let groups = configuration.groups(of: configuration.image)
    self.groups = groups.count > 1 ? groups : []
    groupRates = Array(repeating: RunningMean(), count: self.groups.count)
  }

  /// The number of pictures.
  public var count: Int { bound.count }

  mutating func add(_ result: EvaluationResult) {
    bound.add(Double(result.bound.bound))
    rate.add(Double(result.bound.rate))
    for index in groupRates.indices {
      groupRates[index].add(Double(result.bound.groupRates[index]))
    }
    distortion.add(Double(result.bound.distortion))
    if let estimate = result.estimate { logLikelihood.add(estimate.logLikelihood) }
    bitsPerDimension.add(result.bitsPerDimension)
  }
}
