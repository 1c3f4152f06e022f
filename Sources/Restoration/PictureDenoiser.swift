import Graphs
import Pictures
import Tensors
import VAE

/// What is known of a picture's noise.
package struct NoiseDescription {
  /// The standard deviation on the scale of [0, 1]; nil where it is to be estimated.
  package var deviation: Float?
  /// That of every pixel, `[1, H, W]`, in the place of one for all.
  package var map: Tensor?
  /// The quality of the JPEG file whose artifacts are to go; nil for none. Where there is one and no
  /// deviation, the artifacts alone are taken off.
  package var jpegQuality: Int?

  package init(deviation: Float? = nil, map: Tensor? = nil, jpegQuality: Int? = nil) {
    self.deviation = deviation
    self.map = map
    self.jpegQuality = jpegQuality
  }
}

/// Takes noise off pictures in the way that suits the model: a conditional one is told what the noise
/// is and restores a picture at once; of others the latents that explain the picture are refined.
package struct PictureDenoiser {
  private enum Method {
    case conditional(ConditionalRestorer)
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
      ? .conditional(ConditionalRestorer(model, tile: tile, backend: backend))
      : .refinement(Denoiser(model, options: options, backend: backend), fit)
  }

  /// - Parameters:
  ///   - picture: as `PictureFit.prepared` gives it.
  ///   - strength: how much of the change is made, 0 to 1, of conditional models.
  ///   - index: the picture's place among those that share a seed.
  ///   - estimated: is told the standard deviation where it was estimated, of each piece that is
  ///     denoised on its own.
  package func denoise(
    _ picture: Picture, _ noise: NoiseDescription, strength: Float = 1, index: Int = 0,
    estimated: (Float) -> Void = { _ in }
  ) throws -> RestoredPicture {
    switch method {
    case .conditional(let restorer):
      let source = observed(picture, noise, channels: restorer.pictureChannels, estimated)
      return try restorer.restore(source, wanted, strength: strength)
    case .refinement(let denoiser, let fit):
      return try refined(picture, noise, denoiser, fit, index: index, estimated)
    }
  }

  private func observed(
    _ picture: Picture, _ noise: NoiseDescription, channels: Int, _ estimated: (Float) -> Void
  ) -> ObservedPicture {
    var source = ObservedPicture(picture, channels: channels)
    source.levels.jpegQuality = noise.jpegQuality
    source.sigmaMap = noise.map
    guard noise.map == nil, noise.deviation != nil || noise.jpegQuality == nil else {
      return source
    }
    let level = noise.deviation.map(source.noise) ?? source.estimatedNoise()
    if noise.deviation == nil { estimated(source.perChannel(level)) }
    source.levels.lumaNoise = level.luma
    source.levels.chromaNoise = level.chroma
    return source
  }

  private func refined(
    _ picture: Picture, _ noise: NoiseDescription, _ denoiser: Denoiser, _ fit: PictureFit,
    index: Int, _ estimated: (Float) -> Void
  ) throws -> RestoredPicture {
    var random = RandomSource(seed: wanted.seed, stream: RandomStreams.pictures + UInt64(index))
    let results = try fit.apply(picture, [picture.pixels] + picture.alphaLayers) { layers in
      let deviation = noise.deviation ?? NoiseEstimate.deviation(OpaquePart.of(layers))
      if noise.deviation == nil { estimated(deviation) }
      guard let samples = wanted.samples else {
        return try denoiser.denoise(layers[0], sigma: deviation, using: &random)
      }
      return try .joined(
        denoiser.samples(layers[0], sigma: deviation, count: samples, using: &random))
    }
    return RestoredPicture(results, count: wanted.count)
  }
}
