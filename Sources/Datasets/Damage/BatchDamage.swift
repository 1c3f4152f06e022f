import Pictures
import Tensors

/// Damages the examples of a batch; determined by seed and step.
struct BatchDamage: Sendable {
  let sampler: DamageSampler
  /// How many examples, the first ones, may be hidden altogether.
  let boundRows: Int

  /// - Parameters:
  ///   - pixels: `[N, C, H, W]`; examples may be made gray.
  ///   - share: which examples of the batch they are.
  /// - Returns: the observation `[N, C, H, W]` and its maps `[N, 5, H, W]`.
  func apply(
    to pixels: inout Tensor, seed: UInt64, step: Int, share: BatchShare = .whole
  ) -> (observation: Tensor, maps: Tensor) {
    let rows = pixels.shape[0]
    var maps = Tensor([rows, ConditionMaps.count, pixels.shape[2], pixels.shape[3]])
    var observation = Tensor(pixels.shape)
    pixels.withMutablePlanes { pixels in
      observation.withMutablePlanes { observation in
        maps.withMutablePlanes { maps in
          for row in 0..<rows {
            let place = share.row(row)
            var random = RandomSource(
              seed: seed, stream: RandomStreams.observations | UInt64(truncatingIfNeeded: step),
              row: place)
            sampler.apply(
              clean: pixels.part(row, of: rows), observation: observation.part(row, of: rows),
              maps: maps.part(row, of: rows), allowsEverythingHidden: place < boundRows,
              using: &random)
          }
        }
      }
    }
    return (observation, maps)
  }
}

extension MutablePlaneView {
  /// One picture of several.
  fileprivate func part(_ index: Int, of count: Int) -> Self {
    planes(index * channels / count..<(index + 1) * channels / count)
  }
}
