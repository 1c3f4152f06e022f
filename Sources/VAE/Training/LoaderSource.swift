import Datasets

/// A loader's batches as a trainer takes them.
public final class LoaderSource: BatchSource {
  private let loader: BatchLoader
  public let count: Int

  /// - Parameters:
  ///   - loader: begins at the trainer's step.
  ///   - count: N, the number of examples that the loader draws from.
  public init(_ loader: BatchLoader, count: Int) {
    self.loader = loader
    self.count = count
  }

  public func next(into batch: TrainingBatch) throws {
    if batch.condition == nil, try loader.next(into: batch.pixels) { return }
    let loaded = try loader.next()
    _ = batch.pixels.update(fromContentsOf: loaded.pixels.elements)
    guard let condition = batch.condition else { return }
    if let observation = loaded.observation, let maps = loaded.maps {
      _ = condition.observation.update(fromContentsOf: observation.elements)
      _ = condition.maps.update(fromContentsOf: maps.elements)
    }
  }
}
