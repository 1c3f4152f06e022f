import CKernels
import Platform

/// A counter-based random number generator: Philox4x32-10 (Salmon, Moraes, Dror and Shaw,
/// "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
///
/// The n-th number depends on `seed`, `stream` and n alone, so that a run can be resumed from
/// three integers and independent streams need no coordination.
package struct RandomSource: RandomNumberGenerator, Hashable, Sendable {
  /// The 64-bit key.
  package let seed: UInt64
  /// Which of the 2^64 independent sequences of this seed.
  package let stream: UInt64
  /// How many 32-bit words have been drawn.
  package private(set) var position: UInt64

  private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)

  package init(seed: UInt64, stream: UInt64 = 0, position: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
    self.position = position
    if position & 3 != 0 { block = Self.philox(counter: position >> 2, stream: stream, key: seed) }
  }

  /// The next 32 random bits.
  package mutating func nextWord() -> UInt32 {
    let lane = position & 3
    if lane == 0 { block = Self.philox(counter: position >> 2, stream: stream, key: seed) }
    position &+= 1
    switch lane {
    case 0: return block.0
    case 1: return block.1
    case 2: return block.2
    default: return block.3
    }
  }

  package mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return low | UInt64(nextWord()) << 32
  }

  /// A number in the open interval (0, 1), one of 2^23 equally spaced.
  package mutating func nextUniform() -> Float { Self.uniform(nextWord()) }

  /// Fills `buffer` with the words that as many calls of `nextWord` give.
  package mutating func fillWords(_ buffer: UnsafeMutableBufferPointer<UInt32>) {
    var index = 0
    while index < buffer.count && position & 3 != 0 {
      buffer[index] = nextWord()
      index += 1
    }
    let blocks = (buffer.count - index) / 4
    if blocks > 0, let base = buffer.baseAddress {
      latent_random_words(seed, stream, position >> 2, base + index, blocks)
      position &+= UInt64(4 * blocks)
      index += 4 * blocks
    }
    while index < buffer.count {
      buffer[index] = nextWord()
      index += 1
    }
  }

  /// Calls `body` with the next words, some hundreds at a time, and the place of the first of them.
  private mutating func forEachChunk(
    of count: Int, _ body: (_ start: Int, UnsafeMutableBufferPointer<UInt32>) -> Void
  ) {
    let length = 512
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: min(length, count)) { words in
      var start = 0
      while start < count {
        let chunk = UnsafeMutableBufferPointer(rebasing: words[..<min(length, count - start)])
        fillWords(chunk)
        body(start, chunk)
        start += chunk.count
      }
    }
  }

  /// A number in the open interval (0, 1), one of 2^23 equally spaced.
  private static func uniform(_ word: UInt32) -> Float { (Float(word >> 9) + 0.5) * 0x1p-23 }

  /// Fills `buffer` with independent standard normal numbers (Box and Muller 1958).
  package mutating func fillNormal(_ buffer: UnsafeMutableBufferPointer<Float>) {
    forEachChunk(of: (buffer.count + 1) / 2 * 2) { start, words in
      for pair in stride(from: 0, to: words.count, by: 2) {
        let radius = (-2 * logf(Self.uniform(words[pair]))).squareRoot()
        let angle = 2 * Float.pi * Self.uniform(words[pair + 1])
        let index = start + pair
        buffer[index] = radius * cosf(angle)
        if index + 1 < buffer.count { buffer[index + 1] = radius * sinf(angle) }
      }
    }
  }

  /// Fills `buffer` with independent numbers in (0, 1).
  package mutating func fillUniform(_ buffer: UnsafeMutableBufferPointer<Float>) {
    forEachChunk(of: buffer.count) { start, words in
      for index in words.indices { buffer[start + index] = Self.uniform(words[index]) }
    }
  }

  /// A tensor of independent standard normal numbers.
  package mutating func normal(_ shape: Shape) -> Tensor {
    Tensor(shape) { fillNormal($0) }
  }

  /// A tensor of independent numbers in (0, 1).
  package mutating func uniform(_ shape: Shape) -> Tensor {
    Tensor(shape) { fillUniform($0) }
  }

  package static func == (a: Self, b: Self) -> Bool {
    a.seed == b.seed && a.stream == b.stream && a.position == b.position
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(seed)
    hasher.combine(stream)
    hasher.combine(position)
  }

  /// The paper's bijection with ten rounds.
  static func philox(
    counter: UInt64, stream: UInt64, key: UInt64
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (x0, x1) = (UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32))
    var (x2, x3) = (UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32))
    var (k0, k1) = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
    for _ in 0..<10 {
      let a = UInt64(x0) &* 0xD251_1F53
      let b = UInt64(x2) &* 0xCD9E_8D57
      (x0, x1, x2, x3) = (
        UInt32(truncatingIfNeeded: b >> 32) ^ x1 ^ k0, UInt32(truncatingIfNeeded: b),
        UInt32(truncatingIfNeeded: a >> 32) ^ x3 ^ k1, UInt32(truncatingIfNeeded: a)
      )
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return (x0, x1, x2, x3)
  }
}
