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
  /// KL warm-up: nil where the rate counts in full from the first step.
  public var rateWarmUp: WarmUp?
  /// What the rate is multiplied by in the loss (Higgins et al. 2017). 0 is a plain autoencoder: the
  /// latents are the encoder's means, no noise is drawn.
  public var beta: Float = 1
  /// lambda, the nats of each group of latents that cost nothing (Kingma et al. 2016, appendix C.8).
  public var freeBits: Float?
  /// Groups of a flat model's latents for `freeBits`; nil for one each. A hierarchical model's groups
  /// are its levels.
  public var latentGroups: Int?
  /// How what the encoder sees is damaged.
  public var denoising: DenoisingCriterion?
  /// The epochs without a higher bound on the pictures held out after which training stops; nil to go
  /// on to the limit.
  public var patience: Int?
  /// The bound's weight a in the hybrid objective of a conditional model.
  public var boundWeight: Float = 0.05
  /// Of several ranks: the steps after which the parameters are averaged over all; nil to average each
  /// step's gradients.
  public var syncInterval: Int?
  /// What the names of the parameters that are trained begin with; nil for all. The others stay as they are.
  public var trained: [String]?
  public var seed: UInt64 = 0
  public var limit = Limit.epochs(20)

  public init() {}

  /// What a preset starts from. Under some priors the rate is warmed up (`PriorFamily.needsWarmUp`).
  public init(for preset: Configuration.Preset, prior: Configuration.Prior = .standardNormal) {
    if type(of: prior.family).needsWarmUp { rateWarmUp = .share(0.2) }
    guard preset == .photograph || preset == .deep else { return }
    batchSize = preset == .deep ? 32 : 8
    schedule = .cosine
    gradientLimit = 1
    averageDecay = 0.999
    rateWarmUp = .share(preset == .deep ? 0.1 : 0.2)
    if preset == .deep { freeBits = 0.1 }
  }

  /// When training is done.
  public enum Limit: Hashable, Sendable {
    case steps(Int)
    case epochs(Int)
    /// Of training time, over all resumed runs together.
    case seconds(Double)
  }

  /// The rows of a conditional model's batch over which the bound is taken: a quarter.
  public func boundRows(of batchSize: Int) -> Int { max(1, batchSize / 4) }

  /// Whether a parameter is trained.
  func trains(_ name: String) -> Bool { trained?.contains { name.hasPrefix($0) } ?? true }

  /// What must be equal for a run to be resumed; the limit may change.
  var json: JSONValue {
    var members = [
      JSONMember("batch_size", JSONValue(batchSize)), JSONMember("samples", JSONValue(samples)),
      JSONMember("optimizer", optimizer.json),
      JSONMember("learning_rate", JSONValue(learningRate)),
      JSONMember("schedule", schedule.json),
      JSONMember("seed", JSONValue(seed)),
    ]
    if let gradientLimit {
      members.append(JSONMember("gradient_limit", JSONValue(gradientLimit)))
    }
    if let averageDecay { members.append(JSONMember("average_decay", JSONValue(averageDecay))) }
    switch rateWarmUp {
    case nil: break
    case .share(let share): members.append(JSONMember("rate_warm_up", JSONValue(share)))
    case .epochs(let epochs):
      members.append(JSONMember("rate_warm_up_epochs", JSONValue(epochs)))
    }
    if beta != 1 { members.append(JSONMember("beta", JSONValue(beta))) }
    if let freeBits { members.append(JSONMember("free_bits", JSONValue(freeBits))) }
    if let latentGroups { members.append(JSONMember("latent_groups", JSONValue(latentGroups))) }
    switch denoising {
    case nil: break
    case .noise(let deviation):
      members.append(JSONMember("denoising_deviation", JSONValue(deviation)))
    case .flips(let probability):
      members.append(JSONMember("denoising_flips", JSONValue(probability)))
    }
    if let patience { members.append(JSONMember("patience", JSONValue(patience))) }
    if boundWeight != Self().boundWeight {
      members.append(JSONMember("bound_weight", JSONValue(boundWeight)))
    }
    if estimator != .sgvbB { members.append(JSONMember("estimator", estimator.json)) }
    if let syncInterval { members.append(JSONMember("sync_interval", JSONValue(syncInterval))) }
    if let trained { members.append(JSONMember("trained", .array(trained.map { .string($0) }))) }
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
    case .adamW(let beta1, let beta2, let epsilon, let decay):
      [
        "name": "adamw", "beta1": JSONValue(beta1), "beta2": JSONValue(beta2),
        "epsilon": JSONValue(epsilon), "decay": JSONValue(decay),
      ]
    case .adamax(let beta1, let beta2, let epsilon):
      [
        "name": "adamax", "beta1": JSONValue(beta1), "beta2": JSONValue(beta2),
        "epsilon": JSONValue(epsilon),
      ]
    case .adagrad(let epsilon): ["name": "adagrad", "epsilon": JSONValue(epsilon)]
    case .sgd(let momentum): ["name": "sgd", "momentum": JSONValue(momentum)]
    }
  }
}

extension Schedule {
  var json: JSONValue {
    switch self {
    case .constant: "constant"
    case .cosine: "cosine"
    case .step(let epochs, let factor):
      ["name": "step", "epochs": JSONValue(epochs), "factor": JSONValue(factor)]
    case .iwae: "iwae"
    }
  }
}
