import Datasets
import Graphs
import Tensors

/// How pictures are evaluated.
public struct EvaluationOptions: Hashable, Sendable {
  /// Draws of the posterior for the bound, at least 1.
  public var samples = 1
  /// Draws for the importance-weighted estimate of log p(x); nil for no estimate.
  public var importanceSamples: Int?
  /// How pictures are made black and white first; nil to leave their levels.
  public var binarization: Augmentation.Binarization?
  /// Random seed; equal seeds give equal figures.
  public var seed: UInt64 = 0
  /// What is done with pictures that are not what the model sees.
  public var fitting = PictureFitting()

  public init() {}
}

/// Evaluates pictures: batch by batch where the model takes one size, one by one where it takes any.
package final class Evaluation {
  private typealias Estimate = ImportanceWeightedEstimator.Estimate

  private let options: EvaluationOptions
  private let takesAnySize: Bool
  private let evaluator: BoundEvaluator
  private let estimator: ImportanceWeightedEstimator?
  /// nil for hierarchical models.
  private let latents: LatentStatisticsEvaluator?
  private var noise: RandomSource
  private var means: EvaluationSummary
  private var waiting: [(name: String, pixels: Tensor, estimate: Estimate?)] = []

  /// Pictures at a time: fewer where many draws share the memory.
  private static func batchSize(_ model: Model, samples: Int) -> Int {
    let pictures = max(1, min(100, 1000 / samples))
    // Of a deep model the grids of large pictures take the memory.
    return model.configuration.deep == nil
      ? pictures
      : max(1, min(pictures, (1 << 19) / model.configuration.image.count / samples))
  }

  package init(
    _ model: Model, _ options: EvaluationOptions, backend: any Backend
  ) throws {
    self.options = options
    let samples = options.samples
    noise = RandomSource(seed: options.seed)
    means = EvaluationSummary(model.configuration, importanceSamples: options.importanceSamples)
    takesAnySize = model.configuration.takesAnySize
    evaluator = try BoundEvaluator(
      model, batchSize: Self.batchSize(model, samples: samples), samples: samples,
      countsLevels: true, backend: backend)
    latents =
      takesAnySize
      ? nil
      : try LatentStatisticsEvaluator(
        model, batchSize: Self.batchSize(model, samples: samples), backend: backend)
    estimator = try options.importanceSamples.map {
      try ImportanceWeightedEstimator(model, samples: $0, countsLevels: true, backend: backend)
    }
  }

  /// Of the pictures whose results have been given.
  package var summary: EvaluationSummary {
    var summary = means
    summary.latents = latents?.statistics
    return summary
  }

  /// Takes a picture.
  ///
  /// - Parameters:
  ///   - picture: `[C, H, W]` in [0, 1], of a size that the model takes.
  ///   - index: its place among all, which what is drawn depends on.
  ///   - name: what its result is called.
  /// - Returns: the results that are there now, in the pictures' order; a picture may have to wait for
  ///   others.
  package func add(_ picture: Tensor, at index: Int, name: String) throws -> [EvaluationResult] {
    let pixels = picture.binarized(options.binarization, seed: options.seed, index: index)
    // Streams of their own, so that an estimate does not depend on the pictures before it.
    var random = RandomSource(seed: options.seed, stream: RandomStreams.evaluation + UInt64(index))
    let estimate = try estimator?.estimate(pixels, using: &random)
    guard !takesAnySize else {
      let bound = try evaluator.evaluate(pixels, using: &random)
      let result = EvaluationResult(
        name: name, dimensions: pixels.shape.count, bound: bound, estimate: estimate)
      means.add(result)
      return [result]
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
    let results = zip(waiting, bounds).map { item, bound in
      EvaluationResult(
        name: item.name, dimensions: item.pixels.shape.count, bound: bound,
        estimate: item.estimate)
    }
    for result in results { means.add(result) }
    return results
  }
}
