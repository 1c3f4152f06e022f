import Testing

@testable import ImageCodecs

/// Damaged files are refused or read, and never bring the program down.
@Suite struct MutationTests {
  /// The 64-bit linear congruential generator of Knuth's MMIX.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  @Test(arguments: Fixtures.pictures)
  func survivesMutations(_ fixture: Fixtures.Expected) throws {
    let bytes = try Fixtures.bytes(fixture.name)
    var random = Generator(state: UInt64(bytes.count))
    let limits = ImageLimits(maximumPixels: 1 << 18)
    for round in 0..<40 {
      var mutated = bytes
      switch round % 4 {
      case 0: mutated.removeLast(Int.random(in: 1..<bytes.count, using: &random))
      case 1: mutated.removeSubrange(somewhere(in: mutated, &random))
      case 2: mutated.insert(contentsOf: mutated[somewhere(in: mutated, &random)], at: 8)
      default: break
      }
      for _ in 0..<Int.random(in: 0...4, using: &random) where !mutated.isEmpty {
        let position = Int.random(in: 0..<mutated.count, using: &random)
        mutated[position] = UInt8.random(in: 0...255, using: &random)
      }
      let header = try? ImageReader.header(bytes: mutated, name: "x")
      let image = try? ImageReader.read(bytes: mutated, name: "x", limits: limits)
      let small = try? ImageReader.read(
        bytes: mutated, name: "x", limits: limits, minimumSize: (4, 4))
      if let image {
        #expect(image.width * image.height <= limits.maximumPixels)
        #expect(small != nil)
        #expect(header != nil)
      }
    }
  }

  private func somewhere(in bytes: [UInt8], _ random: inout Generator) -> Range<Int> {
    let start = Int.random(in: 0..<bytes.count, using: &random)
    return start..<min(bytes.count, start + Int.random(in: 1...40, using: &random))
  }
}
