import Synchronization
import Tensors

/// What is done to an example before it is trained on; determined by seed and step.
public struct Augmentation: Hashable, Sendable {
  /// Mirrors every other example, by chance.
  public var horizontalFlip: Bool
  /// Adds noise that spreads each of the 256 levels evenly: (v + u) / 256 with u in (0, 1)
  /// (Uria, Murray and Larochelle 2013).
  public var dequantisation: Bool
  /// Draws each pixel anew as 0 or 1 with its intensity as probability (Salakhutdinov and Murray
  /// 2008).
  public var binarisation: Bool

  public init(
    horizontalFlip: Bool = false, dequantisation: Bool = false, binarisation: Bool = false
  ) {
    self.horizontalFlip = horizontalFlip
    self.dequantisation = dequantisation
    self.binarisation = binarisation
  }
}

/// Puts the batch of any step together, on any thread.
struct BatchAssembler: Sendable {
  private let dataset: Dataset
  private let indices: [Int]
  private let batchSize: Int
  private let augmentation: Augmentation
  private let order: IndexOrder
  private let permutation = PermutationCache()

  init(
    dataset: Dataset, indices: [Int], batchSize: Int, seed: UInt64, augmentation: Augmentation
  ) {
    self.dataset = dataset
    self.indices = indices
    self.batchSize = batchSize
    self.augmentation = augmentation
    order = IndexOrder(count: indices.count, seed: seed)
  }

  /// Streams of a seed that belong to augmentation: "AUGM" and the step.
  private static let stream: UInt64 = 0x4155_474D << 32

  func batch(step: Int) throws -> Batch {
    let positions = permutation.positions(order, step: step, batchSize: batchSize)
    let chosen = positions.map { indices[$0] }
    var random = RandomSource(
      seed: order.seed, stream: Self.stream | UInt64(truncatingIfNeeded: step))
    let shape = dataset.shape
    let pixels = try Tensor(Shape([batchSize] + shape.dimensions)) { target in
      for (position, index) in chosen.enumerated() {
        let part = UnsafeMutableBufferPointer(
          rebasing: target[position * shape.count..<(position + 1) * shape.count])
        try write(try dataset.sample(index), to: part, random: &random)
      }
    }
    return Batch(step: step, indices: chosen, pixels: pixels)
  }

  private func write(
    _ sample: Dataset.Sample, to target: UnsafeMutableBufferPointer<Float>,
    random: inout RandomSource
  ) throws {
    let (channels, height, width) = (dataset.shape[0], dataset.shape[1], dataset.shape[2])
    let isPiece = sample.width != width || sample.height != height
    let left = isPiece ? random.nextIndex(below: sample.width - width + 1) : 0
    let top = isPiece ? random.nextIndex(below: sample.height - height + 1) : 0
    let isMirrored = augmentation.horizontalFlip && random.nextWord() & 1 == 1
    sample.withBytes { bytes in
      if !isPiece && !isMirrored {
        convert(bytes, to: target, random: &random)
        return
      }
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: target.count) { piece in
        var position = 0
        for channel in 0..<channels {
          for y in 0..<height {
            let row = (channel * sample.height + top + y) * sample.width + left
            for x in 0..<width {
              piece[position] = bytes[row + (isMirrored ? width - 1 - x : x)]
              position += 1
            }
          }
        }
        convert(UnsafeBufferPointer(piece), to: target, random: &random)
      }
    }
  }

  private func convert(
    _ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<Float>,
    random: inout RandomSource
  ) {
    if augmentation.binarisation {
      // A pixel is 1 where v / 255 exceeds a uniform number of 16 bits; two from each word.
      var word: UInt32 = 0
      for index in bytes.indices {
        word = index & 1 == 0 ? random.nextWord() : word >> 16
        target[index] = UInt32(bytes[index]) &* 65536 > (word & 0xFFFF) &* 255 ? 1 : 0
      }
    } else if augmentation.dequantisation {
      // 15 random bits and a half: with a level's 8 the sum is exact and stays within the level.
      var word: UInt32 = 0
      for index in bytes.indices {
        word = index & 1 == 0 ? random.nextWord() : word >> 16
        let uniform = (Float(word & 0x7FFF) + 0.5) * 0x1p-15
        target[index] = (Float(bytes[index]) + uniform) * 0x1p-8
      }
    } else {
      ByteScale.table.withUnsafeBufferPointer { table in
        for index in bytes.indices { target[index] = table[Int(bytes[index])] }
      }
    }
  }
}

/// The latest epoch's permutation, so that it is not drawn anew for every batch.
private final class PermutationCache: Sendable {
  private let latest = Mutex<(epoch: Int, permutation: [Int])?>(nil)

  func positions(_ order: IndexOrder, step: Int, batchSize: Int) -> [Int] {
    latest.withLock { order.positions(step: step, batchSize: batchSize, cached: &$0) }
  }
}
