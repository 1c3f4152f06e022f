import Datasets
import Graphs
import Tensors

/// Pictures to show: the same ones every time.
extension TrainingData {
  /// Whether what is shown was learned from, as nothing is held out.
  package var showsTrainingPictures: Bool { heldOut.indices.isEmpty }

  private var shown: (dataset: Dataset, indices: [Int]) {
    heldOut.indices.isEmpty ? (dataset, training) : heldOut
  }

  /// So many of the pictures held out, or of those to learn from where none is, evenly spread; pieces
  /// of them where the model learns from pieces. Fewer where there are fewer.
  ///
  /// - Returns: `[C, H, W]` each, black and white where training has them so.
  package func examples(_ count: Int, _ training: TrainingConfiguration) throws -> [Tensor] {
    let (dataset, indices) = shown
    if options.isPieces { return try damagedExamples(count, training).map(\.clean) }
    let number = min(count, indices.count)
    return try (0..<number).map { place in
      let index = indices[place * indices.count / number]
      return try dataset.tensor(index)
        .binarized(options.augmentation.binarization, seed: training.seed, index: index)
    }
  }

  /// A picture, and what a conditional model is told of it.
  package struct DamagedExample {
    /// `[C, H, W]`.
    package let clean: Tensor
    /// `[C, H, W]`, with its holes filled; the clean picture where nothing is damaged.
    package let observation: Tensor
    /// What is known of the damage, `[5, H, W]` (`ConditionMaps`); nil where nothing is damaged.
    package let maps: Tensor?
  }

  /// So many pieces with their damage, as training has them.
  package func damagedExamples(
    _ count: Int, _ training: TrainingConfiguration
  ) throws -> [DamagedExample] {
    let (dataset, indices) = shown
    // The first rows of a batch may be hidden altogether: nothing to restore them from.
    let size = 2 * count
    let first = training.boundRows(of: size)
    let batch = try batches(
      dataset, indices, training, options.augmentation, batchSize: size, step: 0
    ).next()
    return (first..<first + count).map { row in
      DamagedExample(
        clean: batch.pixels.slab(row), observation: (batch.observation ?? batch.pixels).slab(row),
        maps: batch.maps.map { $0.slab(row) })
    }
  }

  /// Of a group of latents, the units whose posterior mean differs from picture to picture, and all.
  package struct GroupActivity: Hashable, Sendable {
    package let active: Int
    package let units: Int

    package init(active: Int, units: Int) {
      (self.active, self.units) = (active, units)
    }
  }

  /// Counts the active units of each group of latents, the finest first, over at most so many of the
  /// pictures that are shown; nil for models of any size, whose groups have priors of their own.
  ///
  /// - Returns: what can be asked as many times as one likes.
  package func activity(
    _ model: Model, pictures limit: Int, backend: any Backend
  ) throws -> (() throws -> [GroupActivity])? {
    let configuration = model.configuration
    guard !configuration.takesAnySize, !options.isPieces else { return nil }
    let (dataset, indices) = shown
    let chosen = indices.prefix(limit)
    let evaluator = try LatentStatisticsEvaluator(
      model, batchSize: min(evaluationBatchSize(model), max(1, chosen.count)), backend: backend)
    let sizes = configuration.groupSizes(of: configuration.image)
    return {
      evaluator.restart()
      for start in stride(from: 0, to: chosen.count, by: evaluator.batchSize) {
        let batch = chosen[start..<min(start + evaluator.batchSize, chosen.count)]
        try evaluator.add(pixels(dataset, batch, seed: 0))
      }
      let active = evaluator.statistics.active
      var first = 0
      return sizes.map { size in
        defer { first += size }
        return GroupActivity(
          active: active[first..<first + size].count(where: \.self), units: size)
      }
    }
  }
}
