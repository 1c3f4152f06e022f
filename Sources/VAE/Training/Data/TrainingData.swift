import Datasets
import Graphs
import Tensors

/// The pictures of a training run: those to learn from and those held out.
public struct TrainingData {
  /// What is made of the pictures.
  public struct Options: Hashable, Sendable {
    public var dataset: DatasetOptions
    public var augmentation = Augmentation()
    /// What the observations of a conditional model suffer.
    public var damage: DamageMixture?
    /// Folders or files of pictures held out; where there are none, a share of the others is.
    public var validation: [String] = []
    /// The share held out; nil for a twentieth, at most 1000 pictures, and none of fewer than 20.
    public var validationShare: Double?

    public init(_ dataset: DatasetOptions) { self.dataset = dataset }

    /// What training makes of pictures for such a model.
    ///
    /// - Parameter damage: what a conditional model is shown; nil for `photograph`.
    package init(showing configuration: Configuration, damage: DamageMixture?) {
      let image = configuration.image
      dataset = DatasetOptions()
      dataset.size =
        configuration.takesAnySize
        ? .pieces(width: image.width, height: image.height)
        : .scaled(width: image.width, height: image.height)
      dataset.color = image.channels == 1 ? .gray : .rgb
      if configuration.isConditional { self.damage = damage ?? .photograph }
    }

    /// Whether an example is a random piece of a picture.
    var isPieces: Bool {
      if case .pieces = dataset.size { true } else { false }
    }
  }

  package let image: ImageShape
  let dataset: Dataset
  let training: [Int]
  let heldOut: (dataset: Dataset, indices: [Int])
  let options: Options

  /// Opens the pictures.
  ///
  /// - Parameter leftOut: is told of every file that cannot be used.
  package init(
    _ paths: [String], _ options: Options, seed: UInt64,
    leftOut: @escaping @Sendable (DatasetWarning) -> Void
  ) throws {
    self.options = options
    dataset = try Dataset(paths, options: options.dataset, warning: leftOut)
    let shape = dataset.shape
    image = ImageShape(channels: shape[0], height: shape[1], width: shape[2])
    if options.validation.isEmpty {
      let count = dataset.count
      // With few pictures every one is needed for training.
      let share = options.validationShare ?? (count < 20 ? 0 : min(0.05, 1000 / Double(count)))
      let split = dataset.split(validationShare: share, seed: seed)
      training = split.training
      heldOut = (dataset, split.validation)
    } else {
      var same = options.dataset
      if !options.isPieces { same.size = .scaled(width: image.width, height: image.height) }
      same.color = image.channels == 1 ? .gray : .rgb
      let validation = try Dataset(options.validation, options: same, warning: leftOut)
      training = Array(0..<dataset.count)
      heldOut = (validation, Array(0..<validation.count))
    }
  }

  /// Opens pictures of which none is learned from: all are held out.
  ///
  /// - Parameter leftOut: as of the other.
  package init(
    heldOut paths: [String], _ options: Options,
    leftOut: @escaping @Sendable (DatasetWarning) -> Void
  ) throws {
    self.options = options
    dataset = try Dataset(paths, options: options.dataset, warning: leftOut)
    let shape = dataset.shape
    image = ImageShape(channels: shape[0], height: shape[1], width: shape[2])
    training = []
    heldOut = (dataset, Array(0..<dataset.count))
  }

  /// The pictures to learn from, N.
  package var count: Int { training.count }

  /// Of all pictures, those held out from them included.
  package var fingerprint: DatasetFingerprint { dataset.fingerprint }

  /// The pictures held out.
  package var validationCount: Int { heldOut.indices.count }

  /// So many of the pictures to learn from, drawn by the seed; all of them where there are fewer, none
  /// where the model learns from pieces.
  package func pictures(_ count: Int, seed: UInt64) throws -> [Tensor] {
    guard !options.isPieces && count > 0 else { return [] }
    return try IndexOrder(count: training.count, seed: seed).permutation(epoch: 0).prefix(count)
      .map { try dataset.tensor(training[$0]) }
  }

  /// The batches from a step on.
  func batches(for trainer: Trainer) -> BatchLoader {
    batches(
      dataset, training, trainer.configuration, options.augmentation,
      batchSize: trainer.batchSize, share: trainer.share, step: trainer.state.step)
  }

  /// Whether the damage has noise whose level may have to be estimated.
  package var hasUnknownNoise: Bool {
    options.damage == .denoise || options.damage == .photograph
  }

  /// Batches with noise of known levels, from the pictures to learn from or from those held out; nil
  /// where the pieces are not those of an estimator, or none is held out.
  func noiseBatches(batchSize: Int, seed: UInt64, heldOut: Bool) -> BatchLoader? {
    let side = NoiseEstimator.side
    let (dataset, indices) = heldOut ? self.heldOut : (self.dataset, training)
    guard options.isPieces, image.height == side, image.width == side, !indices.isEmpty else {
      return nil
    }
    return BatchLoader(
      dataset, indices: indices, batchSize: batchSize, seed: seed,
      augmentation: options.augmentation.ofAnyPiece, damage: .noiseLevels, threads: Threads.count)
  }

  func batches(
    _ dataset: Dataset, _ indices: [Int], _ training: TrainingConfiguration,
    _ augmentation: Augmentation, batchSize: Int, share: BatchShare = .whole, step: Int
  ) -> BatchLoader {
    BatchLoader(
      dataset, indices: indices, batchSize: batchSize, share: share, seed: training.seed,
      startStep: step,
      augmentation: augmentation, damage: options.damage,
      boundRows: training.boundRows(of: batchSize), threads: Threads.count)
  }
}

// MARK: The pictures held out

extension TrainingData {
  /// Looks at the pictures held out; nil where there are none.
  package typealias Validation = () throws -> ValidationSummary?

  /// How the pictures held out are looked at: as many times as one likes, with the same noise.
  package func validation(
    _ model: Model, _ training: TrainingConfiguration, backend: any Backend
  ) throws -> Validation {
    let indices = heldOut.indices
    if indices.isEmpty { return { nil } }
    if options.isPieces {
      return try validation(model, training, batchSize: 16, batches: 12, backend: backend)
    }
    if training.beta == 0 {
      let batchSize = min(100, indices.count)
      return try validation(
        model, training, batchSize: batchSize, batches: indices.count / batchSize,
        backend: backend)
    }
    let evaluator = try BoundEvaluator(
      model, batchSize: evaluationBatchSize(model), backend: backend)
    return { try bound(evaluator, seed: training.seed) }
  }

  /// By the training objective, on batches as training has them.
  private func validation(
    _ model: Model, _ training: TrainingConfiguration, batchSize: Int, batches count: Int,
    backend: any Backend
  ) throws -> Validation {
    let evaluator = try ObjectiveEvaluator(
      model, training, batchSize: batchSize, backend: backend)
    return {
      try evaluator.evaluate(
        batches(
          heldOut.dataset, heldOut.indices, training, options.augmentation.ofAnyPiece,
          batchSize: batchSize, step: 0),
        batches: count)
    }
  }

  /// The mean bound. The same noise every time.
  private func bound(_ evaluator: BoundEvaluator, seed: UInt64) throws -> ValidationSummary {
    var noise = RandomSource(seed: seed, stream: RandomStreams.validation)
    var (rate, distortion) = (0.0, 0.0)
    var groupRates: [Double] = []
    for start in stride(from: 0, to: heldOut.indices.count, by: evaluator.batchSize) {
      let end = min(start + evaluator.batchSize, heldOut.indices.count)
      let pixels = try pixels(heldOut.dataset, heldOut.indices[start..<end], seed: seed)
      for bound in try evaluator.evaluate(pixels, using: &noise) {
        rate += Double(bound.rate)
        distortion += Double(bound.distortion)
        let rates = bound.groupRates.map { Double($0) }
        groupRates = groupRates.isEmpty ? rates : zip(groupRates, rates).map { $0 + $1 }
      }
    }
    let count = Double(heldOut.indices.count)
    return ValidationSummary(
      bound: BoundSummary(rate: rate / count, distortion: distortion / count),
      priorPathRatio: nil, groupRates: groupRates.map { $0 / count })
  }

  /// What the posteriors of the pictures held out, or of those to learn from where there are none, say
  /// together, at most a thousand of them; nil for hierarchical models and for pieces.
  package func latentStatistics(
    _ model: Model, backend: any Backend
  ) throws -> LatentStatistics? {
    guard !model.configuration.takesAnySize, !options.isPieces else { return nil }
    let (dataset, indices) = heldOut.indices.isEmpty ? (dataset, training) : heldOut
    let evaluator = try LatentStatisticsEvaluator(
      model, batchSize: min(evaluationBatchSize(model), indices.count), backend: backend)
    let chosen = indices.prefix(1000)
    for start in stride(from: 0, to: chosen.count, by: evaluator.batchSize) {
      let batch = chosen[start..<min(start + evaluator.batchSize, chosen.count)]
      try evaluator.add(pixels(dataset, batch, seed: 0))
    }
    return evaluator.statistics
  }

  /// Pictures at a time; fewer large ones of a deep model, whose grids take the memory.
  func evaluationBatchSize(_ model: Model) -> Int {
    model.configuration.deep == nil
      ? 100 : max(4, min(100, (1 << 19) / model.configuration.image.count))
  }

  /// Pictures one after another, black and white where training has them so.
  func pixels(
    _ dataset: Dataset, _ indices: ArraySlice<Int>, seed: UInt64
  ) throws -> [Float] {
    try indices.flatMap { index in
      try dataset.tensor(index)
        .binarized(options.augmentation.binarization, seed: seed, index: index).elements
    }
  }
}

extension BatchLoader: BatchSource {
  package func next(into batch: TrainingBatch) throws {
    if batch.condition == nil, try next(into: batch.pixels) { return }
    let loaded = try next()
    batch.pixels.copy(loaded.pixels.elements)
    guard let condition = batch.condition else { return }
    if let observation = loaded.observation, let maps = loaded.maps {
      condition.observation.copy(observation.elements)
      condition.maps.copy(maps.elements)
    }
  }
}
