import Files
import Platform

/// How fast a run would be: some of its first steps, on its own pictures.
package struct TrainingPace: Hashable, Sendable {
  package let imagesPerSecond: Double
  /// Of a pass over the pictures to learn from, in seconds.
  package let epoch: Double

  /// Trains for a moment; the trainer is of no more use.
  ///
  /// - Parameter seconds: after which no further step is begun.
  package init(_ trainer: Trainer, _ data: TrainingData, seconds: Double) throws {
    let batches = data.batches(for: trainer)
    // The first touches all memory.
    try trainer.step(batches)
    let before = trainer.state.seconds
    var steps = 0
    repeat {
      try trainer.step(batches)
      steps += 1
    } while trainer.state.seconds - before < seconds && steps < 100
    let time = (trainer.state.seconds - before) / Double(steps)
    imagesPerSecond = Double(trainer.batchSize) / max(time, 1e-9)
    epoch = time * Double(trainer.stepsPerEpoch)
  }

  /// What would be trained, and how long it would take.
  ///
  /// - Parameter bytesPerNumber: of the model's file.
  package func lines(
    of trainer: Trainer, _ data: TrainingData, bytesPerNumber: Int
  ) -> [String] {
    let configuration = trainer.model.configuration
    let count = trainer.model.parameters.parameterCount
    var lines = [
      "\(grouped(data.count)) pictures of \(data.image) to learn from, "
        + "\(grouped(data.validationCount)) held out",
      "\(grouped(configuration.latents)) latents"
        + (configuration.levels > 1 ? " on \(configuration.levels) grids" : ""),
      "\(grouped(count)) parameters, a file of "
        + "\(decimal(Double(count * bytesPerNumber) / 1e6, 1)) MB",
      "\(duration(epoch)) an epoch, \(decimal(imagesPerSecond, 0)) images/s",
    ]
    switch trainer.configuration.limit {
    case .seconds(let seconds):
      lines.append("\(decimal(seconds / max(epoch, 1e-9), 1)) epochs in \(duration(seconds))")
    case .epochs(let epochs): lines.append("about \(duration(epoch * Double(epochs))) in all")
    case .steps(let steps):
      let seconds = epoch * Double(steps) / Double(trainer.stepsPerEpoch)
      lines.append("about \(duration(seconds)) in all")
    }
    return lines
  }
}
