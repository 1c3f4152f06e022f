import Foundation
import ImageCodecs
import Pictures
import Testing

@testable import Datasets

/// Archives that NumPy wrote: Tests/Fixtures/make_arrays.py.
@Suite struct NPZFileTests {
  private static func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/arrays/\(name).npz").path
  }

  /// Picture n of the array "gray", with so much added.
  private func levels(_ n: Int, plus offset: Int = 0) -> [UInt8] {
    (0..<42).map { UInt8((40 * n + 6 * ($0 / 7) + $0 % 7 + offset) % 256) }
  }

  private func bytes(_ dataset: Dataset, _ index: Int) throws -> [UInt8] {
    try dataset.sample(index).withBytes { Array($0) }
  }

  @Test(arguments: ["stored", "deflated"]) func oneArray(kind: String) throws {
    for name in ["gray", "wide"] {
      let dataset = try Dataset([Self.fixture(kind) + "/" + name])
      #expect(dataset.count == 5 && dataset.shape == [1, 6, 7])
      for index in 0..<5 { #expect(try bytes(dataset, index) == levels(index)) }
      #expect(dataset.name(2).hasSuffix("\(kind).npz/\(name)#2"))
    }
    for name in ["share", "planes"] {
      let dataset = try Dataset([Self.fixture(kind) + "/" + name])
      #expect(dataset.count == 5 && dataset.shape == [3, 6, 7])
      #expect(try bytes(dataset, 3) == (0..<3).flatMap { levels(3, plus: 80 * $0) })
    }
  }

  @Test func allArraysButThoseThatAreNoPictures() throws {
    let dataset = try Dataset([Self.fixture("deflated")])
    #expect(dataset.count == 20 && dataset.shape == [3, 6, 7])
    #expect(try bytes(dataset, 0) == (0..<3).flatMap { _ in levels(0) })
    #expect(dataset.fingerprint != (try Dataset([Self.fixture("stored")])).fingerprint)
  }

  @Test func whatIsTransparentIsLaidOnTheBackground() throws {
    for (level, expected) in [(Float(1), UInt8(255)), (0, 0)] {
      let dataset = try Dataset(
        [Self.fixture("transparent")], options: DatasetOptions(background: level))
      #expect(dataset.shape == [3, 6, 7])
      let shown = levels(4).enumerated().map { $0 % 7 < 3 ? $1 : expected }
      #expect(try Array(bytes(dataset, 4)[..<42]) == shown)
    }
  }

  @Test func anArrayThatIsNotThereIsNamedWithThoseThatAre() {
    #expect {
      try Dataset([Self.fixture("stored") + "/test"])
    } throws: {
      "\($0)".contains("expected one of the arrays gray, wide, share, planes, labels, found 'test'")
    }
    let warnings = Warnings()
    #expect(throws: (any Error).self) {
      try Dataset([Self.fixture("labels")]) { warnings.add($0) }
    }
    #expect(
      warnings.all.map(\.reason) == [
        "expected arrays of pictures such as [N, H, W], found labels [5, 1]"
      ])
  }

  @Test func theUserTellsAxesAndWhite() throws {
    var options = DatasetOptions()
    options.arrays = ArrayReading(scale: .white(510), axes: .nhw, takesAlpha: true)
    let dataset = try Dataset([Self.fixture("stored") + "/gray"], options: options)
    #expect(try bytes(dataset, 0) == levels(0).map { UInt8((Float($0) / 510 * 255).rounded()) })
  }

  /// What may be two things is told, not passed over.
  @Test func undecided() throws {
    let folder = try TemporaryFolder()
    var header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3, 5, 3), }"
    header += String(repeating: " ", count: 118 - header.utf8.count) + "\n"
    let head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    try folder.write(
      head + Array(header.utf8) + [UInt8](repeating: 7, count: 90), "both.npy")
    #expect(throws: UndecidedArray.self) { try Dataset([folder.path]) }
    var options = DatasetOptions()
    options.arrays = ArrayReading(axes: .nchw)
    #expect(try Dataset([folder.path], options: options).shape == [3, 5, 3])
  }

  @Test func damage() throws {
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.fixture("deflated"))))
    let folder = try TemporaryFolder()
    let path = try folder.file("a.npz")
    var kept = 0
    for index in stride(from: 0, to: whole.count, by: 7) {
      var bytes = whole
      bytes[index] ^= 0x55
      try folder.write(bytes, "a.npz")
      // Either the damage is found, or it is in what nothing depends on, such as a date.
      if let dataset = try? Dataset([path + "/gray"]) {
        for picture in 0..<5 { #expect(try self.bytes(dataset, picture) == levels(picture)) }
        kept += 1
      }
    }
    #expect(kept > 0)
    for length in stride(from: 0, to: whole.count, by: 31) {
      try folder.write(Array(whole[..<length]), "a.npz")
      #expect(throws: (any Error).self) { try Dataset([path]) }
    }
  }

  /// An archive with its end in 64 bits, as those of more than 4 GB have.
  @Test func large() throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.fixture("stored"))))
    let end = bytes.count - 22
    func number(_ place: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[end + place + $1]) << (8 * $1) }
    }
    func field(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let (entries, size, offset) = (number(10, 2), number(12, 4), number(16, 4))
    bytes.removeLast(22)
    bytes += field(0x0606_4B50, 4) + field(44, 8) + field(45, 2) + field(45, 2) + field(0, 8)
    bytes += field(entries, 8) + field(entries, 8) + field(size, 8) + field(offset, 8)
    bytes += field(0x0706_4B50, 4) + field(0, 4) + field(end, 8) + field(1, 4)
    bytes += field(0x0605_4B50, 4) + field(0, 4) + field(0xFFFF, 2) + field(0xFFFF, 2)
    bytes += field(0xFFFF_FFFF, 4) + field(0xFFFF_FFFF, 4) + field(0, 2)
    let folder = try TemporaryFolder()
    try folder.write(bytes, "large.npz")
    let dataset = try Dataset([folder.path + "/large.npz/gray"])
    #expect(try self.bytes(dataset, 4) == levels(4))
  }

  @Test func classesInFoldersAreOneSet() throws {
    let folder = try TemporaryFolder()
    for (name, count) in [("cats", 3), ("dogs/small", 2), ("dogs/large", 4)] {
      for index in 0..<count {
        try folder.write(Image.gray(6, 5) { x, y in UInt8(x * y + index) }, "\(name)/\(index).png")
      }
    }
    #expect(try Dataset([folder.path]).count == 9)
  }
}
