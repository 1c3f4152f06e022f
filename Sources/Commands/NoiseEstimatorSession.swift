import Checkpoints
import Datasets
import Graphs
import VAE

/// Trains a model's noise estimator for a time, after the network.
struct NoiseEstimatorSession {
  let model: Model
  let data: TrainingData
  let seconds: Double
  let seed: UInt64
  let backend: any Backend

  /// Batches of pictures held out that are looked at at the end.
  private static let validationBatches = 16

  /// - Parameter shouldStop: asked after every step; a run that stops leaves the model as it was.
  func run(_ display: inout ProgressDisplay, shouldStop: () -> Bool) throws {
    let estimator = NoiseEstimator(channels: model.configuration.image.channels, seed: seed)
    let trainer = try NoiseEstimatorTrainer(estimator, backend: backend)
    guard let batches = data.noiseBatches(of: trainer, seed: seed, heldOut: false) else {
      let side = NoiseEstimator.side
      return display.keep("no noise estimator: it is trained on pieces of \(side)x\(side) pixels")
    }
    let start = monotonicSeconds()
    var (sum, count): (Float, Float) = (0, 0)
    var progress = 0.0
    while progress < 1 {
      if shouldStop() { return }
      sum += try trainer.step(try batches.next(), progress: progress)
      count += 1
      progress = min(1, (monotonicSeconds() - start) / seconds)
      if display.isDue {
        display.show(
          "noise estimator: step \(trainer.step)  \(decimal(Double(-sum / count), 3)) nats  "
            + "\(decimal(100 * progress, 0)) %")
        (sum, count) = (0, 0)
      }
    }
    trainer.finish()
    model.noiseEstimator = estimator
    guard let heldOut = data.noiseBatches(of: trainer, seed: seed, heldOut: true) else { return }
    let bound =
      -(try trainer.evaluate(
        (0..<Self.validationBatches).map { _ in try heldOut.next() }))
    display.keep(
      "noise estimator: \(trainer.step) steps, \(decimal(Double(bound), 3)) nats held out")
  }
}
