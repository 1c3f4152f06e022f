import Testing

@testable import Checkpoints

@Suite struct HostileSafetensorsTests {
  /// A file with this header over `data` zero bytes, or with `length` in place of the true one.
  static func file(_ header: String, data: Int = 8, length: UInt64? = nil) -> [UInt8] {
    let header = Array(header.utf8)
    return littleEndianBytes([length ?? UInt64(header.count)]) + header
      + [UInt8](repeating: 0, count: data)
  }

  static let good = #"{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#

  static let cases: [(bytes: [UInt8], reason: String)] = [
    ([], "0 bytes, expected at least 8"),
    ([1, 2, 3], "3 bytes, expected at least 8"),
    (file("{}", data: 0, length: 3), "cut short: header of 3 bytes"),
    (file("{}", length: .max), "cut short: header of 18446744073709551615 bytes"),
    (file("{}", length: 1 << 63), "cut short: header of 9223372036854775808 bytes"),
    (file("", data: 17 << 20, length: 17 << 20), "expected at most 16777216"),
    (file("", data: 0), "does not start with '{'"),
    (file("[]", data: 0), "does not start with '{'"),
    (file(" {}", data: 0), "does not start with '{'"),
    (file("{", data: 0), "expected a key"),
    (file("{} x", data: 0), "expected the end of the text"),
    (littleEndianBytes([UInt64(6)]) + [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x7D], "not UTF-8"),
    (file("{\"a\":\(good),\"a\":\(good)}"), "the key \"a\" stands twice"),
    (file(#"{"__metadata__":{"k":"1","k":"2"}}"#, data: 0), "the key \"k\" stands twice"),
    (file(#"{"__metadata__":{"k":1}}"#, data: 0), "__metadata__ 'k' is a number"),
    (file(#"{"__metadata__":[]}"#, data: 0), "__metadata__ is an array"),
    (file("{\"a\":" + String(repeating: "[", count: 100_000), data: 0), "nested deeper"),
    (
      file("{\"a\":[" + String(repeating: "0,", count: 600_000) + "0]}", data: 0),
      "more than 500000 values"
    ),
    (file(#"{"a":1}"#), "tensor 'a' is a number, expected an object"),
    (file(#"{"a":{"shape":[2],"data_offsets":[0,8]}}"#), "has no dtype"),
    (file(#"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#), "has no shape"),
    (file(#"{"a":{"dtype":"F32","shape":[2]}}"#), "no pair of data_offsets"),
    (
      file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}"#),
      "no pair of data_offsets"
    ),
    (
      file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":0}}"#),
      "unknown field 'x'"
    ),
    (file(#"{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}"#), "unknown dtype 'F33'"),
    (file(#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#), "non-negative"),
    (file(#"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#), "non-negative"),
    (
      file(#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#),
      "size overflows"
    ),
    (
      file(
        #"{"a":{"dtype":"F32","shape":[0,9223372036854775807,9],"data_offsets":[0,0]}}"#, data: 0),
      "size overflows"
    ),
    (
      file(#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#),
      "non-negative"
    ),
    (
      file(
        #"{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}"#),
      "17 dimensions"
    ),
    (file(#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#), "outside the data's 8"),
    (file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#), "no pair"),
    (file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#), "offsets 8..0 outside"),
    (
      file(#"{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,8]}}"#),
      "8 bytes, expected 4000000000 for F32 [1000000000]"
    ),
    (
      file("{\"a\":\(good),\"b\":\(good)}"), "tensor 'b' overlaps the one before it"
    ),
    (
      file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#), "a hole of 4 bytes"
    ),
    (file("{\"a\":\(good)}", data: 9), "1 bytes after the last tensor"),
    (file("{}", data: 1), "1 bytes after the last tensor"),
  ]

  @Test(arguments: cases.indices)
  func isRefusedWithItsReason(index: Int) {
    let (bytes, reason) = Self.cases[index]
    do {
      _ = try SafetensorsFile(bytes: bytes, name: "bad")
      Issue.record("case \(index) was accepted; expected: \(reason)")
    } catch {
      let message = "\(error)"
      #expect(message.hasPrefix("bad: ") && message.contains(reason))
      #expect(!message.contains("\n"))
    }
  }

  @Test func mutatedFilesAreReadOrRefused() throws {
    let original = SafetensorsTests.example().encoded()
    var generator = SystemIndependentGenerator(state: 11)
    var refused = 0
    for _ in 0..<4000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: bytes.remove(at: position)
        default: bytes.insert(bytes[position], at: position)
        }
      }
      do {
        let file = try SafetensorsFile(bytes: bytes)
        _ = try SafetensorsFile(bytes: file.encoded())
        for name in file.names { _ = try? file.tensor(name) }
      } catch {
        refused += 1
      }
    }
    #expect(refused > 2000 && refused < 4000)
  }

  @Test func cutAnywhereIsRefused() {
    let original = SafetensorsTests.example().encoded()
    for length in 0..<original.count {
      #expect(throws: (any Error).self) { try SafetensorsFile(bytes: Array(original[..<length])) }
    }
  }
}
