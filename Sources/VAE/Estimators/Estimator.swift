import Checkpoints

/// How the bound of a picture and its gradient are estimated from draws of the posterior.
public enum Estimator: Hashable, Sendable {
  /// log p(x, z) - log q(z|x), nothing of it in closed form (AEVB, equation 6).
  case sgvbA
  /// The rate in closed form, the distortion from draws (AEVB, equation 7).
  case sgvbB
  /// The importance-weighted bound of `samples` draws, K (Burda, Grosse and Salakhutdinov 2016),
  /// with its own gradient or the doubly reparameterized one (Tucker et al. 2019).
  case importanceWeighted(samples: Int, isDoublyReparameterized: Bool = false)
  /// The naive estimator of AEVB, section 2.2: draws through which no gradient flows, and the
  /// gradient of log q(z|x) weighted by what the draw was worth.
  case scoreFunction

  /// As on the command line and in a model's history.
  public var name: String {
    switch self {
    case .sgvbA: "sgvb-a"
    case .sgvbB: "sgvb-b"
    case .importanceWeighted: "iwae"
    case .scoreFunction: "score-function"
    }
  }

  /// K, draws that make one estimate.
  public var importanceSamples: Int {
    if case .importanceWeighted(let samples, _) = self { return samples }
    return 1
  }

  /// The simplest estimator for a model: B where the rate has a closed form, otherwise A.
  public static func standard(for configuration: Configuration) -> Estimator {
    configuration.hasClosedDivergence ? .sgvbB : .sgvbA
  }

  var json: JSONValue {
    guard case .importanceWeighted(let samples, let isDoublyReparameterized) = self else {
      return ["name": .string(name)]
    }
    return [
      "name": .string(name), "importance_samples": JSONValue(samples),
      "doubly_reparameterised": .bool(isDoublyReparameterized),
    ]
  }
}
