import Files
import Foundation
import Testing

@testable import ImageCodecs

@Suite struct ImageStreamTests {
  /// The files that a stream of these bytes is cut into.
  private func files(_ bytes: [UInt8]) throws -> [[UInt8]] {
    let path = NSTemporaryDirectory() + "stream-tests-" + UUID().uuidString
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let handle = try #require(FileHandle(forReadingAtPath: path))
    defer { try? handle.close() }
    let buffer = StreamBuffer(descriptor: handle.fileDescriptor, name: "x")
    let stream = ImageStream(buffer, name: "x")
    var files: [[UInt8]] = []
    while let file = try stream.next() { files.append(file) }
    #expect(try buffer.peek(1).isEmpty)
    return files
  }

  @Test func everyPictureIsFoundAgain() throws {
    let all = try Fixtures.pictures.map { try Fixtures.bytes($0.name) }
    #expect(try files(Array(all.joined())) == all)
  }

  @Test func whatFollowsPicturesIsLeftOut() throws {
    let png = try Fixtures.bytes("rgb-8.png")
    let jpeg = try Fixtures.bytes("progressive.jpg")
    #expect(try files(png + jpeg + [0, 0, 1]) == [png, jpeg])
    #expect(try files(jpeg + [1, 2, 3] + png) == [jpeg])
    #expect(try files([]) == [[]])
    #expect(try files([1, 2, 3]) == [[1, 2, 3]])
  }

  @Test func aCutPictureIsTheLast() throws {
    for name in ["rgb-8.png", "restart.jpg"] {
      let whole = try Fixtures.bytes(name)
      for count in [9, 30, whole.count / 2, whole.count - 1] {
        #expect(try files(whole + whole.prefix(count)) == [whole, Array(whole.prefix(count))])
      }
    }
  }

  @Test func mutatedStreamsAreCutSomewhere() throws {
    let bytes = try ["palette-2.png", "progressive.jpg", "rgba-16.png"].flatMap {
      try Fixtures.bytes($0)
    }
    var random = MutationTests.Generator(state: 7)
    for _ in 0..<60 {
      var mutated = bytes
      for _ in 0..<3 {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        mutated[position] = UInt8.random(in: 0...255, using: &random)
      }
      // A false length leads to the end of the stream, or beyond what a file may be.
      guard let pieces = try? files(mutated) else { continue }
      #expect(mutated.starts(with: pieces.joined()))
    }
  }

  @Test func theOtherPicturesOfAMultiPictureFileAreLeftOut() throws {
    let jpeg = try Fixtures.bytes("ycbcr-444.jpg")
    let index: [UInt8] = [0xFF, 0xE2, 0, 8, 0x4D, 0x50, 0x46, 0, 1, 2]
    let multiple = jpeg.prefix(2) + index + jpeg.dropFirst(2)
    #expect(try files(multiple + jpeg) == [Array(multiple)])
  }
}
