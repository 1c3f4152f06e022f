import Pictures
import Tensors

extension Augmentation {
  /// How gray levels become black and white.
  public enum Binarization: Hashable, Sendable {
    /// Drawn anew each time with the intensity as probability (Salakhutdinov and Murray 2008).
    case dynamic
    /// Drawn once for each picture: the data set is a fixed one (Larochelle and Murray 2011).
    case fixed
    /// 1 from this level on.
    case threshold(UInt8)
  }
}

extension Augmentation.Binarization {
  /// Levels of 0...255 to 0 and 1: a pixel that is drawn is 1 where v / 255 exceeds a uniform number
  /// of 16 bits.
  ///
  /// - Parameters:
  ///   - random: what is drawn anew each time.
  ///   - fixed: what is drawn once for each picture.
  func apply(
    to bytes: UnsafeBufferPointer<UInt8>, into target: MutablePlaneView,
    random: inout RandomSource, fixed: inout RandomSource
  ) {
    switch self {
    case .dynamic: Self.draw(bytes, into: target, using: &random)
    case .fixed: Self.draw(bytes, into: target, using: &fixed)
    case .threshold(let level):
      for index in bytes.indices { target[index] = bytes[index] >= level ? 1 : 0 }
    }
  }

  private static func draw(
    _ bytes: UnsafeBufferPointer<UInt8>, into target: MutablePlaneView,
    using random: inout RandomSource
  ) {
    random.convert(bytes, to: target) { byte, bits in
      UInt32(byte) &* 65536 > bits &* 255 ? 1 : 0
    }
  }
}

extension Tensor {
  /// Numbers of [0, 1], of which no bytes need be there, to 0 and 1 by a rule. What is drawn is drawn
  /// once: equal seeds and indices give equal results.
  package func binarized(
    _ rule: Augmentation.Binarization?, seed: UInt64, index: Int
  ) -> Tensor {
    switch rule {
    case nil: return self
    case .dynamic, .fixed:
      var random = RandomSource(
        seed: seed, stream: RandomStreams.binarization + UInt64(index))
      return Tensor(shape, elements.map { random.nextUniform() < $0 ? 1 : 0 })
    case .threshold(let level):
      return Tensor(shape, elements.map { $0 * 255 > Float(level) - 0.5 ? 1 : 0 })
    }
  }
}

extension RandomSource {
  /// Each byte to a number, with 16 random bits for each, the lower half of a word first.
  @inline(__always)
  mutating func convert(
    _ bytes: UnsafeBufferPointer<UInt8>, to target: MutablePlaneView,
    _ number: (UInt8, UInt32) -> Float
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: (bytes.count + 1) / 2) { words in
      fillWords(words)
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
