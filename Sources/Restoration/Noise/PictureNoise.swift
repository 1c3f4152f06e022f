import Graphs
import Pictures
import VAE

/// The noise of pictures, found as `PictureDenoiser` finds it.
package struct PictureNoise {
  private let reader: NoiseReader?
  private let channels: Int

  /// - Parameter model: one with an estimator, or any other, or none: then noise counts as white.
  package init(_ model: Model?, backend: any Backend) throws {
    reader = try model.flatMap { try NoiseReader($0, backend: backend) }
    channels = model?.configuration.image.channels ?? 3
  }

  /// The levels of a picture that a conditional model would take off.
  package func levels(of picture: Picture) throws -> NoiseModel {
    if let stretch = ContrastStretch(picture) {
      return try levels(ofStretched: stretch.stretched(picture)).scaled(by: 1 / stretch.factor)
    }
    return try levels(ofStretched: picture)
  }

  private func levels(ofStretched picture: Picture) throws -> NoiseModel {
    var source = ObservedPicture(picture, channels: channels)
    source.levels.jpegQuality = picture.metadata.jpegQuality
    guard let reader else { return NoiseModel(source.estimatedNoise()).rounded }
    return try source.readNoise(reader)
  }
}
