import Graphs
import Pictures
import VAE

/// Enlarges pictures with a conditional model.
package struct PictureUpscaler {
  private let restorer: ConditionalRestorer
  private let wanted: WantedResults

  /// - Throws: `RestorationError` for a model that takes no condition.
  package init(
    _ model: Model, _ wanted: WantedResults, tile: Int? = nil, backend: any Backend
  ) throws {
    restorer = try ConditionalRestorer(model, tile: tile, backend: backend)
    self.wanted = wanted
  }

  /// - Parameters:
  ///   - picture: as `PictureFit.prepared` gives it.
  ///   - scale: how many times longer its sides get.
  package func upscale(_ picture: Picture, by scale: Int) throws -> RestoredPicture {
    var source = ObservedPicture(picture, channels: restorer.pictureChannels)
    source.scale = scale
    source.levels = DamageLevels(scale: Float(scale))
    return try restorer.restore(source, wanted)
  }
}
