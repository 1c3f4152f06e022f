import ImageCodecs
import Tensors
import Testing

@testable import Datasets

@Suite struct DamageLoaderTests {
  static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for index in 0..<6 {
      try folder.write(Image.colored(24 + index, 30 - index, index), "\(index).png")
    }
    return folder
  }

  static func batches(
    _ dataset: Dataset, from start: Int = 0, to end: Int = 8, damage: DamageMixture? = .photograph,
    threads: Int = 1
  ) throws -> [ExampleBatch] {
    let loader = BatchLoader(
      dataset, batchSize: 4, seed: 5, startStep: start,
      augmentation: Augmentation(symmetries: true), damage: damage, boundRows: 2, threads: threads)
    return try (start..<end).map { _ in try loader.next() }
  }

  static func equal(_ a: ExampleBatch, _ b: ExampleBatch) -> Bool {
    a.step == b.step && a.indices == b.indices && a.pixels == b.pixels
      && a.observation == b.observation && a.maps == b.maps
  }

  @Test(arguments: [1 << 20, 0])
  func damageDependsOnTheStepAlone(cacheBudget: Int) throws {
    let folder = try Self.folder()
    let options = DatasetOptions(
      size: .pieces(width: 16, height: 16), cacheBudget: cacheBudget)
    let dataset = try Dataset([folder.path], options: options)
    #expect(dataset.isCached == (cacheBudget > 0))
    let batches = try Self.batches(dataset)
    for batch in batches {
      #expect(batch.pixels.shape == [4, 3, 16, 16])
      #expect(batch.observation?.shape == [4, 3, 16, 16])
      #expect(batch.maps?.shape == [4, 5, 16, 16])
    }
    // 0: on the thread that asks, as where no other is to be had.
    for threads in [0, 1, 3] {
      let again = try Self.batches(dataset, threads: threads)
      #expect(zip(batches, again).allSatisfy { Self.equal($0, $1) })
      let later = try Self.batches(dataset, from: 5, threads: threads)
      #expect(later.count == 3)
      #expect(zip(batches[5...], later).allSatisfy { Self.equal($0, $1) })
    }
    let other = try Self.batches(dataset, damage: .noise)
    #expect(zip(batches, other).contains { $0.observation != $1.observation })
  }

  @Test func onlyBoundRowsAreHiddenAltogether() throws {
    let folder = try Self.folder()
    let dataset = try Dataset(
      [folder.path], options: DatasetOptions(size: .pieces(width: 16, height: 16)))
    var hidden = [0, 0, 0, 0]
    for batch in try Self.batches(dataset, to: 100) {
      for row in 0..<4 {
        let maps = try #require(batch.maps).slab(row).elements
        if !maps[..<256].contains(1) { hidden[row] += 1 }
      }
    }
    #expect((30...70).contains(hidden[0]) && (30...70).contains(hidden[1]))
    #expect(hidden[2] == 0 && hidden[3] == 0)
  }

  @Test func withoutDamageThereIsNoObservation() throws {
    let folder = try Self.folder()
    let dataset = try Dataset(
      [folder.path], options: DatasetOptions(size: .pieces(width: 16, height: 16)))
    let batch = try Self.batches(dataset, damage: nil)[0]
    #expect(batch.observation == nil && batch.maps == nil)
  }

  @Test func symmetriesAreEightForSquares() throws {
    #expect(try Self.corners(height: 5, width: 5).count == 8)
    #expect(try Self.corners(height: 5, width: 4).count == 4)
  }

  /// The different arrangements of one picture's pixels that loading gives.
  static func corners(height: Int, width: Int) throws -> Set<[Float]> {
    let folder = try TemporaryFolder()
    let image = Image.gray(width, height) { x, y in UInt8(10 * y + x) }
    try folder.write(image, "a.png")
    let dataset = try Dataset([folder.path])
    let loader = BatchLoader(
      dataset, batchSize: 100, seed: 1, augmentation: Augmentation(symmetries: true))
    let batch = try loader.next()
    let arrangements = Set((0..<100).map { batch.pixels.slab($0).elements })
    let sorted = try dataset.tensor(0).elements.sorted()
    #expect(arrangements.allSatisfy { $0.sorted() == sorted })
    return arrangements
  }

  @Test func largePicturesStandAtHalfSizeToo() throws {
    let folder = try TemporaryFolder()
    let large = Image.gray(1101, 21) { x, _ in UInt8(x / 5) }
    try folder.write(large, "a.png")
    try folder.write(Image.gray(1000, 8) { _, _ in 3 }, "b.png")
    try folder.write(Image.gray(1001, 8) { _, _ in 3 }, "c.png")
    var options = DatasetOptions(size: .pieces(width: 8, height: 8))
    #expect(try Dataset([folder.path], options: options).count == 3)
    options.halved = .also
    for cacheBudget in [1 << 20, 0] {
      options.cacheBudget = cacheBudget
      let dataset = try Dataset([folder.path], options: options)
      #expect(dataset.count == 4)
      var halves = options
      halves.halved = .only
      #expect(try Dataset([folder.path], options: halves).count == 2)
      #expect(dataset.name(1) == dataset.name(0) + " at half size")
      let half = try dataset.sample(1)
      #expect((half.width, half.height) == (550, 10))
      half.withBytes { bytes in
        for x in 4..<546 { #expect(abs(Int(bytes[5 * 550 + x]) - x * 2 / 5) <= 1) }
      }
    }
  }

  @Test func damagedFilesAreToldOfOnce() throws {
    let folder = try TemporaryFolder()
    let png = try ImageWriter.encode(Image.gray(1200, 9) { x, y in UInt8(x & y) }, format: .png)
    try folder.write(Array(png[..<(png.count - 20)]), "a.png")
    try folder.write(Image.gray(20, 20) { _, _ in 3 }, "b.png")
    for cacheBudget in [1 << 20, 0] {
      let warnings = Warnings()
      let options = DatasetOptions(
        size: .pieces(width: 4, height: 4), halved: .also, cacheBudget: cacheBudget)
      let dataset = try Dataset([folder.path], options: options) { warnings.add($0) }
      for index in 0..<dataset.count { _ = try dataset.sample(index) }
      #expect(warnings.all.count == 1)
    }
  }
}

extension Image {
  /// A color ramp.
  static func colored(_ width: Int, _ height: Int, _ seed: Int) -> Image {
    Image(
      width: width, height: height, colorModel: .rgb,
      samples: .bits8((0..<width * height * 3).map { UInt8(($0 * (7 + seed)) & 255) }))
  }
}
