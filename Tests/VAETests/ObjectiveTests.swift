import Graphs
import Networks
import Pictures
import Tensors
import Testing

@testable import VAE

private let image = ImageShape(channels: 1, height: 4, width: 4)

/// Pictures with the upper or the lower half bright, for any number of rows.
private final class HalvesSource: BatchSource {
  let count = 16
  private var step: Int

  init(step: Int = 0) { self.step = step }

  func next(into batch: TrainingBatch) {
    for index in batch.pixels.indices {
      let (picture, pixel) = (index / image.count + step, index % image.count)
      batch.pixels[index] = (pixel < 8) == (picture % 2 == 0) ? 1 : 0
    }
    step += 1
  }
}

private func makeModel(
  latents: Int = 4, likelihood: Configuration.Likelihood = .bernoulli,
  activation: Configuration.ActivationFunction = .tanh
) -> Model {
  Model(
    Configuration(
      image: image, latents: latents, network: .mlp(hidden: [8], activation: activation),
      likelihood: likelihood), seed: 3)
}

private func training(_ change: (inout TrainingConfiguration) -> Void = { _ in })
  -> TrainingConfiguration
{
  var training = TrainingConfiguration()
  training.batchSize = 8
  training.learningRate = 0.02
  training.limit = .steps(60)
  change(&training)
  return training
}

private func makeTrainer(_ model: Model, _ training: TrainingConfiguration) throws -> Trainer {
  try Trainer(model, training, exampleCount: 16, backend: PortableBackend())
}

/// A run to its end.
private func train(_ model: Model, _ training: TrainingConfiguration) throws -> Trainer {
  let trainer = try makeTrainer(model, training)
  let source = HalvesSource()
  while !trainer.isDone { try trainer.step(source) }
  return trainer
}

@Suite struct RatePenaltyTests {
  /// The penalty of two groups with known divergences, for a weight of 0.5.
  private func penalty(_ change: (inout TrainingConfiguration) -> Void) throws -> Float? {
    let training = training(change)
    let graph = Graph()
    let groups = graph.input("groups", [2, 2])
    let rate = groups.sum() / 2
    guard
      let value = training.ratePenalty(rate, groups: [groups], weight: graph.constant(0.5))
    else { return nil }
    let plan = try Plan(
      graph, outputs: [value], parameters: ParameterStore([] as [(String, Shape)]),
      backend: ReferenceBackend())
    // Means over the batch: 0.2 and 3.
    plan.fill("groups", with: Tensor([2, 2], [0.1, 2, 0.3, 4]))
    try plan.run()
    return plan.scalar(0)
  }

  /// Two groups that cost 1 and 3 nats, by the weight of the rate: while it is below 1 what costs more weighs more, and the
  /// gradient of a group's divergence is its weight.
  @Test(
    arguments: [(0.5, [0.375, 0.625]), (1, [1, 1]), (0.25, [0.15625, 0.34375])]
      as [(Float, [Float])])
  func balance(weight: Float, gradients: [Float]) throws {
    let graph = Graph()
    let names = ["a", "b"]
    let groups = names.map { graph.parameter($0, [2]) }
    let rate = groups.map { $0.sum() / 2 }.reduce(graph.constant(0)) { $0 + $1 }
    let penalty = try #require(
      training { _ in }.ratePenalty(rate, groups: groups, weight: graph.constant(weight)))
    let store = ParameterStore(names.map { ($0, [2]) })
    store["a"] = Tensor([2], [0.5, 1.5])
    store["b"] = Tensor([2], [2, 4])
    let found = graph.gradient(of: penalty, withRespectTo: groups)
    let plan = try Plan(
      graph, outputs: [penalty], gradients: Array(zip(names, found)), parameters: store,
      backend: ReferenceBackend())
    try plan.run()
    #expect(abs(plan.scalar(0) - (gradients[0] + 3 * gradients[1])) < 1e-5)
    for (name, gradient) in zip(names, gradients) {
      let found = try #require(store.gradient(name)).elements
      #expect(found.allSatisfy { abs($0 - gradient / 2) < 1e-6 }, "\(name): \(found)")
    }
  }

  @Test func weights() throws {
    #expect(try abs(#require(penalty { _ in }) - 1.6) < 1e-6)
    #expect(try abs(#require(penalty { $0.beta = 4 }) - 6.4) < 1e-5)
    #expect(try penalty { $0.beta = 0 } == nil)
    // max(1, 0.2) + max(1, 3)
    #expect(try abs(#require(penalty { $0.freeBits = 1 }) - 2) < 1e-6)
    // Both groups are free: 5 + 5.
    #expect(try abs(#require(penalty { $0.freeBits = 5 }) - 5) < 1e-6)
  }

  @Test func groupDivergencesAddUpToTheRate() throws {
    let mean = Tensor([1, 6], [0.5, -1, 2, 0, 0.1, 3])
    let logVariance = Tensor([1, 6], [0.2, -1.5, 0.7, 0, 1, -3])
    func divergence(_ groups: Int) throws -> [Float] {
      try evaluate([mean, logVariance]) {
        DiagonalGaussian(mean: $0[0], logVariance: $0[1]).groupDivergences(groups)
      }.elements
    }
    let total = try evaluate([mean, logVariance]) {
      DiagonalGaussian(mean: $0[0], logVariance: $0[1]).divergenceFromStandardNormal()
    }[0]
    let (each, pairs) = (try divergence(6), try divergence(3))
    #expect(each.count == 6 && pairs.count == 3)
    #expect(abs(each.reduce(0, +) - total) < 1e-5)
    #expect(abs(pairs[0] - each[0] - each[1]) < 1e-6)
    #expect(each[3] == 0)
  }

  @Test func warmUp() {
    let share = training { $0.rateWarmUp = .share(0.25) }
    #expect([0, 0.125, 0.5].map { share.rateWeight(at: $0, epoch: 0) } == [0, 0.5, 1])
    let epochs = training { $0.rateWarmUp = .epochs(8) }
    #expect([0, 2, 8, 20].map { epochs.rateWeight(at: 0, epoch: $0) } == [0, 0.25, 1, 1])
    #expect(training().rateWeight(at: 0, epoch: 0) == 1)
  }

  /// Free bits keep a rate that a large beta would press to nothing.
  @Test func freeBitsKeepTheRate() throws {
    let pressed = try train(makeModel(), training { $0.beta = 30 })
    let free = try train(
      makeModel(),
      training {
        $0.beta = 30
        $0.freeBits = 0.25
      })
    let rates = try (
      #require(pressed.runningBound).rate, #require(free.runningBound).rate
    )
    #expect(rates.0 < 0.3)
    #expect(rates.1 > 0.6)
  }
}

@Suite struct PlainAutoencoderTests {
  /// With beta 0 the loss is the distortion at the posterior's mean: the noise, and with it the seed,
  /// makes no difference, and the log variances do not move.
  @Test func hasNoNoise() throws {
    let models = try ([1, 2] as [UInt64]).map { seed in
      let model = makeModel()
      _ = try train(
        model,
        training {
          $0.beta = 0
          $0.seed = seed
        })
      return model
    }
    let weights = try models.map { try #require($0.parameters["encoder.1.weight"]) }
    #expect(weights[0] == weights[1])
    let before = try #require(makeModel().parameters["encoder.1.weight"])
    let logVariances = 4 * 8..<8 * 8
    #expect(weights[0].elements[logVariances] == before.elements[logVariances])
    #expect(weights[0].elements[..<32] != before.elements[..<32])
  }

  @Test func validationHasNoNoiseEither() throws {
    let plain = training { $0.beta = 0 }
    let model = makeModel()
    let bounds = try ([1, 2] as [UInt64]).map { seed in
      var plain = plain
      plain.seed = seed
      return try ObjectiveEvaluator(model, plain, batchSize: 8, backend: PortableBackend())
        .evaluate(HalvesSource(), batches: 2).bound.distortion
    }
    #expect(bounds[0] == bounds[1])
  }
}

@Suite struct DenoisingCriterionTests {
  private let x = Tensor([1, 1, 1, 4], [0, 1, 0.25, 1])

  @Test func flips() throws {
    let damaged = try evaluate([x, Tensor([1, 1, 1, 4], [0.05, 0.05, 0.5, 0.1])]) {
      DenoisingCriterion.flips(probability: 0.1).damaged($0[0], by: $0[1])
    }
    #expect(damaged.elements == [1, 0, 0.25, 1])
  }

  @Test func noise() throws {
    let damaged = try evaluate([x, Tensor([1, 1, 1, 4], [1, -1, 2, 0])]) {
      DenoisingCriterion.noise(standardDeviation: 0.5).damaged($0[0], by: $0[1])
    }
    #expect(damaged.elements == [0.5, 0.5, 1.25, 1])
  }

  @Test func flipsHaveTheirProbability() {
    var random = RandomSource(seed: 1)
    var memory = [Float](repeating: 0, count: 20_000)
    memory.withUnsafeMutableBufferPointer {
      DenoisingCriterion.flips(probability: 0.3).fill(MutablePlaneView(row: $0), using: &random)
    }
    let share = Double(memory.filter { $0 < 0.3 }.count) / 20_000
    #expect(abs(share - 0.3) < 0.02)
  }

  /// The encoder of a model that was trained with damage sees it; the objective on pictures held out
  /// is that of clean ones.
  @Test func trainsAndValidates() throws {
    let damaged = training { $0.denoising = .flips(probability: 0.2) }
    let (model, plain) = (makeModel(), makeModel())
    let trainer = try train(model, damaged)
    _ = try train(plain, training())
    #expect(model.parameters["encoder.0.weight"] != plain.parameters["encoder.0.weight"])
    #expect(try #require(trainer.runningBound).distortion < 9)
    func bound(_ training: TrainingConfiguration) throws -> Double {
      try ObjectiveEvaluator(model, training, batchSize: 8, backend: PortableBackend())
        .evaluate(HalvesSource(), batches: 1).bound.bound
    }
    #expect(try bound(damaged) == bound(training()))
  }
}

@Suite struct EarlyStoppingTests {
  private func summary(_ bound: Double) -> ValidationSummary {
    ValidationSummary(bound: BoundSummary(rate: 1, distortion: -bound - 1), priorPathRatio: nil)
  }

  private let patient = training {
    $0.patience = 3
    $0.limit = .epochs(50)
  }

  @Test func keepsTheBest() throws {
    let model = makeModel()
    let trainer = try makeTrainer(model, patient)
    let source = HalvesSource()
    var kept: Tensor?
    var looks = 0
    while !trainer.isDone {
      try trainer.step(source)
      guard trainer.state.step % trainer.stepsPerEpoch == 0 else { continue }
      looks += 1
      trainer.consider(summary(looks == 4 ? -5 : -10 - Double(looks)))
      if looks == 4 { kept = model.parameters["decoder.1.weight"] }
    }
    #expect(looks == 7 && trainer.isExhausted)
    #expect(trainer.state.best == BestBound(bound: -5, step: 8))
    #expect(model.parameters["decoder.1.weight"] != kept)
    trainer.withBest { #expect(model.parameters["decoder.1.weight"] == kept) }
  }

  @Test func looksDuringTheWarmUpDoNotCount() throws {
    var patient = patient
    patient.rateWarmUp = .epochs(10)
    let trainer = try makeTrainer(makeModel(), patient)
    try trainer.step(HalvesSource())
    trainer.consider(summary(-1))
    #expect(trainer.state.best == nil)
  }

  @Test func resumesWithTheBest() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/a.checkpoint.safetensors"
    let model = makeModel()
    let trainer = try makeTrainer(model, patient)
    let source = HalvesSource()
    for _ in 0..<2 { try trainer.step(source) }
    trainer.consider(summary(-3))
    let kept = model.parameters["encoder.0.weight"]
    for _ in 0..<2 { try trainer.step(source) }
    try trainer.writeCheckpoint(to: path)

    let second = makeModel()
    let resumed = try makeTrainer(second, patient)
    try resumed.resume(from: path)
    #expect(resumed.state == trainer.state)
    resumed.withBest { #expect(second.parameters["encoder.0.weight"] == kept) }
  }
}

@Suite struct GatedLayerTests {
  @Test func trains() throws {
    let model = makeModel(activation: .gated)
    #expect(model.parameters["encoder.0.gate.weight"]?.shape == [8, 16])
    #expect(model.parameters["encoder.1.gate.weight"] == nil)
    let trainer = try train(model, training())
    #expect(try #require(trainer.runningBound).distortion < 8)
  }

  @Test func areDense() {
    let configuration = Configuration(
      image: image, latents: 2,
      network: .convolutional(widths: [4], blocks: 1, hidden: 8, activation: .gated),
      likelihood: .bernoulli)
    #expect(configuration.problem?.contains("dense") == true)
  }
}

@Suite struct LatentStatisticsTests {
  /// Three pictures, two units: the first moves with the picture, the second is the prior.
  private var statistics: LatentStatistics {
    var statistics = LatentStatistics(latents: 2)
    for mean in [-1, 0, 1] as [Float] {
      statistics.add(mean: [mean, 0], logVariance: [-2, 0])
    }
    return statistics
  }

  @Test func activeUnits() {
    let statistics = statistics
    #expect(statistics.count == 3)
    #expect(statistics.active == [true, false])
    #expect(abs(statistics.variancesOfMeans[0] - 2.0 / 3) < 1e-12)
    #expect(statistics.totalVariances[1] == 1)
    #expect(abs(statistics.totalVariances[0] - 2.0 / 3 - 0.1353352832) < 1e-7)
    #expect(statistics.unitRates[1] == 0)
  }

  /// KL(N(0, s) || N(0, 1)) = (s - 1 - log s) / 2.
  @Test func divergenceOfOneUnit() throws {
    let s = statistics.totalVariances[0]
    let logarithm = -0.220644  // log 0.802
    #expect(try abs(#require(statistics.divergence) - (s - 1 - logarithm) / 2) < 1e-4)
  }

  /// Units that move together: |S| = (1.5)^2 - 1 for means (-1, -1), (1, 1) and variances 0.5.
  @Test func covariance() throws {
    var statistics = LatentStatistics(latents: 2)
    let logHalf: Float = -0.693147181
    for mean in [-1, 1] as [Float] {
      statistics.add(mean: [mean, mean], logVariance: [logHalf, logHalf])
    }
    #expect(abs(statistics.covariance(0, 1) - 1) < 1e-12)
    #expect(statistics.covariance(0, 1) == statistics.covariance(1, 0))
    // 0.5 (3 - 2 - log 1.25)
    #expect(try abs(#require(statistics.divergence) - 0.5 * (1 - 0.2231435513)) < 1e-6)
  }

  @Test func evaluatorTakesWholeBatchesAndLess() throws {
    let model = makeModel(latents: 3)
    let evaluator = try LatentStatisticsEvaluator(
      model, batchSize: 4, backend: PortableBackend())
    let pictures = (0..<6 * image.count).map { Float($0 % 7) / 7 }
    let first = 4 * image.count
    try evaluator.add(Array(pictures[..<first]))
    try evaluator.add(Array(pictures[first...]))
    let statistics = evaluator.statistics
    #expect(statistics.count == 6)
    let coder = Coder(model, backend: PortableBackend())
    let means = try (0..<6).map { index in
      try coder.encode(
        Tensor(image.shape, Array(pictures[index * image.count..<(index + 1) * image.count]))
      ).mean
    }
    let expected = means.reduce(0.0) { $0 + Double($1[2]) } / 6
    #expect(abs(statistics.means[2] - expected) < 1e-5)
  }
}
