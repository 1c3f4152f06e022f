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
}
