import CZlib
import Foundation
import Testing

@testable import Datasets

@Suite struct IDXFileTests {
  static func idx(_ extents: [Int], magic: [UInt8]? = nil, data: [UInt8]? = nil) -> [UInt8] {
    let header = extents.flatMap { extent in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) }
    }
    let count = extents.reduce(1, &*)
    let pixels = data ?? (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    return (magic ?? [0, 0, 8, UInt8(extents.count)]) + header + pixels
  }

  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1024)
    input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        deflate(&stream, Z_FINISH)
      }
    }
    return Array(output[..<Int(stream.total_out)])
  }

  @Test func readsPlainAndCompressed() throws {
    let folder = try TemporaryFolder()
    let gray = Self.idx([5, 4, 3])
    try folder.write(gray, "plain")
    try folder.write(Self.gzip(gray), "one.gz")
    try folder.write(Self.gzip(Array(gray[..<30])) + Self.gzip(Array(gray[30...])), "two.gz")
    for name in ["plain", "one.gz", "two.gz"] {
      let file = try IDXFile(path: folder.file(name))
      #expect((file.count, file.height, file.width, file.channels) == (5, 4, 3, 1))
      #expect(file.bytes == Array(0..<60))
      #expect(IDXFile.isIDX(path: file.path))
    }
    try folder.write(Self.idx([2, 2, 2, 3]), "colour")
    #expect(try IDXFile(path: folder.file("colour")).channels == 3)
  }

  static let hostile: [(bytes: [UInt8], reason: String)] = {
    let good = idx([5, 4, 3])
    let packed = gzip(good)
    var flipped = packed
    flipped[packed.count / 2] ^= 0x10
    var wrongSum = packed
    wrongSum[packed.count - 6] ^= 1
    return [
      ([], "cut short"),
      ([0, 0, 8], "cut short"),
      (Array(good.dropLast()), "cut short"),
      (good + [0], "longer than its header says"),
      (idx([5], magic: [0, 0, 8, 1]), "expected magic number"),
      (idx([1, 1, 1], magic: [0, 0, 13, 3]), "found 0x00000d03"),
      (idx([0, 4, 3]), "expected positive"),
      (idx([1, 1, 1, 2]), "2 channels"),
      (idx([0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], data: []), "expected at most"),
      (idx([60000, 1000, 1000], data: []), "expected at most"),
      (idx([1000, 1000, 1000], data: []), "cut short"),
      (gzip(idx([1000, 1000, 1000], data: [1])), "cut short"),
      (Array(packed.dropLast(9)), "end too early"),
      (Array(packed.dropLast(1)), "end too early"),
      (packed + [1, 2, 3], "damaged compressed data"),
      (gzip(good + [1]), "longer than its header says"),
      (gzip(Array(good.dropLast())), "cut short"),
      (flipped, ":"),
      (wrongSum, "damaged compressed data"),
    ]
  }()

  @Test(arguments: hostile.indices)
  func refuses(index: Int) throws {
    let folder = try TemporaryFolder()
    let (bytes, reason) = Self.hostile[index]
    try folder.write(bytes, "bad")
    let error = #expect(throws: (any Error).self) { try IDXFile(path: folder.file("bad")) }
    #expect(error.map { "\($0)".contains(reason) } == true, "\(String(describing: error))")
  }
}
