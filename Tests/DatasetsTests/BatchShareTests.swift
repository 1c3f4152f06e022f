import Tensors
import Testing

@testable import Datasets

@Suite("shares of batches")
struct BatchShareTests {
  private func rows(_ tensor: Tensor?) -> [[Float]] {
    guard let tensor else { return [] }
    let length = tensor.shape.count / tensor.shape[0]
    return (0..<tensor.shape[0]).map {
      Array(tensor.elements[$0 * length..<($0 + 1) * length])
    }
  }

  @Test("cover a batch once", arguments: [1, 2, 3, 5])
  func partition(count: Int) {
    let shares = (0..<count).map { BatchShare(rank: $0, count: count) }
    for whole in [5, 6, 7, 12] {
      let covered = shares.flatMap { share in (0..<share.rows(of: whole)).map(share.row) }
      #expect(covered.sorted() == Array(0..<whole))
    }
  }

  @Test(
    "have the rows of the whole, whatever is drawn for each",
    arguments: [
      Augmentation(), Augmentation(symmetries: true, dequantization: true),
      Augmentation(horizontalFlip: true, binarization: .dynamic),
      Augmentation(binarization: .fixed), Augmentation(noise: 0.1),
    ])
  func plain(augmentation: Augmentation) throws {
    let dataset = try BatchLoaderTests.dataset()
    let whole = BatchLoader(dataset, batchSize: 6, seed: 2, augmentation: augmentation)
    for _ in 0..<3 {
      let batch = try whole.next()
      for count in [2, 3] {
        for rank in 0..<count {
          let share = BatchShare(rank: rank, count: count)
          let loader = BatchLoader(
            dataset, batchSize: 6, share: share, seed: 2, startStep: batch.step,
            augmentation: augmentation)
          let part = try loader.next()
          let places = (0..<6 / count).map(share.row)
          #expect(part.indices == places.map { batch.indices[$0] })
          #expect(rows(part.pixels) == places.map { rows(batch.pixels)[$0] })
        }
      }
    }
  }

  @Test("with damage, pieces of pictures in memory and on the disk", arguments: [1 << 20, 0])
  func damaged(cacheBudget: Int) throws {
    let folder = try DamageLoaderTests.folder()
    let dataset = try Dataset(
      [folder.path],
      options: DatasetOptions(size: .pieces(width: 16, height: 16), cacheBudget: cacheBudget))
    let wholes = try DamageLoaderTests.batches(dataset, to: 6)
    for rank in 0..<2 {
      let share = BatchShare(rank: rank, count: 2)
      let loader = BatchLoader(
        dataset, batchSize: 4, share: share, seed: 5, augmentation: Augmentation(symmetries: true),
        damage: .photograph, boundRows: 2)
      for whole in wholes {
        let part = try loader.next()
        for (mine, all) in [
          (part.pixels, whole.pixels), (part.observation, whole.observation),
          (part.maps, whole.maps),
        ] as [(Tensor?, Tensor?)] {
          #expect(rows(mine) == [rows(all)[share.row(0)], rows(all)[share.row(1)]])
        }
      }
    }
  }
}
