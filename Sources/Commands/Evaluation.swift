import Graphs
import Networks
import Tensors
import VAE

/// Evaluates pictures batch by batch.
final class Evaluation {
  private typealias Estimate = ImportanceWeightedEstimator.Estimate

  private let fit: ModelFit
  private let isBinarised: Bool
  private let seed: UInt64
  private let evaluator: BoundEvaluator
  private let estimator: ImportanceWeightedEstimator?
  private var noise: RandomSource

  /// Pictures at a time: fewer where many draws share the memory.
  private static func batchSize(samples: Int) -> Int { max(1, min(100, 1000 / samples)) }

  init(
    _ model: Model, fit: ModelFit, samples: Int, importanceSamples: Int?, isBinarised: Bool,
    seed: UInt64, backend: any Backend
  ) throws {
    self.fit = fit
    self.isBinarised = isBinarised
    self.seed = seed
    noise = RandomSource(seed: seed)
    evaluator = try BoundEvaluator(
      model, batchSize: Self.batchSize(samples: samples), samples: samples, backend: backend)
    estimator = try importanceSamples.map {
      try ImportanceWeightedEstimator(model, samples: $0, backend: backend)
    }
  }

  /// Hands the results to `emit` in the pictures' order.
  func run(_ inputs: [PictureInput], _ emit: (EvaluationResult) throws -> Void) throws {
    var waiting: [(name: String, pixels: Tensor, estimate: Estimate?)] = []
    func flush() throws {
      guard !waiting.isEmpty else { return }
      let elements = waiting.flatMap(\.pixels.elements)
      let bounds = try elements.withUnsafeBufferPointer {
        try evaluator.evaluate($0, using: &noise)
      }
      for (item, bound) in zip(waiting, bounds) {
        try emit(EvaluationResult(name: item.name, bound: bound, estimate: item.estimate))
      }
      waiting.removeAll(keepingCapacity: true)
    }
    var failure: ReportedFailure?
    do {
      try Batch.forEach(inputs) { index, input in
        let whole = try fit.whole(input.picture())
        let pixels = isBinarised ? whole.binarised(seed: seed, index: index) : whole
        // Streams of their own, so that an estimate does not depend on the pictures before it.
        var random = RandomSource(seed: seed, stream: RandomStreams.evaluation + UInt64(index))
        let estimate = try estimator?.estimate(pixels, using: &random)
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
  let bound: BoundEvaluator.Bound
  let estimate: ImportanceWeightedEstimator.Estimate?

  /// Name, bound, rate, distortion and, where there is one, the estimate of log p(x) with its
  /// standard error; with tabs between them.
  var line: String {
    var fields = [
      name, decimal(Double(bound.bound), 4), decimal(Double(bound.rate), 4),
      decimal(Double(bound.distortion), 4),
    ]
    if let estimate {
      fields += [decimal(estimate.logLikelihood, 4), decimal(estimate.standardError, 4)]
    }
    return fields.joined(separator: "\t") + "\n"
  }
}
