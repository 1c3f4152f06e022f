import Synchronization
import Tensors

/// What is done to an example before it is trained on; determined by seed and step.
public struct Augmentation: Hashable, Sendable {
  /// Mirrors every other example, by chance.
  public var horizontalFlip: Bool
  /// Puts an example in any of a square's eight positions, by chance: mirrored, upside down,
  /// transposed. Where height and width differ, in any of the four that keep them.
  public var symmetries: Bool
  /// Adds noise that spreads each of the 256 levels evenly: (v + u) / 256 with u in (0, 1)
  /// (Uria, Murray and Larochelle 2013).
  public var dequantisation: Bool
  /// Makes each pixel 0 or 1; nil to leave grey levels.
  public var binarisation: Binarisation?
  /// The standard deviation of Gaussian noise that is added anew each time, on the [0, 1] scale; the
  /// sum is kept within [0, 1].
  public var noise: Float

  /// How grey levels become black and white.
  public enum Binarisation: Hashable, Sendable {
    /// Drawn anew each time with the intensity as probability (Salakhutdinov and Murray 2008).
    case dynamic
    /// Drawn once for each picture: the data set is a fixed one (Larochelle and Murray 2011).
    case fixed
    /// 1 from this level on.
    case threshold(UInt8)
  }

  public init(
    horizontalFlip: Bool = false, symmetries: Bool = false, dequantisation: Bool = false,
    binarisation: Binarisation? = nil, noise: Float = 0
  ) {
    self.horizontalFlip = horizontalFlip
    self.symmetries = symmetries
    self.dequantisation = dequantisation
    self.binarisation = binarisation
    self.noise = noise
  }
}

/// Puts the batch of any step together, on any thread.
struct BatchAssembler: Sendable {
  private let dataset: Dataset
  private let indices: [Int]
  private let batchSize: Int
  private let augmentation: Augmentation
  private let damage: BatchDamage?
  private let order: IndexOrder
  private let permutation = PermutationCache()

  init(
    dataset: Dataset, indices: [Int], batchSize: Int, seed: UInt64, augmentation: Augmentation,
    damage: BatchDamage? = nil
  ) {
    self.dataset = dataset
    self.indices = indices
    self.batchSize = batchSize
    self.augmentation = augmentation
    self.damage = damage
    order = IndexOrder(count: indices.count, seed: seed)
  }

  /// Streams of a seed that belong to augmentation: "AUGM" and the step.
  private static let stream: UInt64 = 0x4155_474D << 32

  func batch(step: Int) throws -> Batch {
    var chosen: [Int] = []
    var pixels = try Tensor(Shape([batchSize] + dataset.shape.dimensions)) {
      chosen = try fill($0, step: step)
    }
    let damaged = damage?.apply(to: &pixels, seed: order.seed, step: step)
    return Batch(
      step: step, indices: chosen, pixels: pixels, observation: damaged?.observation,
      maps: damaged?.maps)
  }

  /// Writes a step's `[N, C, H, W]`, before damage.
  ///
  /// - Returns: which examples they are.
  func fill(_ target: UnsafeMutableBufferPointer<Float>, step: Int) throws -> [Int] {
    let positions = permutation.positions(order, step: step, batchSize: batchSize)
    let chosen = positions.map { indices[$0] }
    var random = RandomSource(
      seed: order.seed, stream: Self.stream | UInt64(truncatingIfNeeded: step))
    let count = dataset.shape.count
    for (position, index) in chosen.enumerated() {
      let part = UnsafeMutableBufferPointer(
        rebasing: target[position * count..<(position + 1) * count])
      var fixed = RandomSource(
        seed: order.seed, stream: Self.fixedStream | UInt64(truncatingIfNeeded: index))
      try write(index, to: part, random: &random, fixed: &fixed)
      addNoise(to: part, random: &random)
    }
    return chosen
  }

  private func write(
    _ index: Int, to target: UnsafeMutableBufferPointer<Float>, random: inout RandomSource,
    fixed: inout RandomSource
  ) throws {
    let (channels, height, width) = (dataset.shape[0], dataset.shape[1], dataset.shape[2])
    let start = random
    let (sample, part) = try dataset.sample(index) { wholeWidth, wholeHeight in
      random = start
      let isPiece = wholeWidth != width || wholeHeight != height
      let left = isPiece ? random.nextIndex(below: wholeWidth - width + 1) : 0
      let top = isPiece ? random.nextIndex(below: wholeHeight - height + 1) : 0
      return PixelWindow(x: left, y: top, width: width, height: height)
    }
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
                  (channel &* sample.height &+ part.y &+ row) &* sample.width &+ part.x &+ column]
              index += 1
            }
          }
        }
        convert(UnsafeBufferPointer(piece), to: target, random: &random, fixed: &fixed)
      }
    }
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
    _ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<Float>,
    random: inout RandomSource, fixed: inout RandomSource
  ) {
    if let binarisation = augmentation.binarisation {
      switch binarisation {
      case .dynamic: binarise(bytes, to: target, random: &random)
      case .fixed: binarise(bytes, to: target, random: &fixed)
      case .threshold(let level):
        for index in bytes.indices { target[index] = bytes[index] >= level ? 1 : 0 }
      }
    } else if augmentation.dequantisation {
      // 15 random bits and a half: with a level's 8 the sum is exact and stays within the level.
      Self.convert(bytes, to: target, random: &random) { byte, bits in
        (Float(byte) + (Float(bits & 0x7FFF) + 0.5) * 0x1p-15) * 0x1p-8
      }
    } else {
      ByteScale.write(bytes, to: target)
    }
  }
}

extension BatchAssembler {
  /// Streams of a seed that belong to pictures that are drawn once: "FIXD" and the index.
  fileprivate static let fixedStream: UInt64 = 0x4649_5844 << 32

  /// A pixel is 1 where v / 255 exceeds a uniform number of 16 bits.
  fileprivate func binarise(
    _ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<Float>,
    random: inout RandomSource
  ) {
    Self.convert(bytes, to: target, random: &random) { byte, bits in
      UInt32(byte) &* 65536 > bits &* 255 ? 1 : 0
    }
  }

  fileprivate func addNoise(
    to target: UnsafeMutableBufferPointer<Float>, random: inout RandomSource
  ) {
    guard augmentation.noise > 0 else { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: target.count) { noise in
      random.fillNormal(noise)
      for index in target.indices {
        target[index] = min(max(target[index] + augmentation.noise * noise[index], 0), 1)
      }
    }
  }

  /// Each byte to a number, with 16 random bits for each, the lower half of a word first.
  @inline(__always)
  private static func convert(
    _ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<Float>,
    random: inout RandomSource, _ number: (UInt8, UInt32) -> Float
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: (bytes.count + 1) / 2) { words in
      random.fillWords(words)
      for pair in 0..<bytes.count / 2 {
        target[2 &* pair] = number(bytes[2 &* pair], words[pair] & 0xFFFF)
        target[2 &* pair &+ 1] = number(bytes[2 &* pair &+ 1], words[pair] >> 16)
      }
      if bytes.count & 1 == 1, let word = words.last {
        target[bytes.count - 1] = number(bytes[bytes.count - 1], word & 0xFFFF)
      }
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
  private let latest = Mutex<(epoch: Int, permutation: [Int])?>(nil)

  func positions(_ order: IndexOrder, step: Int, batchSize: Int) -> [Int] {
    latest.withLock { order.positions(step: step, batchSize: batchSize, cached: &$0) }
  }
}
