import Graphs
import Pictures
import Tensors
import VAE

/// Fills holes in the way that suits the model: a conditional one fills them at once, from the outside
/// inwards; of others Markov chains, or the most probable latents, complete the picture.
package struct PictureInpainter {
  private enum Method {
    case conditional(ConditionalRestorer)
    case chains(Inpainter, PictureFit)
  }

  private let method: Method
  private let wanted: WantedResults

  /// - Parameters:
  ///   - tile: as of `ConditionalRestorer`.
  ///   - options: of models that take no condition.
  package init(
    _ model: Model, fit: PictureFit, _ wanted: WantedResults, tile: Int? = nil,
    options: Inpainter.Options = Inpainter.Options(), backend: any Backend
  ) throws {
    self.wanted = wanted
    method =
      try model.configuration.isConditional
      ? .conditional(ConditionalRestorer(model, tile: tile, backend: backend))
      : .chains(Inpainter(model, options: options, backend: backend), fit)
  }

  /// Tells a handler how far each picture is.
  func report(to progress: ProgressHandler?) {
    switch method {
    case .conditional(let restorer): restorer.report(to: progress)
    case .chains(let inpainter, _): inpainter.progress = progress
    }
  }

  /// - Parameters:
  ///   - picture: as `PictureFit.prepared` gives it.
  ///   - hidden: `[1, H, W]`, not 0 where to fill: how much of what is filled in shows, up to 1.
  ///   - index: the picture's place among those that share a seed.
  package func inpaint(
    _ picture: Picture, hidden: Tensor, index: Int = 0
  ) throws -> RestoredPicture {
    switch method {
    case .conditional(let restorer):
      var source = ObservedPicture(picture, channels: restorer.pictureChannels)
      source.hidden = hidden
      return try restorer.restore(source, wanted)
    case .chains(let inpainter, let fit):
      return try completed(picture, hidden, inpainter, fit, index: index)
    }
  }

  private func completed(
    _ picture: Picture, _ hidden: Tensor, _ inpainter: Inpainter, _ fit: PictureFit, index: Int
  ) throws -> RestoredPicture {
    var random = RandomSource(seed: wanted.seed, stream: RandomStreams.pictures + UInt64(index))
    let filled = try fit.apply(picture, [picture.pixels, hidden]) { layers in
      let (pixels, known) = (layers[0].clipped(), layers[1].complement(layers[0].shape[0]))
      guard let samples = wanted.samples else {
        return try inpainter.inpaint(pixels, known: known, using: &random)
      }
      return try .joined(inpainter.samples(pixels, known: known, count: samples, using: &random))
    }
    return RestoredPicture(
      picture.pixels.replaced(by: filled, where: hidden), count: wanted.count)
  }
}

extension Tensor {
  /// Limited to [0, 1].
  fileprivate func clipped() -> Tensor { Tensor(shape, elements.map { min(max($0, 0), 1) }) }

  /// From a mask `[1, H, W]` to 1 where it is 0, and 0 elsewhere, in `channels` channels. What a
  /// scaled mask hides in part is hidden.
  fileprivate func complement(_ channels: Int) -> Tensor {
    let known = elements.map { abs($0) < 1e-3 ? Float(1) : 0 }
    return Tensor(
      shape.replacing(axis: 0, with: channels), (0..<channels).flatMap { _ in known })
  }

  /// These pixels, and where `hidden` is not 0 those of each of the results in `filled`, mixed by it.
  fileprivate func replaced(by filled: Tensor, where hidden: Tensor) -> Tensor {
    let area = hidden.elements.count
    return Tensor(
      filled.shape,
      filled.elements.indices.map { index in
        let (weight, seen) = (hidden[index % area], elements[index % elements.count])
        return weight >= 1 ? filled[index] : seen + weight * (filled[index] - seen)
      })
  }
}
