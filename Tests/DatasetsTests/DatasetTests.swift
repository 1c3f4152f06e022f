import Foundation
import ImageCodecs
import Platform
import Tensors
import Testing

@testable import Datasets

/// Collects warnings from any thread.
final class Warnings: Sendable {
  private let list = Lock<[DatasetWarning]>([])

  func add(_ warning: DatasetWarning) { list.withLock { $0.append(warning) } }
  var all: [DatasetWarning] { list.withLock { $0 } }
}

@Suite struct DatasetTests {
  /// 180 good pictures of several sizes, and 20 files and folders that are none.
  static func mixedFolder() throws -> (folder: TemporaryFolder, broken: Set<String>) {
    let folder = try TemporaryFolder()
    for index in 0..<180 {
      let size = 8 + index % 5
      let image = Image.gray(size, 20 - size) { x, y in UInt8((index * 7 + x * 3 + y) & 255) }
      let name = String(format: "%03d", index)
      try folder.write(image, index % 3 == 0 ? "sub/\(name).jpg" : "\(name).png")
    }
    let png = try ImageWriter.encode(Image.gray(9, 9) { x, y in UInt8(x * y) }, format: .png)
    let jpeg = try ImageWriter.encode(Image.gray(64, 64) { x, y in UInt8(x ^ y) }, format: .jpeg)
    var broken: Set<String> = []
    func add(_ bytes: [UInt8], _ name: String) throws {
      try folder.write(bytes, name)
      broken.insert(name)
    }
    for index in 0..<4 {
      try add([], "empty-\(index).png")
      try add(Array(png[..<(png.count - 14 - index)]), "cut-\(index).png")
      try add(Array(jpeg[..<(jpeg.count / 2)]), "sub/cut-\(index).jpg")
      try add(Array("no picture \(index)".utf8), "text-\(index).jpg")
    }
    for index in 0..<2 {
      try folder.makeFolder("folder-\(index).png")
      try folder.link("lost-\(index).png", to: "/nonexistent/\(index)")
      broken.formUnion(["folder-\(index).png", "lost-\(index).png"])
    }
    try folder.write([1], ".hidden.png")
    try folder.link("sub/loop", to: "..")
    return (folder, broken)
  }

  @Test func namesTwentyBrokenOnceAndUsesTheRest() throws {
    let (folder, broken) = try Self.mixedFolder()
    let warnings = Warnings()
    let options = DatasetOptions(size: .scaled(width: 6, height: 6))
    let dataset = try Dataset([folder.path], options: options) { warnings.add($0) }
    #expect(dataset.count == 180)
    #expect(dataset.shape == [1, 6, 6])
    #expect(dataset.isCached)
    let named = warnings.all.map { String($0.path.dropFirst(folder.path.count + 1)) }
    #expect(named.count == 20)
    #expect(Set(named) == broken)
    #expect(warnings.all.allSatisfy { !$0.reason.isEmpty && !$0.reason.contains(folder.path) })
    let again = try Dataset([folder.path], options: options)
    for index in [0, 77, 179] {
      #expect(dataset.name(index) == again.name(index))
      #expect(try dataset.tensor(index) == again.tensor(index))
    }
  }

  @Test func beyondTheBudgetTheNextGoodPictureStandsIn() throws {
    let (folder, broken) = try Self.mixedFolder()
    let warnings = Warnings()
    let options = DatasetOptions(size: .scaled(width: 6, height: 6), cacheBudget: 36 * 50)
    let dataset = try Dataset([folder.path], options: options) { warnings.add($0) }
    #expect(!dataset.isCached)
    #expect(dataset.count > 180)
    func batches() throws -> [ExampleBatch] {
      let loader = BatchLoader(dataset, batchSize: 16, seed: 3, threads: 2)
      return try (0..<30).map { _ in try loader.next() }
    }
    let first = try batches()
    let second = try batches()
    #expect(zip(first, second).allSatisfy { $0.pixels == $1.pixels && $0.indices == $1.indices })
    let named = warnings.all.map { String($0.path.dropFirst(folder.path.count + 1)) }
    #expect(Set(named) == broken && named.count == 20)
    let whole = try Dataset(
      [folder.path], options: DatasetOptions(size: .scaled(width: 6, height: 6)))
    var pixels: [String: Tensor] = [:]
    for index in 0..<whole.count { pixels[whole.name(index)] = try whole.tensor(index) }
    for index in 0..<dataset.count {
      guard let expected = pixels[dataset.name(index)] else { continue }
      #expect(try dataset.tensor(index) == expected)
    }
  }

  @Test func mixedSizesNeedASize() throws {
    let (folder, _) = try Self.mixedFolder()
    let error = #expect(throws: MixedSizesError.self) { try Dataset([folder.path]) }
    #expect(error?.description.contains(" pixels, ") == true)
  }

  @Test func nothingUsableIsAnError() throws {
    let folder = try TemporaryFolder()
    #expect(throws: (any Error).self) { try Dataset([folder.path]) }
    try folder.write([1, 2, 3], "a.png")
    #expect(throws: (any Error).self) { try Dataset([folder.path]) }
    #expect(throws: (any Error).self) { try Dataset([folder.path + "/none"]) }
    #expect(throws: (any Error).self) { try Dataset([]) }
  }

  @Test func allFilesGoneIsAnErrorLater() throws {
    let folder = try TemporaryFolder()
    for name in ["a.png", "b.png"] { try folder.write(Image.filled(2, 2, [1]), name) }
    let dataset = try Dataset([folder.path], options: DatasetOptions(cacheBudget: 0))
    try FileManager.default.removeItem(atPath: folder.path + "/a.png")
    #expect(try dataset.tensor(0) == dataset.tensor(1))
    try FileManager.default.removeItem(atPath: folder.path + "/b.png")
    #expect(throws: (any Error).self) { try dataset.tensor(0) }
    let loader = BatchLoader(dataset, batchSize: 2, seed: 1)
    #expect(throws: (any Error).self) { try loader.next() }
  }

  @Test func colorIsFoundOut() throws {
    let folder = try TemporaryFolder()
    try folder.write(Image.filled(2, 2, [10]), "a.png")
    #expect(try Dataset([folder.path]).shape == [1, 2, 2])
    try folder.write(Image.filled(2, 2, [1, 2, 3]), "b.png")
    let dataset = try Dataset([folder.path])
    #expect(dataset.shape == [3, 2, 2])
    #expect(try dataset.tensor(0).elements.allSatisfy { $0 == 10 / 255 })
    #expect(try dataset.tensor(1).elements[4] == 2 / 255)
    let gray = try Dataset([folder.path], options: DatasetOptions(color: .gray))
    #expect(gray.shape == [1, 2, 2])
  }

  @Test func idxFilesCountByRecord() throws {
    let folder = try TemporaryFolder()
    try folder.write(IDXFileTests.gzip(IDXFileTests.idx([5, 2, 3])), "images.gz")
    try folder.write(IDXFileTests.idx([9], magic: [0, 0, 8, 1]), "labels")
    let warnings = Warnings()
    let dataset = try Dataset([folder.path]) { warnings.add($0) }
    #expect(dataset.count == 5 && dataset.shape == [1, 2, 3] && dataset.isCached)
    #expect(dataset.name(4).hasSuffix("images.gz#4"))
    #expect(try dataset.tensor(4).elements[0] == 24 / 255)
    #expect(warnings.all.count == 1)
    let scaled = try Dataset(
      [folder.path], options: DatasetOptions(size: .scaled(width: 4, height: 4), color: .rgb))
    #expect(scaled.count == 5 && scaled.shape == [3, 4, 4])
  }

  @Test func piecesComeFromPicturesOfAnySize() throws {
    let folder = try TemporaryFolder()
    for (index, size) in [(0, 9), (1, 12), (2, 3)] {
      try folder.write(Image.gray(size, size) { x, y in UInt8(20 * y + x) }, "\(index).png")
    }
    let warnings = Warnings()
    let dataset = try Dataset(
      [folder.path], options: DatasetOptions(size: .pieces(width: 4, height: 4))
    ) { warnings.add($0) }
    #expect(dataset.count == 2 && warnings.all.count == 1)
    let loader = BatchLoader(dataset, batchSize: 64, seed: 5)
    let batch = try loader.next()
    #expect(batch.pixels.shape == [64, 1, 4, 4])
    var corners: Set<Int> = []
    for item in 0..<64 {
      let piece = batch.pixels.slab(item).elements.map { Int(($0 * 255).rounded()) }
      corners.insert(piece[0])
      for y in 0..<4 { for x in 0..<4 { #expect(piece[4 * y + x] == piece[0] + 20 * y + x) } }
    }
    #expect(corners.count > 20)
  }
}
