import Checkpoints
import Datasets
import Graphs
import Pictures
import Tensors

/// What a step's batch gave before the parameters moved: means over the pictures.
package struct TrainingStep: Hashable, Sendable {
  /// KL(q(z|x) || p(z)), in nats.
  package let rate: Float
  /// -E_q[log p(x|z)], in nats.
  package let distortion: Float
  /// The peak signal-to-noise ratio of a conditional model's prior path, in dB; nil without one.
  package let priorPathRatio: Float?

  init(rate: Float, distortion: Float, priorPathRatio: Float?) {
    (self.rate, self.distortion, self.priorPathRatio) = (rate, distortion, priorPathRatio)
  }

  init(_ results: FunctionResults, _ objective: TrainingObjective) {
    rate = results.scalar(objective.rate)
    distortion = results.scalar(objective.distortion)
    priorPathRatio = objective.priorPathRatio.map { results.scalar($0) }
  }

  var isFinite: Bool { rate.isFinite && distortion.isFinite && (priorPathRatio?.isFinite ?? true) }
}

/// What a step takes, as nodes of a graph.
package struct TrainingInputs {
  /// `[M, C, H, W]` in [0, 1].
  let x: Value
  let noise: LatentNoise
  /// What the rate is multiplied by, where it changes over the run.
  let rateWeight: Value?
  /// The randomness of the denoising criterion.
  let damage: Value?
  /// Of a conditional model.
  let condition: ConditionValues?

  init(_ model: Model, _ training: TrainingConfiguration, batchSize: Int, graph: Graph) {
    let (image, isConditional) = (model.configuration.image, model.configuration.isConditional)
    x = graph.input(image.batch(batchSize))
    let draws = training.samples * training.estimator.importanceSamples
    noise = LatentNoise(
      graph, rows: isConditional ? training.boundRows(of: batchSize) : batchSize * draws,
      model.network.posteriorNoise(of: image))
    rateWeight =
      training.rateWarmUp.map { _ in graph.input(.scalar) }
    damage = training.denoising.map { _ in graph.input(image.batch(batchSize)) }
    condition =
      isConditional
      ? ConditionValues(
        observation: graph.input(image.batch(batchSize)),
        maps: graph.input([batchSize, ConditionValues.mapCount, image.height, image.width]))
      : nil
  }

  /// What the encoder sees.
  func seen(_ training: TrainingConfiguration) -> Value {
    guard let denoising = training.denoising, let damage else { return x }
    return denoising.damaged(x, by: damage)
  }
}

extension TrainingObjective {
  /// What `TrainingStep` reads.
  var reported: [Value] { [rate, distortion] + (priorPathRatio.map { [$0] } ?? []) }
}

extension TrainingConfiguration {
  /// Draws the noise of the latents; its medians where beta is 0.
  ///
  /// - Parameters:
  ///   - share: of the batch, which the function computes.
  ///   - pictures: of the function, or those that the bound is taken over.
  func setNoise(
    _ memory: FunctionInputs, _ inputs: TrainingInputs, stream: UInt64,
    share: BatchShare = .whole, pictures: Int = 1
  ) {
    if beta == 0 { return memory.setMedians(inputs.noise) }
    memory.set(
      inputs.noise, using: RandomSource(seed: seed, stream: stream), share, pictures: pictures)
  }

  /// What the rate is multiplied by, a scalar; nil for 1.
  func rateFactor(_ graph: Graph, weight: Value?) -> Value? {
    beta == 1 ? weight : weight.map { $0 * beta } ?? graph.constant(beta)
  }

  /// Draws the randomness of the denoising criterion, where there is one.
  ///
  /// - Parameter stream: nil to leave the pictures as they are.
  func setDamage(
    _ memory: FunctionInputs, _ inputs: TrainingInputs, stream: UInt64?,
    share: BatchShare = .whole, pictures: Int = 1
  ) {
    guard let denoising, let damage = inputs.damage else { return }
    guard let stream else { return memory.set(damage, to: denoising.harmless) }
    var random = RandomSource(seed: seed, stream: stream)
    if share == .whole {
      return denoising.fill(MutablePlaneView(row: memory[damage]), using: &random)
    }
    random.fillRows(MutablePlaneView(row: memory[damage]), share, pictures) {
      denoising.fill($1, using: &$0)
    }
  }
}

extension TrainingBatch {
  init(_ memory: FunctionInputs, _ inputs: TrainingInputs) {
    func planes(_ input: Value) -> MutablePlaneView { MutablePlaneView(memory[input], input.shape) }
    pixels = planes(inputs.x)
    condition = inputs.condition.map { (planes($0.observation), planes($0.maps)) }
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
