import Checkpoints
import Files
import Foundation
import Graphs
import Networks
import Tensors
import Testing

@testable import VAE

private let image = ImageShape(channels: 1, height: 8, width: 8)

/// Pictures with a bar on the left or on the right, in an order that depends on the step alone.
private final class BarSource: BatchSource {
  let count: Int
  private var step: Int

  init(count: Int = 20, step: Int = 0) {
    self.count = count
    self.step = step
  }

  func next(into batch: TrainingBatch) {
    let rows = batch.pixels.count / image.count
    for row in 0..<rows {
      let example = (step * rows + row) % count
      for index in 0..<image.count {
        let isBright = (example % 2 == 0 ? 1...3 : 4...6).contains(index % 8)
        batch.pixels[row * image.count + index] = (isBright ? 0.9 : 0.05) + 0.001 * Float(example)
      }
    }
    step += 1
  }
}

@Suite struct TrainerTests {
  private static let kinds: [OptimizerKind] = [
    .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), .adagrad(epsilon: 1e-8), .sgd(momentum: 0.9),
    .sgd(momentum: 0),
  ]

  private func model(seed: UInt64 = 1, latents: Int = 2) -> Model {
    Model(
      Configuration(
        image: image, latents: latents, network: .mlp(hidden: [12], activation: .tanh),
        likelihood: .bernoulli),
      seed: seed)
  }

  private func training(_ kind: OptimizerKind = kinds[0]) -> TrainingConfiguration {
    var training = TrainingConfiguration()
    training.batchSize = 8
    training.optimizer = kind
    training.learningRate = 0.01
    training.seed = 5
    training.limit = .steps(12)
    return training
  }

  private func trainer(
    _ model: Model, _ training: TrainingConfiguration, count: Int = 20
  ) throws -> Trainer {
    try Trainer(model, training, exampleCount: count, backend: PortableBackend())
  }

  private func finish(_ trainer: Trainer) throws {
    let source = BarSource(count: trainer.exampleCount, step: trainer.state.step)
    while !trainer.isDone { try trainer.step(source) }
    trainer.recordHistory(data: ["bars"], backend: "portable", threads: 1)
  }

  @Test func raisesTheBound() throws {
    var training = training()
    training.limit = .steps(200)
    let trainer = try trainer(model(), training)
    let source = BarSource()
    let first = try trainer.step(source)
    while !trainer.isDone { try trainer.step(source) }
    let last = try #require(trainer.runningBound)
    #expect(last.rate + last.distortion < 0.7 * Double(first.rate + first.distortion))
    #expect(last.rate > 0)
  }

  @Test func seedsSettleEverything() throws {
    let runs = try ([5, 5, 6] as [UInt64]).map { seed in
      var training = training()
      training.seed = seed
      let model = model()
      try finish(trainer(model, training))
      return model
    }
    for slot in runs[0].parameters.slots {
      #expect(runs[0].parameters[slot.name] == runs[1].parameters[slot.name])
    }
    #expect(runs[0].parameters["decoder.1.bias"] != runs[2].parameters["decoder.1.bias"])
  }

  @Test func history() throws {
    var training = training()
    training.weightPrior = true
    let model = model()
    let trainer = try trainer(model, training)
    try finish(trainer)
    trainer.recordHistory(
      data: ["bars"], backend: "portable", threads: 2,
      validation: ValidationSummary(
        bound: BoundSummary(rate: 2, distortion: 30), priorPathRatio: nil))
    let history = model.history
    #expect(history["steps"]?.int == 12)
    #expect(history["examples"]?.int == 20)
    #expect(history["data"] == ["bars"])
    #expect(history["training"]?["seed"]?.int == 5)
    #expect(history["training"]?["weight_prior"]?.string == "N(0, 1)")
    #expect(history["validation_bound"]?["nats"]?.double == -32)
    #expect(history["bound"]?["rate"]?.double != nil)
  }

  // MARK: Resuming

  @Test(arguments: kinds, [Schedule.constant, .cosine])
  func resumesToTheSameBits(kind: OptimizerKind, schedule: Schedule) throws {
    let folder = TemporaryFolder()
    var training = training(kind)
    training.schedule = schedule
    training.weightPrior = schedule == .cosine

    let whole = model()
    try finish(trainer(whole, training))
    try whole.write(to: folder.file("whole.safetensors"))

    let first = try trainer(model(), training)
    let source = BarSource()
    for _ in 0..<5 { try first.step(source) }
    try first.writeCheckpoint(to: folder.file("checkpoint.safetensors"))

    // Another seed: whatever the checkpoint leaves out would show.
    let resumed = model(seed: 99)
    let second = try trainer(resumed, training)
    try second.resume(from: folder.file("checkpoint.safetensors"))
    #expect(second.state == first.state)
    try finish(second)
    try resumed.write(to: folder.file("resumed.safetensors"))

    for slot in whole.parameters.slots {
      #expect(whole.parameters[slot.name] == resumed.parameters[slot.name])
    }
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder.file("whole.safetensors"), andPath: folder.file("resumed.safetensors")))
  }

  /// The limit is no part of what has to be equal.
  @Test func goesOnBeyondTheFirstLimit() throws {
    let folder = TemporaryFolder()
    let first = try trainer(model(), training())
    try finish(first)
    try first.writeCheckpoint(to: folder.file("checkpoint.safetensors"))
    var longer = training()
    longer.limit = .steps(15)
    let second = try trainer(model(), longer)
    try second.resume(from: folder.file("checkpoint.safetensors"))
    #expect(!second.isDone)
    try finish(second)
    #expect(second.state.step == 15)
  }

  @Test(arguments: ["learning rate", "seed", "optimizer", "model", "no state", "state"])
  func refusesAnotherRun(difference: String) throws {
    let folder = TemporaryFolder()
    let path = folder.file("checkpoint.safetensors")
    let first = try trainer(model(), training())
    let source = BarSource()
    for _ in 0..<3 { try first.step(source) }
    try first.writeCheckpoint(to: path)

    var options = training()
    var other = model(seed: 2)
    let reason: String
    switch difference {
    case "learning rate":
      options.learningRate = 0.02
      reason = "expected the training options"
    case "seed":
      options.seed = 6
      reason = "expected the training options"
    case "optimizer":
      options.optimizer = .adagrad(epsilon: 1e-8)
      reason = "expected the training options"
    case "model":
      other = model(seed: 2, latents: 3)
      reason = "expected a checkpoint of the same model"
    case "no state":
      try model().write(to: path)
      reason = "found a model without a run's state"
    default:
      var file = try SafetensorsFile(path: path)
      file.metadata["state"] = #"{"step":-1}"#
      try file.write(to: path)
      reason = "state: "
    }
    let before = other.parameters["decoder.1.weight"]
    let second = try trainer(other, options)
    let error = #expect(throws: FileError.self) { try second.resume(from: path) }
    #expect(error?.kind == .badData)
    #expect(error?.path == path)
    #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
    #expect(second.state == Trainer.State())
    #expect(other.parameters["decoder.1.weight"] == before)
  }

  @Test func refusesAMissingCheckpoint() throws {
    let folder = TemporaryFolder()
    let trainer = try trainer(model(), training())
    let error = #expect(throws: FileError.self) {
      try trainer.resume(from: folder.file("none.safetensors"))
    }
    #expect(error?.kind == .noInput)
  }

  // MARK: Edges

  @Test(arguments: [Float.nan, 1e30])
  func aBoundThatIsNoNumberEndsTheRun(learningRate: Float) throws {
    var training = training()
    training.learningRate = learningRate
    let trainer = try trainer(model(), training)
    let source = BarSource()
    let error = #expect(throws: TrainingError.self) {
      while !trainer.isDone { try trainer.step(source) }
    }
    #expect(error?.description.contains("expected a finite bound") == true)
    #expect(trainer.state.step >= 1)
  }

  @Test func fewerPicturesThanABatch() throws {
    var training = training()
    training.batchSize = 100
    training.limit = .epochs(4)
    let trainer = try trainer(model(), training, count: 3)
    #expect(trainer.batchSize == 3)
    #expect(trainer.stepsPerEpoch == 1)
    #expect(trainer.totalSteps == 4)
    try finish(trainer)
    #expect(trainer.state.step == 4)
    #expect(trainer.runningBound != nil)
  }

  @Test func picturesLeftOverMakeNoStep() throws {
    var training = training()
    training.limit = .epochs(3)
    let trainer = try trainer(model(), training)
    #expect(trainer.stepsPerEpoch == 2)
    #expect(trainer.totalSteps == 6)
  }

  @Test func priorOnTheWeightsShrinksThem() throws {
    let norms = try [false, true].map { weightPrior in
      var training = training()
      training.weightPrior = weightPrior
      training.limit = .steps(150)
      let model = model()
      try finish(trainer(model, training, count: 8))
      let weights = try #require(model.parameters["encoder.0.weight"])
      return weights.elements.reduce(0) { $0 + $1 * $1 }
    }
    #expect(norms[1] < 0.8 * norms[0], "\(norms)")
  }

  /// A checkpoint serves wherever a model does; a model with an optimizer's tensors but no run's
  /// state is refused.
  @Test func aCheckpointIsAModelToo() throws {
    let folder = TemporaryFolder()
    let path = folder.file("checkpoint.safetensors")
    let model = model()
    try trainer(model, training()).writeCheckpoint(to: path)
    let read = try Model(path: path)
    for slot in model.parameters.slots {
      #expect(read.parameters[slot.name] == model.parameters[slot.name])
    }
    var file = model.file(name: "x")
    file.set("optimizer.0", Tensor([3]))
    #expect(throws: FileError.self) { try Model(file: file) }
  }

  /// Another number of pictures is another epoch and another prior on the weights.
  @Test func refusesAnotherNumberOfPictures() throws {
    let folder = TemporaryFolder()
    let path = folder.file("checkpoint.safetensors")
    try trainer(model(), training(), count: 16).writeCheckpoint(to: path)
    let error = #expect(throws: FileError.self) {
      try trainer(model(), training(), count: 8).resume(from: path)
    }
    #expect(error?.description.contains("found one on 16") == true)
  }

  /// Several draws a picture estimate the same bound with less noise: the rate, which is exact, is
  /// the same number.
  @Test func moreDrawsLeaveTheRateAlone() throws {
    let rates = try [1, 5].map { samples in
      var training = training()
      training.samples = samples
      return try trainer(model(), training).step(BarSource()).rate
    }
    #expect(abs(rates[0] - rates[1]) < 1e-5 * rates[0])
  }
}
