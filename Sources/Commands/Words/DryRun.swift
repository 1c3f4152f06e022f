import Files
import VAE

extension Train {
  /// Tells on standard output what would be trained, without training it.
  func tell(_ start: Start) throws {
    let (data, trainer) = (start.data, start.trainer)
    let configuration = trainer.model.configuration
    let count = trainer.model.parameters.parameterCount
    let bytes = count * (optimization.half ? 2 : 4)
    let pace = try TrainingPace(trainer, data, seconds: 3)
    var lines = start.choice?.lines ?? []
    lines += [
      "\(grouped(data.count)) pictures of \(data.image) to learn from, "
        + "\(grouped(data.validationCount)) held out",
      "\(grouped(configuration.latents)) latents"
        + (configuration.levels > 1 ? " on \(configuration.levels) grids" : ""),
      "\(grouped(count)) parameters, a file of \(decimal(Double(bytes) / 1e6, 1)) MB",
      "\(duration(pace.epoch)) an epoch, \(decimal(pace.imagesPerSecond, 0)) images/s",
    ]
    switch trainer.configuration.limit {
    case .seconds(let seconds):
      lines.append("\(decimal(seconds / max(pace.epoch, 1e-9), 1)) epochs in \(duration(seconds))")
    case .epochs(let epochs): lines.append("about \(duration(pace.epoch * Double(epochs))) in all")
    case .steps(let steps):
      let seconds = pace.epoch * Double(steps) / Double(trainer.stepsPerEpoch)
      lines.append("about \(duration(seconds)) in all")
    }
    try FileOutput.standardOutput.write(Array((lines.joined(separator: "\n") + "\n").utf8))
  }
}
