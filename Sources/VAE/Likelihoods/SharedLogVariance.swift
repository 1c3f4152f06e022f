import Graphs
import Networks

/// The learned log variance of all pixels (Rybkin, Daniilidis and Levine 2021, section 3). A
/// sixteenth of it is the parameter, so that an optimiser whose steps have one length for all weights
/// reaches the best variance within a few hundred steps.
struct SharedLogVariance: Sendable {
  /// `[1]`; it begins with a deviation of 0.135.
  let parameter = ParameterSpecification("likelihood.log_variance", [1], .constant(-0.25))

  init() {}

  /// nil for likelihoods without a shared variance.
  init?(_ likelihood: Configuration.Likelihood) {
    guard case .gaussianShared = likelihood else { return nil }
  }

  /// log sigma^2, a scalar.
  func logVariance(in graph: Graph) -> Value {
    graph.parameter(parameter.name, parameter.shape).reshaped(to: .scalar) * 16
  }
}
