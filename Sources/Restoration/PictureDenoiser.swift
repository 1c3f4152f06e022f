import Graphs
import Pictures
import Tensors
import VAE

/// What is known of a picture's noise.
public struct NoiseDescription: Hashable, Sendable {
  public enum Level: Hashable, Sendable {
    /// Read off the picture.
    case estimated
    /// There is none: JPEG artifacts alone are taken off.
    case none
    /// White noise of a standard deviation on the scale of [0, 1].
    case deviation(Float)
    /// White noise of another deviation for every pixel, `[1, H, W]`.
    case map(Tensor)
    /// Levels of luma and chroma.
    case model(NoiseModel)
  }

  public var level: Level
  /// Of the JPEG file that a picture comes from, 1...100; nil for none.
  public var jpegQuality: Int?

  public init(_ level: Level, jpegQuality: Int? = nil) {
    self.level = level
    self.jpegQuality = jpegQuality
  }

  /// Read off each picture.
  public static let estimated = NoiseDescription(.estimated)
  /// White noise of a standard deviation on the scale of [0, 1].
  public static func deviation(_ deviation: Float) -> NoiseDescription {
    NoiseDescription(.deviation(deviation))
  }

  /// Of the picture with all its samples times a factor.
  fileprivate func scaled(by factor: Float) -> NoiseDescription {
    let scaled: Level =
      switch level {
      case .estimated, .none: level
      case .deviation(let deviation): .deviation(deviation * factor)
      case .map(let map): .map(map.scaled(by: factor))
      // As it was before it was printed.
      case .model(let model): .model(model.scaled(by: factor).rounded)
      }
    return NoiseDescription(scaled, jpegQuality: jpegQuality)
  }
}

/// What was read off a picture.
public enum EstimatedNoise: Hashable, Sendable {
  /// The standard deviation of white noise.
  case deviation(Float)
  case model(NoiseModel)

  fileprivate func scaled(by factor: Float) -> EstimatedNoise {
    switch self {
    case .deviation(let deviation): .deviation(deviation * factor)
    case .model(let model): .model(model.scaled(by: factor))
    }
  }
}

/// Takes noise off pictures in the way that suits the model: a conditional one is told what the noise
/// is and restores a picture at once; of others the latents that explain the picture are refined.
package struct PictureDenoiser {
  private enum Method {
    /// With what reads the noise, where the model has it.
    case conditional(ConditionalRestorer, NoiseReader?)
    case refinement(Denoiser, PictureFit)
  }

  private let method: Method
  private let wanted: WantedResults

  /// - Parameters:
  ///   - tile: as of `ConditionalRestorer`.
  ///   - options: of models that take no condition.
  package init(
    _ model: Model, fit: PictureFit, _ wanted: WantedResults, tile: Int? = nil,
    options: Denoiser.Options = Denoiser.Options(), backend: any Backend
  ) throws {
    self.wanted = wanted
    method =
      try model.configuration.isConditional
      ? .conditional(
        ConditionalRestorer(model, tile: tile, backend: backend),
        NoiseReader(model, backend: backend))
      : .refinement(Denoiser(model, options: options, backend: backend), fit)
  }

  /// Tells a handler how far each picture is.
  func report(to progress: ProgressHandler?) {
    switch method {
    case .conditional(let restorer, _): restorer.report(to: progress)
    case .refinement(let denoiser, _): denoiser.progress = progress
    }
  }

  /// - Parameters:
  ///   - picture: as `PictureFit.prepared` gives it.
  ///   - strength: of conditional models: below 1 how much of the change is made; above 1 how many
  ///     times stronger than it is the model is told the noise is.
  ///   - index: the picture's place among those that share a seed.
  ///   - estimated: is told the noise where it was estimated, of each piece that is denoised on its
  ///     own.
  package func denoise(
    _ picture: Picture, _ noise: NoiseDescription, strength: Float = 1, index: Int = 0,
    estimated: (EstimatedNoise) -> Void = { _ in }
  ) throws -> RestoredPicture {
    switch method {
    case .conditional(let restorer, let reader):
      guard let stretch = ContrastStretch(picture) else {
        return try restored(picture, noise, restorer, reader, strength: strength, estimated)
      }
      let result = try restored(
        stretch.stretched(picture), noise.scaled(by: stretch.factor), restorer, reader,
        strength: strength
      ) { estimated($0.scaled(by: 1 / stretch.factor)) }
      let depth = picture.isRounded ? wanted.depth ?? picture.depth : nil
      return stretch.restored(result, depth: depth)
    case .refinement(let denoiser, let fit):
      return try refined(picture, noise, denoiser, fit, index: index, estimated)
    }
  }

  private func restored(
    _ picture: Picture, _ noise: NoiseDescription, _ restorer: ConditionalRestorer,
    _ reader: NoiseReader?, strength: Float, _ estimated: (EstimatedNoise) -> Void
  ) throws -> RestoredPicture {
    var source = ObservedPicture(picture, channels: restorer.pictureChannels)
    // Models with an estimator were trained on noise within JPEG files, others on each alone.
    let fileQuality = reader == nil ? nil : picture.metadata.jpegQuality
    source.levels.jpegQuality = noise.jpegQuality ?? fileQuality
    try tell(&source, noise.level, reader, factor: max(1, strength), estimated)
    if case .none = noise.level, let projection = JPEGProjection(picture) {
      return try projected(source, restorer, projection, strength: min(1, strength))
    }
    return try restorer.restore(source, wanted, strength: min(1, strength))
  }

  /// What stands in the place of artifacts alone is what the file could have been made of.
  private func projected(
    _ source: ObservedPicture, _ restorer: ConditionalRestorer, _ projection: JPEGProjection,
    strength: Float
  ) throws -> RestoredPicture {
    var precise = wanted
    precise.depth = 16
    var restored = try restorer.restore(source, precise, strength: strength)
    let depth = source.picture.isRounded ? wanted.depth ?? source.picture.depth : nil
    restored.results = restored.results.map { projection($0, depth: depth) }
    return restored
  }

  private func tell(
    _ source: inout ObservedPicture, _ level: NoiseDescription.Level, _ reader: NoiseReader?,
    factor: Float, _ estimated: (EstimatedNoise) -> Void
  ) throws {
    switch level {
    case .none: break
    case .map(let map): source.sigmaMap = map.scaled(by: factor)
    case .deviation(let deviation):
      source.tell(NoiseModel(source.noise(deviation * factor)))
    case .model(let model):
      if reader != nil && !source.isDrawn() { source.hideImpulses() }
      source.tell(model.scaled(by: factor))
    case .estimated:
      if let reader {
        let noise = try source.readNoise(reader)
        estimated(.model(noise))
        source.tell(noise.scaled(by: factor))
      } else {
        let noise = source.estimatedNoise()
        estimated(.deviation(source.perChannel(noise)))
        source.tell(NoiseModel(noise).scaled(by: factor))
      }
    }
  }

  private func refined(
    _ picture: Picture, _ noise: NoiseDescription, _ denoiser: Denoiser, _ fit: PictureFit,
    index: Int, _ estimated: (EstimatedNoise) -> Void
  ) throws -> RestoredPicture {
    var random = RandomSource(seed: wanted.seed, stream: RandomStreams.pictures + UInt64(index))
    let results = try fit.apply(picture, [picture.pixels] + picture.alphaLayers) { layers in
      let deviation: Float
      if case .deviation(let known) = noise.level {
        deviation = known
      } else {
        deviation = NoiseEstimate.deviation(OpaquePart.of(layers))
        estimated(.deviation(deviation))
      }
      guard let samples = wanted.samples else {
        return try denoiser.denoise(layers[0], sigma: deviation, using: &random)
      }
      return try .joined(
        denoiser.samples(layers[0], sigma: deviation, count: samples, using: &random))
    }
    return RestoredPicture(results, count: wanted.count)
  }
}
