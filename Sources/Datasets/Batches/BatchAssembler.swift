import Pictures
import Platform
import Tensors

/// What is done to an example before it is trained on; determined by seed and step.
public struct Augmentation: Hashable, Sendable {
  /// Mirrors a random half of the examples.
  public var horizontalFlip: Bool
  /// Puts an example in a random one of a square's eight positions: mirrored, upside down,
  /// transposed. Where height and width differ, in any of the four that keep them.
  public var symmetries: Bool
  /// Of how many pieces of a picture, drawn at random, the one with the most detail becomes the example:
  /// large pictures are empty for the most part, and there is little to learn from sky. 1 for any.
  public var candidates: Int
  /// Up to how many times the size of an example pieces are, which are then reduced to it: the factor's logarithm is
  /// uniform. A reduced picture shows finer structure, and less grain of its own. 1 for pieces as they are.
  public var reduction: Double
  /// Adds noise that spreads each of the 256 levels evenly: (v + u) / 256 with u in (0, 1)
  /// (Uria, Murray and Larochelle 2013).
  public var dequantization: Bool
  /// Makes each pixel 0 or 1; nil to leave gray levels.
  public var binarization: Binarization?
  /// The standard deviation of Gaussian noise that is added anew each time, on the [0, 1] scale; the
  /// sum is kept within [0, 1].
  public var noise: Float

  public init(
    horizontalFlip: Bool = false, symmetries: Bool = false, candidates: Int = 1,
    reduction: Double = 1, dequantization: Bool = false, binarization: Binarization? = nil,
    noise: Float = 0
  ) {
    self.horizontalFlip = horizontalFlip
    self.symmetries = symmetries
    self.candidates = candidates
    self.reduction = reduction
    self.dequantization = dequantization
    self.binarization = binarization
    self.noise = noise
  }

  /// With pieces as they come, for what is measured.
  package var ofAnyPiece: Augmentation {
    var augmentation = self
    (augmentation.candidates, augmentation.reduction) = (1, 1)
    return augmentation
  }
}

/// Which examples of each batch are put together: all, or every n-th for one of n processes that train
/// together. The examples of a share are what they are in the whole batch.
package struct BatchShare: Hashable, Sendable {
  /// From 0.
  package let rank: Int
  package let count: Int

  package static let whole = BatchShare(rank: 0, count: 1)

  /// - Precondition: the rank is one of as many as there are.
  package init(rank: Int, count: Int) {
    precondition((0..<count).contains(rank), "a rank below the number of ranks")
    (self.rank, self.count) = (rank, count)
  }

  /// Where an example of the share stands in the whole batch.
  package func row(_ index: Int) -> Int { index * count + rank }

  /// How many of the rows of a whole batch are of the share.
  package func rows(of whole: Int) -> Int { (whole - rank + count - 1) / count }
}

extension RandomSource {
  /// The numbers of one example of a batch: a place of the stream of its own, so that no example's depend
  /// on another's. An example takes fewer than 2^32 words.
  init(seed: UInt64, stream: UInt64, row: Int) {
    self.init(seed: seed, stream: stream, position: UInt64(row) << 32)
  }
}

/// Puts the batch of any step together, on any thread.
struct BatchAssembler: Sendable {
  private let dataset: Dataset
  private let indices: [Int]
  /// Of the whole batch.
  private let batchSize: Int
  private let share: BatchShare
  private let augmentation: Augmentation
  private let damage: BatchDamage?
  private let order: IndexOrder
  private let permutation = PermutationCache()

  init(
    dataset: Dataset, indices: [Int], batchSize: Int, share: BatchShare = .whole, seed: UInt64,
    augmentation: Augmentation, damage: BatchDamage? = nil
  ) {
    self.share = share
    self.dataset = dataset
    self.indices = indices
    self.batchSize = batchSize
    self.augmentation = augmentation
    self.damage = damage
    order = IndexOrder(count: indices.count, seed: seed)
  }

  func batch(step: Int) throws -> ExampleBatch {
    var chosen: [Int] = []
    let rows = share.rows(of: batchSize)
    var pixels = Tensor(Shape([rows] + dataset.shape.dimensions))
    try pixels.withMutablePlanes { chosen = try fill($0, step: step) }
    let damaged = damage?.apply(to: &pixels, seed: order.seed, step: step, share: share)
    return ExampleBatch(
      step: step, indices: chosen, pixels: pixels, observation: damaged?.observation,
      maps: damaged?.maps)
  }

  /// Writes a step's `[N, C, H, W]`, before damage.
  ///
  /// - Returns: which examples they are.
  func fill(_ target: MutablePlaneView, step: Int) throws -> [Int] {
    let positions = permutation.positions(order, step: step, batchSize: batchSize)
    let chosen = (0..<share.rows(of: batchSize)).map { indices[positions[share.row($0)]] }
    for (position, index) in chosen.enumerated() {
      var random = RandomSource(
        seed: order.seed,
        stream: RandomStreams.augmentation | UInt64(truncatingIfNeeded: step),
        row: share.row(position))
      let channels = dataset.shape[0]
      let part = target.planes(position * channels..<(position + 1) * channels)
      var fixed = RandomSource(
        seed: order.seed,
        stream: RandomStreams.fixedBinarization | UInt64(truncatingIfNeeded: index))
      try write(index, to: part, random: &random, fixed: &fixed)
      addNoise(to: part, random: &random)
    }
    return chosen
  }

  private func write(
    _ index: Int, to target: MutablePlaneView, random: inout RandomSource,
    fixed: inout RandomSource
  ) throws {
    let (channels, height, width) = (dataset.shape[0], dataset.shape[1], dataset.shape[2])
    let (sample, part) = try piece(index, using: &random)
    let position = position(using: &random)
    sample.withBytes { bytes in
      if sample.width == width && sample.height == height && position == .upright {
        convert(bytes, to: target, random: &random, fixed: &fixed)
        return
      }
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: target.count) { piece in
        var index = 0
        for channel in 0..<channels {
          for y in 0..<height {
            for x in 0..<width {
              let (column, row) = position.source(x: x, y: y, width: width, height: height)
              piece[index] =
                bytes[
                  (channel &* sample.height &+ part.top &+ row) &* sample.width &+ part.left
                    &+ column]
              index += 1
            }
          }
        }
        convert(UnsafeBufferPointer(piece), to: target, random: &random, fixed: &fixed)
      }
    }
  }

  /// The most detailed of the pieces that are drawn; the example itself where it is no larger.
  private func piece(
    _ index: Int, using random: inout RandomSource
  ) throws -> (sample: Dataset.Sample, part: Region) {
    var best = try drawnPiece(index, using: &random)
    guard augmentation.candidates > 1 else { return best }
    var most = best.sample.detail(of: best.part)
    for _ in 1..<augmentation.candidates {
      let other = try drawnPiece(index, using: &random)
      let detail = other.sample.detail(of: other.part)
      if detail > most { (best, most) = (other, detail) }
    }
    return best
  }

  private func drawnPiece(
    _ index: Int, using random: inout RandomSource
  ) throws -> (sample: Dataset.Sample, part: Region) {
    let (height, width) = (dataset.shape[1], dataset.shape[2])
    let start = random
    let piece = try dataset.sample(index) { wholeWidth, wholeHeight in
      random = start
      let (height, width) = pieceExtents(wholeWidth, wholeHeight, &random)
      let isPiece = wholeWidth != width || wholeHeight != height
      let left = isPiece ? random.nextIndex(below: wholeWidth - width + 1) : 0
      let top = isPiece ? random.nextIndex(below: wholeHeight - height + 1) : 0
      return Region(top: top, left: left, height: height, width: width)
    }
    guard piece.part.width != width || piece.part.height != height else { return piece }
    let reduced = piece.sample.part(piece.part).reduced(height: height, width: width)
    return (reduced, Region(height: height, width: width))
  }

  /// The extents of a piece of a picture that is then reduced to an example's.
  private func pieceExtents(
    _ wholeWidth: Int, _ wholeHeight: Int, _ random: inout RandomSource
  ) -> (height: Int, width: Int) {
    let (height, width) = (dataset.shape[1], dataset.shape[2])
    guard augmentation.reduction > 1 else { return (height, width) }
    let most = min(
      augmentation.reduction, Double(wholeWidth) / Double(width),
      Double(wholeHeight) / Double(height))
    let factor = pow(most, Double(random.nextUniform()))
    return (
      min(Int(Double(height) * factor), wholeHeight), min(Int(Double(width) * factor), wholeWidth)
    )
  }

  private func position(using random: inout RandomSource) -> SquarePosition {
    if augmentation.symmetries {
      let word = random.nextWord()
      return SquarePosition(
        isMirrored: word & 1 == 1, isUpsideDown: word & 2 == 2,
        isTransposed: word & 4 == 4 && dataset.shape[1] == dataset.shape[2])
    }
    return SquarePosition(isMirrored: augmentation.horizontalFlip && random.nextWord() & 1 == 1)
  }

  private func convert(
    _ bytes: UnsafeBufferPointer<UInt8>, to target: MutablePlaneView,
    random: inout RandomSource, fixed: inout RandomSource
  ) {
    if let binarization = augmentation.binarization {
      binarization.apply(to: bytes, into: target, random: &random, fixed: &fixed)
    } else if augmentation.dequantization {
      // 15 random bits and a half: with a level's 8 the sum is exact and stays within the level.
      random.convert(bytes, to: target) { byte, bits in
        (Float(byte) + (Float(bits & 0x7FFF) + 0.5) * 0x1p-15) * 0x1p-8
      }
    } else {
      ByteScale.write(bytes, to: target)
    }
  }
}

extension BatchAssembler {
  fileprivate func addNoise(
    to target: MutablePlaneView, random: inout RandomSource
  ) {
    guard augmentation.noise > 0 else { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: target.count) { noise in
      random.fillNormal(noise)
      for index in target.indices {
        target[index] = min(max(target[index] + augmentation.noise * noise[index], 0), 1)
      }
    }
  }
}

extension Dataset.Sample {
  /// The sample with other extents, by the cubic kernel.
  fileprivate func reduced(height: Int, width: Int) -> Dataset.Sample {
    let planes = withBytes { $0.map { Float($0) } }
    let reduced = Resampling.resize(
      planes, width: self.width, height: self.height, channels: channels, toWidth: width,
      toHeight: height)
    return Dataset.Sample(
      channels: channels, height: height, width: width,
      storage: reduced.map { UInt8(min(max($0, 0), 255) + 0.5) })
  }

  /// By how much neighbors in a part differ: the sum of the absolute differences, side by side and one above
  /// the other, over all channels.
  fileprivate func detail(of part: Region) -> Int {
    withBytes { bytes in
      var sum = 0
      for channel in 0..<channels {
        for row in part.top..<part.top + part.height - 1 {
          let start = (channel &* height &+ row) &* width &+ part.left
          for index in start..<start + part.width - 1 {
            let value = Int(bytes[index])
            sum &+= abs(value &- Int(bytes[index &+ 1])) &+ abs(value &- Int(bytes[index &+ width]))
          }
        }
      }
      return sum
    }
  }
}

/// One of the eight ways to put a square down.
private struct SquarePosition: Equatable {
  var isMirrored = false
  var isUpsideDown = false
  var isTransposed = false

  static let upright = SquarePosition()

  /// Where the pixel comes from that lands at a place.
  func source(x: Int, y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    let column = isMirrored ? width &- 1 &- x : x
    let row = isUpsideDown ? height &- 1 &- y : y
    return isTransposed ? (row, column) : (column, row)
  }
}

/// The latest epoch's permutation, so that it is not drawn anew for every batch.
private final class PermutationCache: Sendable {
  private let latest = Lock<(epoch: Int, permutation: [Int])?>(nil)

  func positions(_ order: IndexOrder, step: Int, batchSize: Int) -> [Int] {
    latest.withLock { order.positions(step: step, batchSize: batchSize, cached: &$0) }
  }
}
