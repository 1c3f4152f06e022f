import ImageCodecs
import Pictures
import Platform
import Tensors

/// Pictures by index: from folders, files and IDX files, decoded into memory while they fit a
/// budget and on demand beyond it. Which pixels stand at an index depends on the files and the
/// options alone.
package final class Dataset: Sendable {
  /// A decoded picture: `[C, H, W]` in 0...255.
  package struct Sample: Sendable {
    package let channels: Int
    package let height: Int
    package let width: Int
    private let storage: [UInt8]
    private let offset: Int

    init(channels: Int, height: Int, width: Int, storage: [UInt8], offset: Int = 0) {
      precondition(offset >= 0 && offset + channels * height * width <= storage.count)
      self.channels = channels
      self.height = height
      self.width = width
      self.storage = storage
      self.offset = offset
    }

    /// The samples of a part.
    func part(_ window: Region) -> Sample {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(channels * window.width * window.height)
      for channel in 0..<channels {
        for row in window.rows {
          let start = offset + (channel * height + row) * width + window.left
          bytes += storage[start..<start + window.width]
        }
      }
      return Sample(
        channels: channels, height: window.height, width: window.width, storage: bytes)
    }

    /// Runs `body` on the `C * H * W` bytes.
    package func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
      try storage.withUnsafeBufferPointer {
        try body(UnsafeBufferPointer(rebasing: $0[offset..<offset + channels * height * width]))
      }
    }
  }

  /// An example's `[C, H, W]`; of the pieces with `DatasetOptions.Size.pieces`.
  package let shape: Shape
  /// Of the files.
  package let fingerprint: DatasetFingerprint
  /// Whether no picture has to be decoded later.
  package let isCached: Bool
  private let items: [DatasetItem]
  private let cache: [Sample?]
  private let decoder: SampleDecoder
  private let warning: @Sendable (DatasetWarning) -> Void
  private let damaged = Lock<Set<Int>>([])

  /// Opens the pictures among `paths` (files, folders, IDX files).
  ///
  /// Every file's header is read, and files are decoded as long as the cache has room.
  ///
  /// - Parameter warning: told once of each file or folder that is left out; from any thread.
  /// - Throws: `FileError` or `ImageError` where a path is missing, no picture is usable, or the
  ///   pictures' sizes differ and `options` give none.
  package convenience init(
    _ paths: [String], options: DatasetOptions = DatasetOptions(),
    warning: @escaping @Sendable (DatasetWarning) -> Void = { _ in }
  ) throws {
    var opening = try DatasetOpening(paths, options: options, warning: warning)
    try opening.decode()
    self.init(opening, warning: warning)
  }

  private init(
    _ opening: DatasetOpening, warning: @escaping @Sendable (DatasetWarning) -> Void
  ) {
    shape = opening.shape
    fingerprint = DatasetFingerprint(opening.items)
    items = opening.items
    cache = opening.cache
    decoder = opening.decoder
    isCached = opening.cache.allSatisfy { $0 != nil }
    self.warning = warning
  }

  /// The number of examples.
  package var count: Int { items.count }

  /// The path an example comes from, with `#` and the position in it for an IDX file.
  package func name(_ index: Int) -> String { items[index].name }

  /// An example. Where its file turns out damaged, the next index's picture stands for it, so
  /// that the same run sees the same data again.
  ///
  /// - Throws: where no picture at all can be decoded any more.
  package func sample(_ index: Int) throws -> Sample {
    for step in 0..<count {
      let candidate = (index + step) % count
      if let cached = cache[candidate] { return cached }
      if damaged.withLock({ $0.contains(candidate) }) { continue }
      do {
        return try decoder.decode(items[candidate])
      } catch {
        warn(of: candidate, error)
      }
    }
    throw unreadable(index)
  }

  /// A part of an example; of a picture that is not in memory no more is decoded than it takes.
  ///
  /// - Parameter choose: the part, from a picture's extents; asked anew where the next index's
  ///   picture has to stand in for a damaged one.
  /// - Returns: a sample, and where the part lies in it.
  /// - Throws: as `sample`.
  func sample(
    _ index: Int, part choose: (_ width: Int, _ height: Int) -> Region
  ) throws -> (sample: Sample, part: Region) {
    guard case .pieces = decoder.options.size else {
      let sample = try sample(index)
      return (sample, choose(sample.width, sample.height))
    }
    for step in 0..<count {
      let candidate = (index + step) % count
      let item = items[candidate]
      if let cached = cache[candidate] {
        return (cached, choose(cached.width, cached.height))
      }
      let size = decoder.size(item)
      let part = choose(size.width, size.height)
      do {
        let sample = try decoder.decode(item, window: part)
        return (sample, Region(height: part.height, width: part.width))
      } catch {
        // Other parts may be whole: which picture stands for which depends on the part alone, not
        // on what was read before.
        warn(of: candidate, error)
      }
    }
    throw unreadable(index)
  }

  private func warn(of candidate: Int, _ error: any Error) {
    guard damaged.withLock({ $0.insert(candidate).inserted }) else { return }
    // The picture at its own size is told of already, or will be.
    if !items[candidate].isHalved { warning(DatasetWarning(items[candidate].path, error)) }
  }

  private func unreadable(_ index: Int) -> ImageError {
    ImageError(
      kind: .badData, path: items[index].path, message: "no picture of the data set can be read")
  }

  /// An example's `[C, H, W]` in [0, 1].
  package func tensor(_ index: Int) throws -> Tensor {
    let sample = try sample(index)
    return Tensor([sample.channels, sample.height, sample.width]) { target in
      sample.withBytes { ByteScale.write($0, to: MutablePlaneView(row: target)) }
    }
  }

  /// Indices held out for validation, and the rest; each in rising order.
  ///
  /// - Parameters:
  ///   - validationShare: in 0..<1. Above 0, at least one example is held out and one is left,
  ///     where there are two.
  package func split(
    validationShare: Double, seed: UInt64
  ) -> (training: [Int], validation: [Int]) {
    IndexOrder.split(count: count, validationShare: validationShare, seed: seed)
  }
}

/// v / 255 for every byte.
enum ByteScale {
  static func write(
    _ bytes: UnsafeBufferPointer<UInt8>, to target: MutablePlaneView
  ) {
    precondition(bytes.count == target.count, "a byte for every number")
    guard let from = bytes.baseAddress, let to = target.numbers.baseAddress else { return }
    // A loop over addresses becomes one over vectors.
    for index in 0..<bytes.count { to[index] = Float(from[index]) / 255 }
  }
}
