import Checkpoints
import Datasets
import Graphs
import Networks
import Pictures
import Platform
import Ranks
import Tensors

/// Where a trainer's pictures come from: batch after batch, in an order that depends on nothing but
/// the seed and the step at which it begins.
package protocol BatchSource: AnyObject {
  /// N, the number of pictures.
  var count: Int { get }
  /// Writes the next batch.
  func next(into batch: TrainingBatch) throws
}

/// The memory that a step's batch goes into.
package struct TrainingBatch {
  /// `[M, C, H, W]` in [0, 1].
  package let pixels: MutablePlaneView
  /// What a conditional model is told: the observation `[M, C, H, W]` and the maps `[M, 5, H, W]`.
  package let condition: (observation: MutablePlaneView, maps: MutablePlaneView)?
}

/// Maximizes the evidence lower bound, or the hybrid objective of a conditional model, with
/// minibatches (AEVB, algorithm 1).
package final class Trainer {
  package let model: Model
  package let configuration: TrainingConfiguration
  /// Pictures in the training set, N.
  package let exampleCount: Int
  /// M, or N where that is less; of all ranks together.
  package let batchSize: Int
  /// The processes that train the model together; nil for this one alone.
  package let ranks: Ranks?
  /// What of each batch this process computes.
  let share: BatchShare
  /// Everything a resumed run must know beside parameters and moments.
  package internal(set) var state = State()

  /// How the run was chosen, where it was; a checkpoint keeps it.
  public var recipe: TrainingRecipe?
  /// Of the pictures, where it is known; a checkpoint keeps it.
  public var fingerprint: DatasetFingerprint?

  let optimizer: Optimizer
  let average: WeightAverage?
  /// The parameters at `state.best`, of a run with patience.
  let best: ParameterCopy?
  private let function: Function<(inputs: TrainingInputs, objective: TrainingObjective)>
  /// The ranks of the run that was resumed; nil where none was.
  package internal(set) var resumedRanks: Int?
  /// Whether parameters and moments are those of one step: not while ranks are averaging them.
  package internal(set) var isWhole = true
  private let exchange: GradientExchange?

  /// Where a run stands.
  package struct State: Hashable, Sendable {
    /// Steps done.
    package var step = 0
    /// Training time so far, over all resumed runs.
    package var seconds = 0.0
    /// Sums over the epoch under way: rate and distortion of each step's mean, and steps.
    var epoch = RunningBound()
    /// Over the last whole epoch.
    var lastEpoch = RunningBound()
    /// Of a run with patience.
    package internal(set) var best: BestBound?
  }

  /// Sums of batch means, in nats per picture.
  struct RunningBound: Hashable, Sendable {
    var rate = 0.0
    var distortion = 0.0
    var steps = 0

    mutating func add(_ rate: Float, _ distortion: Float) {
      self.rate += Double(rate)
      self.distortion += Double(distortion)
      steps += 1
    }
  }

  /// - Parameters:
  ///   - exampleCount: N, for the length of an epoch and the prior on the weights.
  ///   - ranks: the processes that train the model together.
  /// - Throws: `TrainingProblem` where the run does not go with the model, or `BackendError`.
  package init(
    _ model: Model, _ configuration: TrainingConfiguration, exampleCount: Int,
    ranks: Ranks? = nil, backend: any Backend
  ) throws {
    precondition(exampleCount > 0, "something to train on")
    if let problem = configuration.problem(for: model.configuration) {
      throw problem
    }
    self.model = model
    self.configuration = configuration
    self.exampleCount = exampleCount
    batchSize = min(configuration.batchSize, exampleCount)
    self.ranks = ranks
    share = ranks.map { BatchShare(rank: $0.rank, count: $0.count) } ?? .whole
    if let problem = configuration.problem(
      for: model.configuration, ranks: share.count, batchSize: batchSize)
    {
      throw problem
    }
    optimizer = Optimizer(
      configuration.optimizer, model.parameters,
      weightDecay: configuration.weightPrior ? 1 / Float(exampleCount) : 0,
      gradientLimit: configuration.gradientLimit)
    average = configuration.averageDecay.map { WeightAverage(model.parameters, decay: $0) }
    best = configuration.patience.map { _ in ParameterCopy(model.parameters) }

    let graph = Graph()
    let inputs = TrainingInputs(
      model, configuration, batchSize: share.rows(of: batchSize), graph: graph)
    let objective = model.network.objective(inputs, configuration)
    let trained = model.network.parameters.filter { configuration.trains($0.name) }
    let parameters = trained.map { graph.parameter($0.name, $0.shape) }
    let gradients = graph.gradient(of: objective.loss, withRespectTo: parameters)
    let function = try Function(
      graph, (inputs: inputs, objective: objective), outputs: objective.reported,
      gradients: Array(zip(trained.map(\.name), gradients)),
      parameters: model.parameters, backend: backend, isChecked: false)
    self.function = function
    let averagesGradients = configuration.syncInterval == nil
    exchange =
      averagesGradients
      ? ranks.map { GradientExchange($0, function.gradientSteps, model.parameters) } : nil
  }

  /// Runs `body` while the model's parameters are those of the run's result: their average, where
  /// one is kept.
  package func withResult<R>(_ body: () throws -> R) rethrows -> R {
    guard let average else { return try body() }
    return try average.withAverage(body)
  }

  /// Steps of an epoch; pictures left over wait for the next shuffle.
  package var stepsPerEpoch: Int { max(1, exampleCount / batchSize) }

  /// The steps of the whole run; nil where time is the limit.
  package var totalSteps: Int? {
    switch configuration.limit {
    case .steps(let steps): steps
    case .epochs(let epochs): epochs * stepsPerEpoch
    case .seconds: nil
    }
  }

  /// The share of the run that is done, 0...1.
  package var progress: Double {
    switch configuration.limit {
    case .seconds(let seconds): min(1, state.seconds / seconds)
    default: totalSteps == 0 ? 1 : min(1, Double(state.step) / Double(totalSteps ?? 1))
    }
  }

  /// The passes over the data that are done.
  package var epoch: Double { Double(state.step) / Double(stepsPerEpoch) }

  /// The share of beta that the rate weighs in the next step.
  package var rateWeight: Float { configuration.rateWeight(at: progress, epoch: epoch) }

  /// The rate of the next step.
  package var learningRate: Double {
    Double(configuration.learningRate * configuration.schedule.factor(at: progress, epoch: epoch))
  }

  package var isDone: Bool { progress >= 1 || isExhausted }

  /// The mean of rate and distortion over the epoch under way or, before its first step, over the
  /// last one; nil before any step. In nats per picture.
  package var runningBound: (rate: Double, distortion: Double)? {
    let bound = state.epoch.steps > 0 ? state.epoch : state.lastEpoch
    guard bound.steps > 0 else { return nil }
    return (bound.rate / Double(bound.steps), bound.distortion / Double(bound.steps))
  }

  /// One step. Its noise depends on the seed and the step's number alone.
  ///
  /// - Returns: what the batch's objective was before the step.
  /// - Throws: what the source throws, or `TrainingError` where the bound is no number any more.
  @discardableResult
  package func step(_ source: any BatchSource) throws -> TrainingStep {
    let start = monotonicSeconds()
    try function.write { inputs, values in
      try Profile.measure("waiting for the loader") {
        try source.next(into: TrainingBatch(inputs, values.inputs))
      }
      Profile.measure("drawing noise") {
        drawNoise(inputs, values.inputs)
      }
      if let weight = values.inputs.rateWeight { inputs.set(weight, to: rateWeight) }
    }
    let step = try mean(of: compute())
    guard step.isFinite else {
      throw TrainingError(step: state.step, rate: step.rate, distortion: step.distortion)
    }
    Profile.measure("optimizer") {
      optimizer.step(
        learningRate: configuration.learningRate
          * configuration.schedule.factor(at: progress, epoch: epoch))
    }
    state.step += 1
    Profile.measure("average of the weights") { average?.update(step: state.step) }
    if isInSync { try synchronize() }
    state.epoch.add(step.rate, step.distortion)
    if state.step % stepsPerEpoch == 0 {
      state.lastEpoch = state.epoch
      state.epoch = RunningBound()
    }
    state.seconds += monotonicSeconds() - start
    return step
  }

  private func compute() throws -> TrainingStep {
    guard let exchange else { return try function.run { TrainingStep($0, $1.objective) } }
    return try exchange.run(function) { TrainingStep($0, $1.objective) }
  }

  private func drawNoise(_ memory: FunctionInputs, _ inputs: TrainingInputs) {
    let rows = share.rows(of: batchSize)
    configuration.setNoise(
      memory, inputs, stream: RandomStreams.noise + UInt64(state.step), share: share,
      pictures: model.configuration.isConditional ? configuration.boundRows(of: rows) : rows)
    configuration.setDamage(
      memory, inputs, stream: RandomStreams.damage + UInt64(state.step), share: share,
      pictures: rows)
  }

  /// Writes into the model's history what its file is to tell of this run.
  ///
  /// - Parameters:
  ///   - data: what it was trained on, in the user's words.
  ///   - validation: the bound on pictures held out, in nats.
  ///   - activeLatents: the active units of a flat model.
  package func recordHistory(
    data: [String], backend: String, threads: Int, validation: ValidationSummary? = nil,
    activeLatents: Int? = nil
  ) {
    var members = [
      JSONMember("version", .string(latentVersion)),
      JSONMember("data", .array(data.map { .string($0) })),
      JSONMember("examples", JSONValue(exampleCount)),
      JSONMember("steps", JSONValue(state.step)),
      JSONMember("training", configuration.json),
      JSONMember("backend", .string(backend)),
      JSONMember("threads", JSONValue(threads)),
    ]
    let whole = state.lastEpoch.steps > 0 ? state.lastEpoch : state.epoch
    if whole.steps > 0 {
      let (rate, distortion) = (
        whole.rate / Double(whole.steps), whole.distortion / Double(whole.steps)
      )
      let bound = BoundSummary(rate: rate, distortion: distortion)
      members.append(JSONMember("bound", bound.json))
      // AEVB, equation 8: the minibatches' bound scaled by N / M.
      members.append(
        JSONMember("data_set_bound", JSONValue(bound.bound * Double(exampleCount))))
    }
    if let ranks { members.append(JSONMember("ranks", JSONValue(ranks.count))) }
    if let activeLatents {
      members.append(JSONMember("active_latents", JSONValue(activeLatents)))
    }
    if let best = state.best { members.append(JSONMember("best_step", JSONValue(best.step))) }
    if let validation {
      members.append(JSONMember("validation_bound", validation.bound.json))
      if let ratio = validation.priorPathRatio {
        members.append(JSONMember("validation_prior_path_decibels", JSONValue(ratio)))
      }
    }
    model.history = .object(members)
  }
}
