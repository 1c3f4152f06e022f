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

  public func next(into batch: UnsafeMutableBufferPointer<Float>) throws {
    _ = try batch.update(fromContentsOf: loader.next().pixels.elements)
  }
}
