import Datasets
import Graphs
import Tensors

/// Evaluates pictures: batch by batch where the model takes one size, one by one where it takes any.
package final class Evaluation {
  private typealias Estimate = ImportanceWeightedEstimator.Estimate

  private let binarisation: Augmentation.Binarisation?
  private let takesAnySize: Bool
  private let seed: UInt64
  private let evaluator: BoundEvaluator
  private let estimator: ImportanceWeightedEstimator?
  /// nil for hierarchical models.
  private let latents: LatentStatisticsEvaluator?
  private var noise: RandomSource
  private var waiting: [(name: String, pixels: Tensor, estimate: Estimate?)] = []

  /// Pictures at a time: fewer where many draws share the memory.
  private static func batchSize(_ model: Model, samples: Int) -> Int {
    let pictures = max(1, min(100, 1000 / samples))
    // Of a deep model the grids of large pictures take the memory.
    return model.configuration.deep == nil
      ? pictures
      : max(1, min(pictures, (1 << 19) / model.configuration.image.count / samples))
  }

  /// - Parameters:
  ///   - samples: draws of the posterior for the bound.
  ///   - importanceSamples: draws for the estimate of log p(x); nil for no estimate.
  ///   - binarisation: how pictures are made black and white first.
  package init(
    _ model: Model, samples: Int, importanceSamples: Int?,
    binarisation: Augmentation.Binarisation?, seed: UInt64, backend: any Backend
  ) throws {
    self.binarisation = binarisation
    self.seed = seed
    noise = RandomSource(seed: seed)
    takesAnySize = model.configuration.takesAnySize
    evaluator = try BoundEvaluator(
      model, batchSize: Self.batchSize(model, samples: samples), samples: samples,
      countsLevels: true, backend: backend)
    latents =
      takesAnySize
      ? nil
      : try LatentStatisticsEvaluator(
        model, batchSize: Self.batchSize(model, samples: samples), backend: backend)
    estimator = try importanceSamples.map {
      try ImportanceWeightedEstimator(model, samples: $0, countsLevels: true, backend: backend)
    }
  }

  /// What the posteriors of the pictures so far say together; nil for hierarchical models.
  package var statistics: LatentStatistics? { latents?.statistics }

  /// Takes a picture.
  ///
  /// - Parameters:
  ///   - picture: `[C, H, W]` in [0, 1], of a size that the model takes.
  ///   - index: its place among all, which what is drawn depends on.
  ///   - name: what its result is called.
  /// - Returns: the results that are there now, in the pictures' order; a picture may have to wait for
  ///   others.
  package func add(_ picture: Tensor, at index: Int, name: String) throws -> [EvaluationResult] {
    let pixels = picture.binarised(binarisation, seed: seed, index: index)
    // Streams of their own, so that an estimate does not depend on the pictures before it.
    var random = RandomSource(seed: seed, stream: RandomStreams.evaluation + UInt64(index))
    let estimate = try estimator?.estimate(pixels, using: &random)
    guard !takesAnySize else {
      let bound = try evaluator.evaluate(pixels, using: &random)
      return [
        EvaluationResult(
          name: name, dimensions: pixels.shape.count, bound: bound, estimate: estimate)
      ]
    }
    waiting.append((name, pixels, estimate))
    return waiting.count == evaluator.batchSize ? try finish() : []
  }

  /// The results of the pictures that wait.
  package func finish() throws -> [EvaluationResult] {
    guard !waiting.isEmpty else { return [] }
    let elements = waiting.flatMap(\.pixels.elements)
    try latents?.add(elements)
    let bounds = try evaluator.evaluate(elements, using: &noise)
    defer { waiting.removeAll(keepingCapacity: true) }
    return zip(waiting, bounds).map { item, bound in
      EvaluationResult(
        name: item.name, dimensions: item.pixels.shape.count, bound: bound,
        estimate: item.estimate)
    }
  }
}
