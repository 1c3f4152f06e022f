import Files
import VAE

extension Train {
  /// Tells on standard output what would be trained, without training it.
  func tell(_ start: Start) throws {
    let (data, trainer) = (start.data, start.trainer)
    let pace = try TrainingPace(trainer, data, seconds: 3)
    let lines =
      (start.choice?.lines ?? [])
      + pace.lines(of: trainer, data, bytesPerNumber: optimization.half ? 2 : 4)
    try FileOutput.standardOutput.write(Array((lines.joined(separator: "\n") + "\n").utf8))
  }
}
