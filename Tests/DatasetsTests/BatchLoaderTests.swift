import Pictures
import Tensors
import Testing

@testable import Datasets

@Suite struct BatchLoaderTests {
  static func dataset() throws -> Dataset {
    let folder = try TemporaryFolder()
    try folder.write(IDXFileTests.idx([7, 4, 4]), "images")
    return try Dataset([folder.file("images")])
  }

  @Test func everyEpochSeesEveryExampleOnce() {
    let order = IndexOrder(count: 10, seed: 4)
    let drawn = (0..<10).flatMap { order.positions(step: $0, batchSize: 3) }
    for epoch in 0..<3 {
      #expect(drawn[epoch * 10..<(epoch + 1) * 10].sorted() == Array(0..<10))
    }
    #expect(drawn[..<10] != drawn[10..<20])
    #expect(order.positions(step: 7, batchSize: 3) == Array(drawn[21..<24]))
    #expect(IndexOrder(count: 10, seed: 5).permutation(epoch: 0) != order.permutation(epoch: 0))
    #expect(order.positions(step: 0, batchSize: 25).count == 25)
  }

  /// Fisher and Yates over Philox4x32-10 with key 1 and stream 0x4F52444500000000 + epoch, as an
  /// independent program in Python gives it. A change breaks the resumption of checkpoints.
  @Test func orderDoesNotChangeBetweenVersions() {
    #expect(IndexOrder(count: 8, seed: 1).permutation(epoch: 0) == [5, 1, 6, 7, 3, 0, 2, 4])
    #expect(IndexOrder(count: 8, seed: 1).permutation(epoch: 1) == [5, 6, 2, 4, 1, 3, 0, 7])
  }

  @Test func splitIsAPartition() throws {
    let split = IndexOrder.split(count: 100, validationShare: 0.1, seed: 9)
    #expect(split.validation.count == 10)
    #expect((split.training + split.validation).sorted() == Array(0..<100))
    #expect(split.training == split.training.sorted())
    #expect(IndexOrder.split(count: 100, validationShare: 0.1, seed: 9) == split)
    #expect(IndexOrder.split(count: 100, validationShare: 0.1, seed: 8) != split)
    #expect(IndexOrder.split(count: 3, validationShare: 0.01, seed: 1).validation.count == 1)
    #expect(IndexOrder.split(count: 3, validationShare: 1, seed: 1).training.count == 1)
    #expect(IndexOrder.split(count: 1, validationShare: 0.5, seed: 1).validation.isEmpty)
    #expect(IndexOrder.split(count: 5, validationShare: 0, seed: 1).validation.isEmpty)
  }

  @Test(arguments: [
    Augmentation(), Augmentation(horizontalFlip: true), Augmentation(dequantization: true),
    Augmentation(binarization: .dynamic), Augmentation(binarization: .fixed),
    Augmentation(noise: 0.1),
  ])
  func startsAtAnyStep(augmentation: Augmentation) throws {
    let dataset = try Self.dataset()
    let loader = BatchLoader(dataset, batchSize: 3, seed: 2, augmentation: augmentation)
    let batches = try (0..<6).map { _ in try loader.next() }
    let later = BatchLoader(
      dataset, batchSize: 3, seed: 2, startStep: 4, augmentation: augmentation)
    for step in 4..<6 {
      let batch = try later.next()
      #expect(batch.step == step)
      #expect(batch.pixels == batches[step].pixels)
    }
    #expect(batches[0].pixels != batches[1].pixels)
  }

  @Test(arguments: [Augmentation(), Augmentation(binarization: .dynamic)])
  func putsBatchesWhereTheyAreWanted(augmentation: Augmentation) throws {
    let dataset = try Self.dataset()
    let whole = BatchLoader(dataset, batchSize: 3, seed: 5, augmentation: augmentation)
    let direct = BatchLoader(dataset, batchSize: 3, seed: 5, augmentation: augmentation)
    for _ in 0..<4 {
      var pixels = Tensor(Shape([3] + dataset.shape.dimensions), repeating: .nan)
      #expect(try pixels.withMutablePlanes { try direct.next(into: $0) })
      #expect(try pixels.elements == whole.next().pixels.elements)
    }
  }

  @Test func drawsOnlyFromTheIndices() throws {
    let loader = BatchLoader(try Self.dataset(), indices: [1, 5], batchSize: 4, seed: 2)
    let batch = try loader.next()
    #expect(batch.indices.sorted() == [1, 1, 5, 5])
    for (item, index) in batch.indices.enumerated() {
      #expect(batch.pixels.slab(item).elements == (0..<16).map { Float(index * 16 + $0) / 255 })
    }
  }

  @Test func augmentationsHaveTheirDistributions() throws {
    let dataset = try Self.dataset()
    let binary = BatchLoader(
      dataset, batchSize: 7, seed: 1, augmentation: Augmentation(binarization: .dynamic))
    let noisy = BatchLoader(
      dataset, batchSize: 7, seed: 1, augmentation: Augmentation(dequantization: true))
    var sums = [Float](repeating: 0, count: 112)
    for _ in 0..<800 {
      let batch = try binary.next()
      for (item, index) in batch.indices.enumerated() {
        for (pixel, value) in batch.pixels.slab(item).elements.enumerated() {
          #expect(value == 0 || value == 1)
          sums[index * 16 + pixel] += value
        }
      }
      let levels = try noisy.next()
      for (item, index) in levels.indices.enumerated() {
        for (pixel, value) in levels.pixels.slab(item).elements.enumerated() {
          #expect(Int(value * 256) == index * 16 + pixel)
        }
      }
    }
    for (level, sum) in sums.enumerated() { #expect(abs(sum / 800 - Float(level) / 255) < 0.09) }
    #expect(sums[0] == 0)
  }

  /// Every picture is drawn once: the same at all steps, by the seed, with the right share of white.
  @Test func fixedBinarization() throws {
    let dataset = try Self.dataset()
    let pictures = try binarizedOnce(dataset, seed: 1, step: 0)
    #expect(try binarizedOnce(dataset, seed: 1, step: 5) == pictures)
    #expect(try binarizedOnce(dataset, seed: 2, step: 0) != pictures)
    #expect(pictures.joined().allSatisfy { $0 == 0 || $0 == 1 })
    let white = pictures.joined().reduce(0, +)
    let expected = (0..<112).reduce(Float(0)) { $0 + Float($1) / 255 }
    #expect(abs(white - expected) < 16)
  }

  /// The pictures in their order, from one step's batch.
  private func binarizedOnce(_ dataset: Dataset, seed: UInt64, step: Int) throws -> [[Float]] {
    let loader = BatchLoader(
      dataset, batchSize: 7, seed: seed, startStep: step,
      augmentation: Augmentation(binarization: .fixed))
    let batch = try loader.next()
    return batch.indices.enumerated().sorted { $0.element < $1.element }
      .map { batch.pixels.slab($0.offset).elements }
  }

  @Test func threshold() throws {
    let loader = BatchLoader(
      try Self.dataset(), batchSize: 7, seed: 1,
      augmentation: Augmentation(binarization: .threshold(40)))
    let batch = try loader.next()
    for (item, index) in batch.indices.enumerated() {
      for (pixel, value) in batch.pixels.slab(item).elements.enumerated() {
        #expect(value == (index * 16 + pixel >= 40 ? 1 : 0))
      }
    }
  }

  @Test func noise() throws {
    let dataset = try Self.dataset()
    let loader = BatchLoader(
      dataset, batchSize: 7, seed: 1, augmentation: Augmentation(noise: 0.05))
    var (sum, squares, count) = (0.0, 0.0, 0.0)
    for _ in 0..<50 {
      let batch = try loader.next()
      #expect(batch.pixels.elements.allSatisfy { (0...1).contains($0) })
      // Bright enough to be clear of black.
      for (item, index) in batch.indices.enumerated() where index >= 4 {
        for (pixel, value) in batch.pixels.slab(item).elements.enumerated() {
          let error = Double(value) - Double(index * 16 + pixel) / 255
          (sum, squares, count) = (sum + error, squares + error * error, count + 1)
        }
      }
    }
    #expect(abs(sum / count) < 0.005)
    #expect(abs((squares / count).squareRoot() - 0.05) < 0.003)
  }

  @Test func mirrorsHalfOfThem() throws {
    let dataset = try Self.dataset()
    let loader = BatchLoader(
      dataset, batchSize: 100, seed: 1, augmentation: Augmentation(horizontalFlip: true))
    let batch = try loader.next()
    var mirrored = 0
    for (item, index) in batch.indices.enumerated() {
      let first = Int((batch.pixels.slab(item).elements[0] * 255).rounded())
      #expect(first == index * 16 || first == index * 16 + 3)
      if first != index * 16 { mirrored += 1 }
    }
    #expect((30...70).contains(mirrored))
  }
}
