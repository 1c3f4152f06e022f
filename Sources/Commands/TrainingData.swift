import Datasets
import Graphs
import Tensors
import VAE

/// The pictures of a training run: those to learn from and those held out.
struct TrainingData {
  let image: ImageShape
  private let dataset: Dataset
  private let training: [Int]
  private let heldOut: (dataset: Dataset, indices: [Int])
  private let augmentation: Augmentation
  private let damage: DamageMixture?
  /// Whether an example is a random piece of a picture.
  private let isPieces: Bool

  /// Opens the pictures. What is left out is reported on standard error.
  init(_ paths: [String], _ options: DataOptions, seed: UInt64) throws {
    func open(_ paths: [String], _ options: DatasetOptions) throws -> Dataset {
      try Dataset(paths, options: options) {
        StandardError.report("\($0); left out")
      }
    }
    if case .pieces = options.options.size { isPieces = true } else { isPieces = false }
    dataset = try open(paths, options.options)
    let shape = dataset.shape
    image = ImageShape(channels: shape[0], height: shape[1], width: shape[2])
    augmentation = options.augmentation
    damage = options.damage
    if options.validation.isEmpty {
      let count = dataset.count
      // With few pictures every one is needed for training.
      let share = options.validationShare ?? (count < 20 ? 0 : min(0.05, 1000 / Double(count)))
      let split = dataset.split(validationShare: share, seed: seed)
      training = split.training
      heldOut = (dataset, split.validation)
    } else {
      var same = options.options
      if case .pieces = same.size {
      } else {
        same.size = .scaled(width: image.width, height: image.height)
      }
      same.colour = image.channels == 1 ? .grey : .rgb
      let validation = try open(options.validation, same)
      training = Array(0..<dataset.count)
      heldOut = (validation, Array(0..<validation.count))
    }
  }

  /// The pictures to learn from, N.
  var count: Int { training.count }

  /// Whether the damage has noise whose level may have to be estimated.
  var tellsOfNoise: Bool { damage == .denoise || damage == .photograph }

  /// The pictures held out.
  var validationCount: Int { heldOut.indices.count }

  /// So many of the pictures to learn from, drawn by the seed; all of them where there are fewer, none
  /// where the model learns from pieces.
  func pictures(_ count: Int, seed: UInt64) throws -> [Tensor] {
    guard !isPieces && count > 0 else { return [] }
    return try IndexOrder(count: training.count, seed: seed).permutation(epoch: 0).prefix(count)
      .map { try dataset.tensor(training[$0]) }
  }

  /// The batches from a step on.
  func source(for trainer: Trainer) -> LoaderSource {
    source(
      dataset, training, trainer.configuration, batchSize: trainer.batchSize,
      step: trainer.state.step)
  }

  private func source(
    _ dataset: Dataset, _ indices: [Int], _ training: TrainingConfiguration, batchSize: Int,
    step: Int
  ) -> LoaderSource {
    LoaderSource(
      BatchLoader(
        dataset, indices: indices, batchSize: batchSize, seed: training.seed, startStep: step,
        augmentation: augmentation, damage: damage, boundRows: training.boundRows(of: batchSize),
        threads: Threads.count),
      count: indices.count)
  }

  /// Batches with noise of known levels, from the pictures to learn from or from those held out; nil
  /// where the pieces are not those of an estimator, or none is held out.
  func noiseBatches(of trainer: NoiseEstimatorTrainer, seed: UInt64, heldOut: Bool)
    -> BatchLoader?
  {
    let side = NoiseEstimator.side
    let (dataset, indices) = heldOut ? self.heldOut : (self.dataset, training)
    guard isPieces, image.height == side, image.width == side, !indices.isEmpty else { return nil }
    return BatchLoader(
      dataset, indices: indices, batchSize: trainer.batchSize, seed: seed,
      augmentation: augmentation, damage: .noiseLevels, threads: Threads.count)
  }

  /// What looks at the pictures held out; nil where there are none.
  func validator(
    _ model: Model, _ training: TrainingConfiguration, backend: any Backend
  ) throws -> Validator {
    guard !heldOut.indices.isEmpty else { return Validator { nil } }
    if isPieces {
      let batchSize = 16
      let evaluator = try ObjectiveEvaluator(
        model, training, batchSize: batchSize, backend: backend)
      return Validator {
        try evaluator.evaluate(
          source(heldOut.dataset, heldOut.indices, training, batchSize: batchSize, step: 0),
          batches: 12)
      }
    }
    if training.beta == 0 {
      let batchSize = min(100, heldOut.indices.count)
      let evaluator = try ObjectiveEvaluator(
        model, training, batchSize: batchSize, backend: backend)
      return Validator {
        try evaluator.evaluate(
          source(heldOut.dataset, heldOut.indices, training, batchSize: batchSize, step: 0),
          batches: heldOut.indices.count / batchSize)
      }
    }
    let evaluator = try BoundEvaluator(model, backend: backend)
    return Validator {
      ValidationSummary(
        bound: try bound(evaluator, seed: training.seed), priorPathRatio: nil)
    }
  }

  /// What the posteriors of the pictures held out, or of those to learn from where there are none, say
  /// together, at most a thousand of them; nil for hierarchical models and for pieces.
  func latentStatistics(_ model: Model, backend: any Backend) throws -> LatentStatistics? {
    guard model.configuration.hierarchy == nil, !isPieces else { return nil }
    let (dataset, indices) = heldOut.indices.isEmpty ? (dataset, training) : heldOut
    let evaluator = try LatentStatisticsEvaluator(
      model, batchSize: min(100, indices.count), backend: backend)
    let chosen = indices.prefix(1000)
    for start in stride(from: 0, to: chosen.count, by: evaluator.batchSize) {
      let batch = chosen[start..<min(start + evaluator.batchSize, chosen.count)]
      let pixels = try batch.flatMap { index in
        try dataset.tensor(index)
          .binarised(augmentation.binarisation, seed: 0, index: index).elements
      }
      try pixels.withUnsafeBufferPointer { try evaluator.add($0) }
    }
    return evaluator.statistics
  }

  /// The mean bound on the pictures held out. The same noise every time.
  private func bound(_ evaluator: BoundEvaluator, seed: UInt64) throws -> BoundSummary {
    var noise = RandomSource(seed: seed, stream: 1 << 62)
    var (rate, distortion) = (0.0, 0.0)
    for start in stride(from: 0, to: heldOut.indices.count, by: evaluator.batchSize) {
      let end = min(start + evaluator.batchSize, heldOut.indices.count)
      var pixels: [Float] = []
      for index in heldOut.indices[start..<end] {
        let picture = try heldOut.dataset.tensor(index)
        pixels += picture.binarised(augmentation.binarisation, seed: seed, index: index).elements
      }
      let bounds = try pixels.withUnsafeBufferPointer {
        try evaluator.evaluate($0, using: &noise)
      }
      for bound in bounds {
        rate += Double(bound.rate)
        distortion += Double(bound.distortion)
      }
    }
    let count = Double(heldOut.indices.count)
    return BoundSummary(rate: rate / count, distortion: distortion / count)
  }
}

/// Looks at the pictures held out; nil where there are none.
struct Validator {
  let validate: () throws -> ValidationSummary?
}

extension Tensor {
  /// Black and white by a rule; equal seeds and indices give equal results.
  func binarised(
    _ rule: Augmentation.Binarisation?, seed: UInt64, index: Int
  ) -> Tensor {
    switch rule {
    case nil: self
    case .dynamic, .fixed: binarised(seed: seed, index: index)
    case .threshold(let level):
      Tensor(shape, elements.map { $0 * 255 > Float(level) - 0.5 ? 1 : 0 })
    }
  }

  /// Every number drawn as 1 with itself as the probability, as 0 otherwise; equal seeds and
  /// indices give equal results.
  func binarised(seed: UInt64, index: Int) -> Tensor {
    var random = RandomSource(seed: seed, stream: 3 << 60 + UInt64(index))
    return Tensor(shape, elements.map { random.nextUniform() < $0 ? 1 : 0 })
  }
}
