import Checkpoints
import Networks

/// How a model is trained: everything beside the model and the data that the result depends on.
public struct TrainingConfiguration: Hashable, Sendable {
  /// M, pictures a step (AEVB section 2.3: 100).
  public var batchSize = 100
  /// L, draws of the posterior per picture (AEVB section 2.3: 1).
  public var samples = 1
  public var estimator = Estimator.sgvbB
  public var optimizer = OptimizerKind.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
  public var learningRate: Float = 1e-3
  public var schedule = Schedule.constant
  /// Whether the weights have a prior N(0, 1) and are estimated by maximum a posteriori, as in
  /// AEVB's experiments.
  public var weightPrior = false
  /// The largest norm of the gradient; nil for no limit.
  public var gradientLimit: Float?
  /// What the average of the parameters, which becomes the model, keeps in a step; nil for the
  /// parameters themselves.
  public var averageDecay: Float?
  /// KL warm-up: the share of the run, 0...1, over which the rate's weight rises from 0 to 1
  /// (Bowman et al. 2016; Sønderby et al. 2016).
  public var rateWarmUp = 0.0
  /// The bound's weight a in the hybrid objective of a conditional model.
  public var boundWeight: Float = 0.05
  public var seed: UInt64 = 0
  public var limit = Limit.epochs(20)

  public init() {}

  /// What a preset starts from.
  public init(for preset: Configuration.Preset) {
    guard preset == .photograph else { return }
    batchSize = 8
    schedule = .cosine
    gradientLimit = 1
    averageDecay = 0.999
    rateWarmUp = 0.2
  }

  /// When training is done.
  public enum Limit: Hashable, Sendable {
    case steps(Int)
    case epochs(Int)
    /// Of training time, over all resumed runs together.
    case seconds(Double)
  }

  /// The rate's weight where a share of the run is done.
  func rateWeight(at progress: Double) -> Float {
    rateWarmUp > 0 ? Float(min(1, progress / rateWarmUp)) : 1
  }

  /// The rows of a conditional model's batch over which the bound is taken: a quarter.
  public func boundRows(of batchSize: Int) -> Int { max(1, batchSize / 4) }

  /// What must be equal for a run to be resumed; the limit may change.
  var json: JSONValue {
    var members = [
      JSONMember("batch_size", JSONValue(batchSize)), JSONMember("samples", JSONValue(samples)),
      JSONMember("optimizer", optimizer.json),
      JSONMember("learning_rate", JSONValue(learningRate)),
      JSONMember("schedule", .string(schedule.rawValue)),
      JSONMember("seed", JSONValue(seed)),
    ]
    if let gradientLimit {
      members.append(JSONMember("gradient_limit", JSONValue(gradientLimit)))
    }
    if let averageDecay { members.append(JSONMember("average_decay", JSONValue(averageDecay))) }
    if rateWarmUp > 0 { members.append(JSONMember("rate_warm_up", JSONValue(rateWarmUp))) }
    if boundWeight != Self().boundWeight {
      members.append(JSONMember("bound_weight", JSONValue(boundWeight)))
    }
    if estimator != .sgvbB { members.append(JSONMember("estimator", estimator.json)) }
    if weightPrior { members.append(JSONMember("weight_prior", "N(0, 1)")) }
    return .object(members)
  }
}

extension OptimizerKind {
  var json: JSONValue {
    switch self {
    case .adam(let beta1, let beta2, let epsilon):
      [
        "name": "adam", "beta1": JSONValue(beta1), "beta2": JSONValue(beta2),
        "epsilon": JSONValue(epsilon),
      ]
    case .adagrad(let epsilon): ["name": "adagrad", "epsilon": JSONValue(epsilon)]
    case .sgd(let momentum): ["name": "sgd", "momentum": JSONValue(momentum)]
    }
  }
}
