import Graphs
import Platform

/// Trains a model's noise estimator for a time, after the network; one that the model has is trained on,
/// at half the learning rate.
package struct NoiseEstimatorSession {
  private let model: Model
  private let data: TrainingData
  private let seconds: Double
  private let seed: UInt64
  private let backend: any Backend

  /// Batches of pictures held out that are looked at at the end.
  private static let validationBatches = 16

  /// Where the training stands, or what came of it.
  package struct Report {
    package let steps: Int
    /// The share of the time that is over, 0...1.
    package let progress: Double
    /// The mean log likelihood of luma's and chroma's level in nats a piece: over the last steps, or on
    /// the pictures held out.
    package let logLikelihood: Double
  }

  package init(
    model: Model, data: TrainingData, seconds: Double, seed: UInt64, backend: any Backend
  ) {
    self.model = model
    self.data = data
    self.seconds = seconds
    self.seed = seed
    self.backend = backend
  }

  /// - Parameters:
  ///   - isReportDue: asked after every step.
  ///   - shouldStop: asked after every step; a run that stops leaves the model as it was.
  /// - Returns: what the pictures held out gave, NaN where there are none; nil where the run was stopped
  ///   or the pieces of the data are not those of an estimator.
  package func run(
    isReportDue: () -> Bool, show: (Report) -> Void, shouldStop: () -> Bool
  ) throws -> Report? {
    let former = model.noiseEstimator
    let estimator =
      former.map(NoiseEstimator.init)
      ?? NoiseEstimator(channels: model.configuration.image.channels, seed: seed)
    let trainer = try NoiseEstimatorTrainer(
      estimator, learningRate: former == nil ? 1e-3 : 5e-4, backend: backend)
    guard
      let source = data.noiseBatches(batchSize: trainer.batchSize, seed: seed, heldOut: false)
    else { return nil }
    let start = monotonicSeconds()
    var (sum, count, progress) = (0.0, 0.0, 0.0)
    while progress < 1 {
      if shouldStop() { return nil }
      sum += Double(try trainer.step(source.next(), progress: progress))
      count += 1
      progress = min(1, (monotonicSeconds() - start) / seconds)
      if isReportDue() {
        show(Report(steps: trainer.step, progress: progress, logLikelihood: -sum / count))
        (sum, count) = (0, 0)
      }
    }
    trainer.finish()
    model.noiseEstimator = estimator
    let heldOut = data.noiseBatches(batchSize: trainer.batchSize, seed: seed, heldOut: true)
    let loss = try heldOut.map { source in
      try trainer.evaluate((0..<Self.validationBatches).map { _ in try source.next() })
    }
    return Report(
      steps: trainer.step, progress: 1, logLikelihood: loss.map { -Double($0) } ?? .nan)
  }
}
