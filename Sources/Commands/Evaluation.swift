import Datasets
import Files
import Graphs
import Networks
import Tensors
import VAE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Evaluates pictures: batch by batch where the model takes one size, one by one where it takes any.
final class Evaluation {
  private typealias Estimate = ImportanceWeightedEstimator.Estimate

  private let fit: ModelFit
  private let binarisation: Augmentation.Binarisation?
  private let takesAnySize: Bool
  private let seed: UInt64
  private let evaluator: BoundEvaluator
  private let estimator: ImportanceWeightedEstimator?
  /// nil for hierarchical models.
  private let latents: LatentStatisticsEvaluator?
  private var noise: RandomSource

  /// Pictures at a time: fewer where many draws share the memory.
  private static func batchSize(samples: Int) -> Int { max(1, min(100, 1000 / samples)) }

  init(
    _ model: Model, fit: ModelFit, samples: Int, importanceSamples: Int?,
    binarisation: Augmentation.Binarisation?, seed: UInt64, backend: any Backend
  ) throws {
    self.fit = fit
    self.binarisation = binarisation
    self.seed = seed
    noise = RandomSource(seed: seed)
    takesAnySize = model.configuration.takesAnySize
    evaluator = try BoundEvaluator(
      model, batchSize: Self.batchSize(samples: samples), samples: samples,
      countsLevels: true, backend: backend)
    latents =
      takesAnySize
      ? nil
      : try LatentStatisticsEvaluator(
        model, batchSize: Self.batchSize(samples: samples), backend: backend)
    estimator = try importanceSamples.map {
      try ImportanceWeightedEstimator(model, samples: $0, countsLevels: true, backend: backend)
    }
  }

  /// What the posteriors of the pictures so far say together; nil for hierarchical models.
  var statistics: LatentStatistics? { latents?.statistics }

  /// Hands the results to `emit` in the pictures' order.
  func run(_ inputs: [PictureInput], _ emit: (EvaluationResult) throws -> Void) throws {
    var waiting: [(name: String, pixels: Tensor, estimate: Estimate?)] = []
    func flush() throws {
      guard !waiting.isEmpty else { return }
      let elements = waiting.flatMap(\.pixels.elements)
      let bounds = try elements.withUnsafeBufferPointer {
        try latents?.add($0)
        return try evaluator.evaluate($0, using: &noise)
      }
      for (item, bound) in zip(waiting, bounds) {
        try emit(
          EvaluationResult(
            name: item.name, dimensions: item.pixels.shape.count, bound: bound,
            estimate: item.estimate))
      }
      waiting.removeAll(keepingCapacity: true)
    }
    var failure: ReportedFailure?
    do {
      try Batch.forEach(inputs) { index, input in
        let whole = try fit.whole(input.picture())
        let pixels = whole.binarised(binarisation, seed: seed, index: index)
        // Streams of their own, so that an estimate does not depend on the pictures before it.
        var random = RandomSource(seed: seed, stream: RandomStreams.evaluation + UInt64(index))
        let estimate = try estimator?.estimate(pixels, using: &random)
        if takesAnySize {
          let bound = try evaluator.evaluate(pixels, using: &random)
          try emit(
            EvaluationResult(
              name: input.name, dimensions: pixels.shape.count, bound: bound, estimate: estimate))
          return
        }
        waiting.append((input.name, pixels, estimate))
        if waiting.count == evaluator.batchSize { try flush() }
      }
    } catch let error as ReportedFailure {
      failure = error
    }
    try flush()
    if let failure { throw failure }
  }
}

/// What is known of one picture, in nats.
struct EvaluationResult {
  let name: String
  /// The samples of the picture.
  let dimensions: Int
  let bound: BoundEvaluator.Bound
  let estimate: ImportanceWeightedEstimator.Estimate?

  /// -log2 P(x) per sample, from the best estimate: of two levels under a Bernoulli likelihood, of 256
  /// under the others.
  var bitsPerDimension: Double {
    let nats =
      estimate.map { $0.levelLogLikelihood ?? $0.logLikelihood }
      ?? bound.levelBound ?? Double(bound.bound)
    return -nats / Double(dimensions) / log(2.0)
  }

  /// The estimate of log p(x), or else the bound.
  var logLikelihood: Double { estimate?.logLikelihood ?? Double(bound.bound) }

  /// Name, bound, rate, distortion and, where there is one, the estimate of log p(x) with its
  /// standard error; with tabs between them.
  var line: String {
    var fields = [
      Printable.escaped(name), decimal(Double(bound.bound), 4), decimal(Double(bound.rate), 4),
      decimal(Double(bound.distortion), 4),
    ]
    if let estimate {
      fields += [decimal(estimate.logLikelihood, 4), decimal(estimate.standardError, 4)]
    }
    return fields.joined(separator: "\t") + "\n"
  }
}
