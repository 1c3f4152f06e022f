import Checkpoints
import Datasets
import Graphs
import Tensors

/// What a step's batch gave before the parameters moved: means over the pictures.
public struct TrainingStep: Hashable, Sendable {
  /// KL(q(z|x) || p(z)), in nats.
  public let rate: Float
  /// -E_q[log p(x|z)], in nats.
  public let distortion: Float
  /// The peak signal-to-noise ratio of a conditional model's prior path, in dB; nil without one.
  public let priorPathRatio: Float?

  init(rate: Float, distortion: Float, priorPathRatio: Float?) {
    (self.rate, self.distortion, self.priorPathRatio) = (rate, distortion, priorPathRatio)
  }

  init(_ plan: Plan, configuration: Configuration) {
    rate = plan.scalar(0)
    distortion = plan.scalar(1)
    priorPathRatio = configuration.isConditional ? plan.scalar(2) : nil
  }

  var isFinite: Bool { rate.isFinite && distortion.isFinite && (priorPathRatio?.isFinite ?? true) }
}

extension HybridObjective {
  /// The objective of a training run, on the inputs `x`, `noise` and, for a conditional model,
  /// `observation` and `maps`.
  init(_ model: Model, _ training: TrainingConfiguration, batchSize: Int, graph: Graph) {
    let configuration = model.configuration
    let image = configuration.image
    let x = graph.input("x", image.batch(batchSize))
    let rateWeight =
      training.rateWarmUp != nil ? graph.input(Self.rateWeightName, .scalar) : nil
    guard configuration.isConditional else {
      let draws = training.samples * training.estimator.importanceSamples
      let noise = LatentNoise(graph, rows: batchSize * draws, model.network.posteriorNoise)
      let seen = training.denoising.map {
        $0.damaged(x, by: graph.input(Self.damageName, image.batch(batchSize)))
      }
      let isFlat = configuration.hierarchy == nil
      if isFlat && training.estimator != .sgvbB {
        self.init(
          BoundEstimate(
            model.network, x, posterior: model.network.flatPosterior(seen ?? x), noise: noise,
            samples: training.samples, estimator: training.estimator,
            rateWeight: training.rateFactor(graph, weight: rateWeight)))
        return
      }
      let draw = model.network.draws(x, seeing: seen, noise: noise, samples: draws)
      // Equal nodes are made once: the posterior costs nothing more.
      let groups =
        isFlat && training.freeBits != nil
        ? [
          model.network.posterior(seen ?? x).groupDivergences(
            training.latentGroups ?? configuration.latents)
        ] : draw.groupRates
      self.init(
        bound: draw.bound, training, groups: groups, rateWeight: rateWeight,
        dimensions: isFlat ? 1 : image.count)
      return
    }
    let condition = ConditionValues(
      observation: graph.input("observation", image.batch(batchSize)),
      maps: graph.input("maps", [batchSize, ConditionValues.mapCount, image.height, image.width]))
    let noise = graph.input(
      "noise", [training.boundRows(of: batchSize), configuration.latents])
    self.init(
      model.network, x, condition, noise: noise, training, rateWeight: rateWeight)
  }

  /// The input for the rate's weight, where it changes over the run.
  static let rateWeightName = "rate_weight"

  /// The input for the denoising criterion.
  static let damageName = "damage"

  /// What `TrainingStep` reads.
  var reported: [Value] { [rate, distortion] + (priorPathRatio.map { [$0] } ?? []) }
}

extension TrainingConfiguration {
  /// Draws the noise of the latents; its medians where beta is 0.
  ///
  /// - Parameters:
  ///   - share: of the batch, which the plan computes.
  ///   - pictures: of the plan, or those that the bound is taken over.
  func fillNoise(of plan: Plan, stream: UInt64, share: BatchShare = .whole, pictures: Int = 1) {
    if beta == 0 { return plan.fillNoiseWithMedians() }
    plan.fillNoise(
      using: RandomSource(seed: seed, stream: stream), share, pictures: pictures)
  }

  /// What the rate is multiplied by, a scalar; nil for 1.
  func rateFactor(_ graph: Graph, weight: Value?) -> Value? {
    beta == 1 ? weight : weight.map { $0 * beta } ?? graph.constant(beta)
  }

  /// Draws the randomness of the denoising criterion, where there is one.
  ///
  /// - Parameter stream: nil to leave the pictures as they are.
  func fillDamage(
    of plan: Plan, stream: UInt64?, share: BatchShare = .whole, pictures: Int = 1
  ) {
    guard let denoising, let memory = plan.input(HybridObjective.damageName) else { return }
    guard let stream else { return memory.update(repeating: denoising.harmless) }
    var random = RandomSource(seed: seed, stream: stream)
    if share == .whole { return denoising.fill(memory, using: &random) }
    random.fillRows(memory, share, pictures) { denoising.fill($1, using: &$0) }
  }
}

extension TrainingBatch {
  /// The inputs of a plan; nil where it has none.
  init?(_ plan: Plan) {
    guard let x = plan.input("x") else { return nil }
    pixels = x
    if let observation = plan.input("observation"), let maps = plan.input("maps") {
      condition = (observation, maps)
    } else {
      condition = nil
    }
  }
}

/// The mean bound over a set of pictures, in nats per picture.
public struct BoundSummary: Hashable, Sendable {
  public let rate: Double
  public let distortion: Double

  public var bound: Double { -(rate + distortion) }

  public init(rate: Double, distortion: Double) {
    self.rate = rate
    self.distortion = distortion
  }

  var json: JSONValue {
    [
      "nats": JSONValue(bound), "rate": JSONValue(rate), "distortion": JSONValue(distortion),
    ]
  }
}

/// Training that diverged.
public struct TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  public let step: Int
  public let rate: Float
  public let distortion: Float

  public init(step: Int, rate: Float, distortion: Float) {
    (self.step, self.rate, self.distortion) = (step, rate, distortion)
  }

  public var description: String {
    "step \(step): expected a finite bound, found rate \(rate) and distortion \(distortion)"
  }
}
