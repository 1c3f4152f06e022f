import Platform
import Testing

/// Names of files as strings.
@Suite struct SystemPathTests {
  static let names: [[UInt8]] = [
    Array("a/b.png".utf8), Array("\u{E9}".utf8), Array("e\u{301}\u{6F22}\u{1F600}".utf8), [0xFF],
    [0x61, 0xC3], [0xC3, 0x2F, 0xA9], [0xE6, 0xBC], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80],
    [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0x80, 0xC3, 0xA9, 0x80], [],
    // Names in UTF-8 of the scalars that stand for bytes.
    Array("\u{10FE80}".utf8), Array("x\u{10FEFF}y".utf8), Array("\u{10FE7F}\u{10FF00}".utf8),
  ]

  @Test(arguments: names)
  func comeBackByteForByte(name: [UInt8]) {
    let path = String(systemPath: name)
    #expect(path.systemPathBytes == name)
    #expect(path.systemPath == name.map { CChar(bitPattern: $0) } + [0])
    // Through what keeps text.
    #expect(String(decoding: Array(path.utf8), as: UTF8.self).systemPathBytes == name)
  }

  @Test func haveStringsOfTheirOwn() {
    let strings = Self.names.map { Array(String(systemPath: $0).utf8) }
    #expect(Set(strings).count == Self.names.count)
  }

  @Test func textStaysAsItIs() {
    #expect(String(systemPath: Array("b\u{E4}r/\u{6F22}.png".utf8)) == "b\u{E4}r/\u{6F22}.png")
    #expect("b\u{E4}r".systemPathBytes == Array("b\u{E4}r".utf8))
    #expect("\u{1F600}\u{100000}".systemPathBytes == Array("\u{1F600}\u{100000}".utf8))
  }

  @Test func allPairsOfBytes() {
    for first in UInt8(1)...255 {
      for second in [0x2F, 0x41, 0x80, 0xA9, 0xBF, 0xC3, 0xF4, 0xFF] as [UInt8] {
        let name = [first, second, first]
        #expect(String(systemPath: name).systemPathBytes == name)
      }
    }
  }
}

@Suite struct WorkerTests {
  @Test func eachNumberIsTakenOnce() {
    let results = Results(1000)
    Parallel.perform(1000) { results.add($0) }
    #expect(results.all == Array(repeating: 1, count: 1000))
    Parallel.perform(0) { _ in Issue.record("nothing to do") }
  }

  @Test func whatIsHandedOverIsDoneInItsOrder() throws {
    let done = Results(0)
    do {
      let queue = try #require(WorkQueue())
      for index in 0..<100 { queue.add { done.append(index) } }
    }
    #expect(done.all == Array(0..<100))
  }
}

private final class Results: Sendable {
  private let numbers: Lock<[Int]>
  init(_ count: Int) { numbers = Lock(Array(repeating: 0, count: count)) }
  func add(_ index: Int) { numbers.withLock { $0[index] += 1 } }
  func append(_ number: Int) { numbers.withLock { $0.append(number) } }
  var all: [Int] { numbers.withLock { $0 } }
}
