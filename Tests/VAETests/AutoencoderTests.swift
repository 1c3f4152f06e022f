import Checkpoints
import Foundation
import Graphs
import Pictures
import Tensors
import Testing

@testable import VAE

@Suite("an autoencoder") struct AutoencoderTests {
  private static let image = ImageShape(channels: 1, height: 8, width: 8)

  private static func model() -> Model {
    Model(
      Configuration(
        image: image, latents: 3, network: .mlp(hidden: [16], activation: .tanh),
        likelihood: .bernoulli), seed: 3)
  }

  private static func picture(_ seed: UInt64) -> Picture {
    var random = RandomSource(seed: seed)
    return Picture(pixels: random.uniform(image.shape))
  }

  @Test("encodes and decodes as its coder does")
  func codes() throws {
    let autoencoder = try Autoencoder(Self.model())
    let coder = Coder(Self.model(), backend: try Backends.selected)
    let picture = Self.picture(1)
    let code = try autoencoder.encode(picture)
    let posterior = try coder.encode(picture.pixels)
    #expect(code.latents == posterior.mean)
    #expect(code.logVariance == posterior.logVariance)
    let decoded = try autoencoder.decode(code)
    #expect(decoded.pixels == (try coder.decode(posterior.mean)))
    #expect(try autoencoder.reconstruct(picture).pixels == decoded.pixels)
  }

  @Test("draws depend on seed and place alone")
  func draws() throws {
    let autoencoder = try Autoencoder(Self.model())
    var options = CodingOptions()
    options.draws = true
    let first = try autoencoder.encode(Self.picture(1), options: options)
    #expect(try autoencoder.encode(Self.picture(1), options: options) == first)
    options.index = 1
    #expect(try autoencoder.encode(Self.picture(1), options: options).latents != first.latents)
    #expect(first.mean != first.latents)
    let three = try autoencoder.sample(3).map(\.pixels)
    #expect(try autoencoder.sample(2).map(\.pixels) == Array(three[..<2]))
    #expect(three[0] != three[1])
  }

  @Test("interpolations begin and end where they are told to")
  func interpolates() throws {
    let autoencoder = try Autoencoder(Self.model())
    let ends = [Self.picture(1), Self.picture(2)]
    var options = InterpolationOptions()
    options.frames = 4
    var told: [Int] = []
    let frames = try autoencoder.interpolate(ends, options: options) { told.append($0.completed) }
    #expect(told == [0, 1, 2, 3])
    #expect(frames.count == 4)
    #expect(frames[0].pixels == (try autoencoder.reconstruct(ends[0]).pixels))
    options.keepsEnds = true
    let kept = try autoencoder.interpolate(ends, options: options)
    #expect(kept[3].pixels == ends[1].pixels)
    #expect(kept[1].pixels == frames[1].pixels)
    #expect(throws: PictureError.self) {
      try Autoencoder(Hierarchies.model()).interpolate([
        Picture(pixels: Tensor([1, 8, 8])), Picture(pixels: Tensor([1, 8, 16])),
      ])
    }
  }

  @Test("evaluates as its parts do; pictures of other sizes are refused")
  func evaluates() throws {
    let autoencoder = try Autoencoder(Self.model())
    let pictures = (1...5).map { Self.picture(UInt64($0)) }
    var options = EvaluationOptions()
    options.importanceSamples = 5
    let summary = try autoencoder.evaluate(pictures, options: options)
    let evaluation = try Evaluation(Self.model(), options, backend: Backends.selected)
    var results: [EvaluationResult] = []
    for (index, picture) in pictures.enumerated() {
      results += try evaluation.add(picture.pixels, at: index, name: "")
    }
    results += try evaluation.finish()
    #expect(summary.count == 5)
    let mean = results.reduce(0) { $0 + Double($1.bound.bound) } / 5
    #expect(abs(summary.bound.mean - mean) < 1e-9)
    #expect(summary.logLikelihood.count == 5)
    #expect(throws: PictureMisfit.self) {
      try autoencoder.encode(Picture(pixels: Tensor([1, 9, 8])))
    }
    var scaled = CodingOptions()
    scaled.fitting.sizing = .resize
    #expect(
      try autoencoder.encode(Picture(pixels: Tensor([1, 16, 16])), options: scaled).mean.shape
        == [3])
  }
}

@Suite("training by one call") struct TrainingRunTests {
  private func withPictures(_ body: ([String], String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/latent-training-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for index in 0..<12 {
      var random = RandomSource(seed: UInt64(index))
      try Picture(pixels: random.uniform([1, 8, 8])).write(to: "\(folder)/\(index).png")
    }
    try body([folder], folder)
  }

  private var options: TrainingOptions {
    var options = TrainingOptions(.aevb)
    options.configure = { configuration in
      configuration.flat?.latents = 2
      configuration.flat?.network = .mlp(hidden: [8], activation: .tanh)
    }
    options.training.batchSize = 4
    options.training.limit = .steps(6)
    return options
  }

  @Test("equal options give equal models, and a run that was stopped goes on to the same")
  func isReproducible() throws {
    struct Stop: Error {}
    try withPictures { paths, folder in
      let model = try Model.train(on: paths, options: options)
      let again = try Model.train(on: paths, options: options)
      #expect(model.history["steps"]?.int == 6)
      #expect(model.configuration.latents == 2)
      #expect(model.fingerprint == again.fingerprint)
      var stopped = options
      stopped.checkpoint = folder + "/run.checkpoint.safetensors"
      #expect(throws: Stop.self) {
        try Model.train(on: paths, options: stopped) { _ in throw Stop() }
      }
      #expect(FileManager.default.fileExists(atPath: stopped.checkpoint ?? ""))
      #expect(try Model.train(on: paths, options: stopped).fingerprint == model.fingerprint)
    }
  }

  @Test("a task that is canceled trains no model")
  func isCanceled() async throws {
    let options = options
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try withPictures { paths, _ in _ = try Model.train(on: paths, options: options) }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("what makes no model is refused")
  func refuses() throws {
    var options = options
    options.configure = { $0.flat?.latents = 0 }
    let wrong = options
    try withPictures { paths, _ in
      #expect(throws: ConfigurationError.self) { try Model.train(on: paths, options: wrong) }
    }
  }
}
