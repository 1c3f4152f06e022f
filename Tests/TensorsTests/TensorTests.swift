import Foundation
import Testing

@testable import Tensors

@Suite struct ShapeTests {
  @Test func stridesAreInCOrder() {
    #expect(Shape([2, 3, 4]).strides == [12, 4, 1])
    #expect(Shape.scalar.count == 1)
    #expect(Shape([2, 0, 4]).count == 0)
  }

  @Test func slabsAndStacksAreInverse() {
    let tensor = Tensor([3, 2], [1, 2, 3, 4, 5, 6])
    #expect(tensor.slab(1) == Tensor([2], [3, 4]))
    #expect(Tensor.stacked((0..<3).map(tensor.slab)) == tensor)
  }
}

@Suite struct RandomSourceTests {
  /// The known-answer vectors that the authors of Philox publish with their library.
  @Test func philoxKnownAnswers() {
    let zero = RandomSource.philox(counter: 0, stream: 0, key: 0)
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = RandomSource.philox(counter: .max, stream: .max, key: .max)
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
  }

  @Test(arguments: [0, 1, 2, 3, 4, 7, 1001])
  func resumesAnywhere(position: UInt64) {
    var whole = RandomSource(seed: 7, stream: 3)
    for _ in 0..<position { _ = whole.nextWord() }
    var resumed = RandomSource(seed: 7, stream: 3, position: position)
    #expect(whole == resumed)
    for _ in 0..<9 { #expect(whole.nextWord() == resumed.nextWord()) }
  }

  /// Many at once are the same words, from any position on.
  @Test(arguments: [0, 1, 2, 3, 5], [0, 1, 3, 4, 7, 64, 1003])
  func manyWordsAreThoseOneByOne(position: UInt64, count: Int) {
    for stream: UInt64 in [3, 1 << 40] {
      var single = RandomSource(seed: 1 << 50 | 9, stream: stream, position: position)
      var many = single
      let words = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
        many.fillWords(buffer)
        initialized = count
      }
      #expect(words == (0..<count).map { _ in single.nextWord() })
      #expect(many == single)
      #expect(many.nextWord() == single.nextWord())
    }
  }

  /// The words' own numbers, in order, whatever the length of the buffer.
  @Test(arguments: [1, 2, 511, 512, 513, 1025])
  func uniformAndNormalNumbersComeFromTheWordsInTurn(count: Int) {
    var words = RandomSource(seed: 4, position: 1)
    var uniform = words
    var normal = words
    let numbers = uniform.uniform([count]).elements
    #expect(numbers == (0..<count).map { _ in words.nextUniform() })
    #expect(uniform == words)
    let pairs = normal.normal([count]).elements
    var again = RandomSource(seed: 4, position: 1)
    for start in stride(from: 0, to: count, by: 2) {
      let radius = (-2 * logf(again.nextUniform())).squareRoot()
      let angle = 2 * Float.pi * again.nextUniform()
      #expect(pairs[start] == radius * cosf(angle))
      if start + 1 < count { #expect(pairs[start + 1] == radius * sinf(angle)) }
    }
    #expect(normal == again)
  }

  @Test func normalMoments() {
    var random = RandomSource(seed: 1)
    let x = random.normal([200_000]).elements.map(Double.init)
    let n = Double(x.count)
    let mean = x.reduce(0, +) / n
    let variance = x.reduce(0) { $0 + $1 * $1 } / n - mean * mean
    let fourth = x.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n
    #expect(abs(mean) < 4 / n.squareRoot())
    #expect(abs(variance - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(fourth - 3) < 4 * (96 / n).squareRoot())
  }

  @Test func uniformStaysInsideTheInterval() {
    var random = RandomSource(seed: 2)
    let x = random.uniform([100_000]).elements
    #expect(x.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(abs(x.reduce(0, +) / 100_000 - 0.5) < 0.005)
  }
}
