import Datasets
import Foundation
import Graphs
import ImageCodecs
import Tensors

@testable import Reports
@testable import VAE

/// Pictures, a small model, and a run on them.
enum ReportFixture {
  static let image = ImageShape(channels: 1, height: 12, width: 12)

  /// A disc whose place depends on the index.
  static func disc(_ index: Int) -> Image {
    let (x, y) = (Float(3 + index % 4 * 2), Float(4 + index / 4 % 2 * 4))
    let plane = (0..<144).map { pixel -> Float in
      let (dx, dy) = (Float(pixel % 12) - x, Float(pixel / 12) - y)
      return min(max(3.5 - (dx * dx + dy * dy).squareRoot() + 0.1 * Float(index / 8), 0), 1)
    }
    return Image(planes: plane, width: 12, height: 12, channels: 1)
  }

  static func data(_ folder: Scratch, count: Int = 24) throws -> TrainingData {
    let path = folder("pictures")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for index in 0..<count {
      try Data(ImageWriter.encode(disc(index), format: .png))
        .write(to: URL(filePath: path + "/\(100 + index).png"))
    }
    var options = TrainingData.Options(DatasetOptions())
    options.validationShare = count < 10 ? 0 : 0.25
    return try TrainingData([path], options, seed: 1) { _ in }
  }

  static var training: TrainingConfiguration {
    var training = TrainingConfiguration()
    training.batchSize = 6
    training.learningRate = 0.01
    training.limit = .epochs(12)
    training.rateWarmUp = .epochs(2)
    training.seed = 1
    return training
  }

  static var deep: Configuration {
    Configuration(
      image: image,
      deep: DeepForm(
        widths: [8, 8, 8], latents: [1, 2, 2], groups: [1, 1, 1], blocks: 1, activation: .silu,
        likelihood: .bernoulli))
  }

  static func trainer(_ data: TrainingData, _ configuration: Configuration = deep) throws -> Trainer
  {
    try data.trainer(of: configuration, training, backend: try Backends.selected)
  }

  /// A page of a short run, and how many pictures it has.
  static func page() throws -> (html: String, pictures: Int) {
    let folder = try Scratch()
    let data = try data(folder)
    let trainer = try trainer(data)
    let report = try RunReport(
      folder("report"),
      title:
        "Training <icons> & others, a-name-that-is-as-long-as-names-of-files-can-become.safetensors",
      data, trainer, share: .infinity, backend: try Backends.selected)
    try run(trainer, data, report, epochs: 6)
    let html = try String(contentsOf: URL(fileURLWithPath: report.path), encoding: .utf8)
    return (html, html.components(separatedBy: "<img").count - 1)
  }

  /// Goes on for so many epochs, with a look after each.
  static func run(
    _ trainer: Trainer, _ data: TrainingData, _ report: RunReport, epochs: Int
  ) throws {
    let validation = try data.validation(
      trainer.model, trainer.configuration, backend: try Backends.selected)
    let batches = data.batches(for: trainer)
    for _ in 0..<epochs {
      for _ in 0..<trainer.stepsPerEpoch { try trainer.step(batches) }
      _ = try report.look(try validation(), since: nil, trainer)
    }
  }
}
