import Foundation
import ImageCodecs
import Tensors
import Testing

@testable import Datasets

/// Pieces of pictures that are not in memory, of which only a part is decoded.
@Suite struct PieceReadingTests {
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    func picture(_ width: Int, _ height: Int, _ model: Image.ColorModel) -> Image {
      let channels = model.channels
      return Image(
        width: width, height: height, colorModel: model,
        samples: .bits8(
          (0..<width * height * channels).map { index in
            let pixel = index / channels
            return UInt8((pixel % width * (3 + index % channels) ^ pixel / width * 5) & 255)
          }))
    }
    try folder.write(picture(1101, 40, .rgb), "a.jpg")
    try folder.write(picture(90, 1203, .gray), "b.jpg")
    try folder.write(picture(61, 47, .rgba), "c.png")
    try folder.write(picture(1002, 33, .gray), "d.png")
    return folder
  }

  private static func batches(
    _ dataset: Dataset, from step: Int = 0, to end: Int = 6, candidates: Int = 1,
    reduction: Double = 1
  ) throws -> [Tensor] {
    let loader = BatchLoader(
      dataset, batchSize: 8, seed: 3, startStep: step,
      augmentation: Augmentation(symmetries: true, candidates: candidates, reduction: reduction),
      threads: 2)
    return try (step..<end).map { _ in try loader.next().pixels }
  }

  @Test(arguments: [DatasetOptions.Color.gray, .rgb])
  func areThoseOfPicturesInMemory(color: DatasetOptions.Color) throws {
    let folder = try Self.folder()
    var options = DatasetOptions(
      size: .pieces(width: 16, height: 16), color: color, halved: .also, background: 0.25)
    let whole = try Dataset([folder.path], options: options)
    options.cacheBudget = 0
    let parts = try Dataset([folder.path], options: options)
    #expect(whole.isCached && !parts.isCached && whole.count == 7)
    for (candidates, reduction) in [(1, 1), (3, 1), (2, 2.5)] as [(Int, Double)] {
      #expect(
        try Self.batches(whole, candidates: candidates, reduction: reduction)
          == Self.batches(parts, candidates: candidates, reduction: reduction))
    }
  }

  /// A picture is empty but for a quarter of it: of four pieces the best one hardly ever is. None is chosen
  /// where the picture is no larger than a piece.
  @Test func theMostDetailedIsTaken() throws {
    let folder = try TemporaryFolder()
    let (width, height) = (160, 40)
    let bytes = (0..<width * height).map { pixel -> UInt8 in
      pixel % width < width / 4 && (pixel % width ^ pixel / width) & 1 == 1 ? 200 : 90
    }
    try folder.write(
      Image(width: width, height: height, colorModel: .gray, samples: .bits8(bytes)), "a.png")
    let dataset = try Dataset(
      [folder.path], options: DatasetOptions(size: .pieces(width: 8, height: 8)))
    func emptyShare(_ candidates: Int) throws -> Double {
      let pieces = try Self.batches(dataset, to: 50, candidates: candidates).flatMap { batch in
        stride(from: 0, to: batch.elements.count, by: 64).map { batch.elements[$0..<$0 + 64] }
      }
      return Double(pieces.filter { Set($0).count == 1 }.count) / Double(pieces.count)
    }
    // 113 of 153 places are empty.
    let (one, four) = (try emptyShare(1), try emptyShare(4))
    #expect(abs(one - 0.74) < 0.07, "\(one)")
    #expect(abs(four - 0.30) < 0.07, "\(four)")
  }

  /// On stripes that are two pixels wide a piece as it is has two levels; reduced, they become gray in between, up to
  /// where the picture is no larger than an example.
  @Test func piecesAreReduced() throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<64 * 40).map { UInt8($0 % 64 / 2 % 2 == 0 ? 40 : 200) }
    try folder.write(
      Image(width: 64, height: 40, colorModel: .gray, samples: .bits8(bytes)), "a.png")
    func contrasts(_ extent: Int, _ reduction: Double) throws -> [Float] {
      let dataset = try Dataset(
        [folder.path], options: DatasetOptions(size: .pieces(width: extent, height: extent)))
      return try Self.batches(dataset, reduction: reduction).flatMap { batch in
        let count = extent * extent
        return stride(from: 0, to: batch.elements.count, by: count).map {
          let piece = batch.elements[$0..<$0 + count]
          return (piece.max() ?? 0) - (piece.min() ?? 0)
        }
      }
    }
    #expect(try contrasts(16, 1).allSatisfy { abs($0 - 160.0 / 255) < 1e-6 })
    let reduced = try contrasts(8, 5)
    #expect(reduced.contains { $0 > 0.55 } && reduced.contains { $0 < 0.2 })
    #expect(try contrasts(40, 5).allSatisfy { abs($0 - 160.0 / 255) < 1e-6 })
  }

  /// A file is cut off below: its upper pieces can be read. What stands for the lower ones must not
  /// depend on what was read before, or a resumed run would see other pictures.
  @Test func damageDoesNotDependOnWhatWasReadBefore() throws {
    let folder = try Self.folder()
    let noise = (0..<200 * 400).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
    let jpeg = try ImageWriter.encode(
      Image(width: 200, height: 400, colorModel: .gray, samples: .bits8(noise)), format: .jpeg)
    try folder.write(Array(jpeg[..<(jpeg.count / 2)]), "0.jpg")
    let options = DatasetOptions(size: .pieces(width: 16, height: 16), cacheBudget: 0)
    let warnings = Warnings()
    let dataset = try Dataset([folder.path], options: options) { warnings.add($0) }
    let run = try Self.batches(dataset, to: 12)
    #expect(warnings.all.count == 1)
    let resumed = try Self.batches(try Dataset([folder.path], options: options), from: 5, to: 12)
    #expect(Array(run[5...]) == resumed)
  }
}
