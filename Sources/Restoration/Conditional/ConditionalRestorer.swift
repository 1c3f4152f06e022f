import Graphs
import Pictures
import Tensors
import VAE

/// Restores pictures of any size with a conditional model, band by band from the top down.
///
/// Of a band as much is kept as the next one needs, so that nothing is computed twice and the result does not depend
/// on how the picture is cut. Very wide pictures are cut into strips, which are looked at with a halo as wide as the
/// model sees. Pixels that are known exactly (seen, without noise, scaling or JPEG) are returned as they are. Memory
/// depends on the width, not on the height.
///
/// Holes wider than the model sees are filled from the outside inwards, coarse to fine: the picture
/// is halved until every hole is within reach, restored, and enlarged to fill the deep parts of the
/// holes of the next finer picture, which is restored in turn.
package final class ConditionalRestorer {
  /// A part of a result, from the top down: `[C, h, w]` of the region, not clipped. The
  /// memory is valid during the call.
  package typealias Sink = (_ region: Region, _ pixels: UnsafeBufferPointer<Float>) throws ->
    Void
  /// As `Sink`, with which sample it is, from 0.
  package typealias SampleSink = (
    _ sample: Int, _ region: Region, _ pixels: UnsafeBufferPointer<Float>
  ) throws -> Void
  /// Told how many of all pixels of results are done.
  package typealias Progress = (_ done: Int, _ total: Int) throws -> Void

  /// Called after every band; an error that it throws ends the work.
  package var progress: Progress?

  /// Tells a handler how far each picture is, and ends the work of a task that was canceled.
  func report(to handler: ProgressHandler?) {
    progress = { try WorkProgress.report($0, of: $1, to: handler) }
  }

  let hierarchy: Hierarchy
  let channels: Int
  let functions: RestorationFunctions
  private let requestedTile: Int?
  let columns: Int

  /// About so many pixels are computed at once where nothing else is asked for: more take memory, and no less time.
  static let bandArea = 1 << 19
  /// Wider pictures are cut into strips.
  package static let widestStrip = 8192

  /// - Parameters:
  ///   - model: a conditional one. Its parameters are read, never changed.
  ///   - tile: how many rows a band has, rounded up to the model's alignment; nil for about half a megapixel.
  ///   - columns: of the widest strip without its halo, rounded up likewise.
  /// - Throws: `RestorationError` for a model that takes no condition.
  package init(
    _ model: Model, tile: Int? = nil, columns: Int = widestStrip, backend: any Backend
  ) throws {
    guard let network = model.network as? HierarchicalModel, network.hierarchy.isConditional else {
      throw RestorationError.unconditional(model.configuration.image)
    }
    hierarchy = network.hierarchy
    channels = model.configuration.image.channels
    requestedTile = tile
    self.columns = columns
    functions = RestorationFunctions(model, network, backend: backend.with(.exceptLocal))
  }

  /// The model's channels: pictures must have as many.
  package var pictureChannels: Int { channels }

  /// Whether the model predicts the error of its best estimate.
  package var predictsError: Bool { hierarchy.predictsError }

  /// The best single estimate.
  ///
  /// - Parameters:
  ///   - ensemble: over how many ways to turn and mirror the picture to average, which takes as
  ///     many times as long; nil for the picture as it is.
  ///   - deviation: receives the standard deviation of the estimate's error, `[1, h, w]` of every region;
  ///     called where `predictsError`.
  ///   - sink: receives every pixel of the picture once.
  /// - Throws: `BackendError`, and whatever the picture's reader or a sink throws.
  package func restore(
    _ picture: DamagedPicture, ensemble: SelfEnsemble? = nil, deviation: Sink? = nil,
    to sink: Sink
  ) throws {
    let draws = [Draw.estimate(ensemble)]
    let completion = try HoleCompletion.make(picture, draws, self)
    var done = 0
    try run(
      Pass(
        picture: picture, region: picture.region, draws: draws, completion: completion,
        bounds: completion?.bounds),
      deviation: predictsError ? deviation : nil
    ) { _, region, pixels in
      try sink(region, pixels)
      done += region.area
      try progress?(done, picture.region.area)
    }
  }

  /// The best single estimate of a picture in memory.
  ///
  /// - Parameters:
  ///   - observation: `[C, H, W]`.
  ///   - maps: `[5, H, W]` in the order of `ConditionMaps`.
  /// - Returns: `[C, H, W]`, not clipped.
  package func restore(
    observation: Tensor, maps: Tensor, ensemble: SelfEnsemble? = nil
  ) throws -> Tensor {
    let picture = DamagedPicture(observation: observation, maps: maps)
    return try Tensor(observation.shape) { result in
      try restore(picture, ensemble: ensemble) { region, pixels in
        result.insert(
          pixels, at: region, channels: picture.channels, height: picture.height,
          width: picture.width)
      }
    }
  }

  /// Plausible results that differ: E[x|z, y] for draws z of p(z|y). Sample i of a seed is the same
  /// whatever the bands and however many are drawn.
  ///
  /// - Parameters:
  ///   - first: the number of the first sample.
  ///   - sink: receives every pixel of every sample once; those of one follow from the top down.
  /// - Throws: `BackendError`, and whatever the picture's reader or a sink throws.
  package func samples(
    _ picture: DamagedPicture, count: Int, seed: UInt64, first: Int = 0,
    to sink: SampleSink
  ) throws {
    let draws = (first..<first + max(count, 0)).map { Draw.sample(seed: seed, index: $0) }
    let completion = try HoleCompletion.make(picture, draws, self)
    var done = 0
    try run(
      Pass(
        picture: picture, region: picture.region, draws: draws, completion: completion,
        bounds: completion?.bounds)
    ) { draw, region, pixels in
      try sink(first + draw, region, pixels)
      done += region.area
      try progress?(done, picture.region.area * draws.count)
    }
  }

  /// Rows of a band of a window.
  func bandRows(height: Int, width: Int) -> Int {
    let unit = hierarchy.alignment
    let rows = requestedTile.map { ($0 + unit - 1) / unit } ?? Self.bandArea / width / unit
    return min(max(rows, 1) * unit, height)
  }
}

/// A model or a picture that cannot be used for restoring.
public enum RestorationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A model that takes no condition, of such pictures.
  case unconditional(ImageShape)
  /// A picture of other channels than the model's.
  case channels(expected: Int, found: Int)

  public var description: String {
    switch self {
    case .unconditional(let image): "expected a conditional model, found one of \(image)"
    case .channels(let expected, let found):
      "expected a picture of \(expected) channels, found \(found)"
    }
  }
}
