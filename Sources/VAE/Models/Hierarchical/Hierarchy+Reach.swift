import Graphs

/// How much of a picture a part of the result depends on, rounding errors included, where
/// convolutions on the finest grids are done by minimal filtering.
///
/// There a row of tiles of 4x4 cells depends on itself and the rows of tiles beside, so every
/// kernel reaches four cells. On coarser grids, where four cells are many pixels and little work is
/// done, kernels reach the one cell that they cover.
extension Hierarchy {
  /// Whether the convolutions of a level, from 0 at 1/2, keep to the cells under their kernels.
  static func isLocal(_ level: Int) -> Bool { level >= 2 }

  /// How many cells a 3x3 kernel reaches.
  private static func kernelReach(_ level: Int) -> Int {
    isLocal(level) ? 1 : MinimalFiltering.tile
  }

  /// Parts of a picture begin and end at multiples of this, in pixels, so that tiles of cells do:
  /// a multiple of `stride`.
  package var alignment: Int {
    (0..<levels).reduce(1) { max($0, Self.kernelReach($1) << ($1 + 1)) }
  }

  /// How far from an aligned part of the result, in pixels, lies what it depends on, when the
  /// latents are the prior's means or drawn from the prior: a part with a halo of this is exact. A
  /// multiple of `alignment`.
  package var halo: Int {
    // At the finest level one 3x3 kernel comes first and one last; every level has 2 kernels a
    // block in the observation's encoder and 4 in the decoder. From level to level, what is reached
    // grows to whole tiles of cells; a pixel shuffle moves nothing beyond its cell.
    var reach = 2 * (Self.kernelReach(0) << 1)
    for level in 0..<levels {
      let kernel = Self.kernelReach(level) << (level + 1)
      reach = Self.rounded(reach + 6 * blocks[level] * kernel, to: kernel)
    }
    return Self.rounded(reach, to: alignment) + alignment
  }

  /// How many cells around the core the decoder needs of a level, from 0 at 1/2, to begin with.
  func decoderReach(_ level: Int) -> Int {
    // One kernel of 3x3 comes last, and every block has two.
    (0...level).reduce(2 * Self.kernelReach(0)) { reach, level in
      let kernel = Self.kernelReach(level)
      return Self.rounded((reach + 1) / 2, to: kernel) + 4 * blocks[level] * kernel
    }
  }

  private static func rounded(_ count: Int, to unit: Int) -> Int {
    (count + unit - 1) / unit * unit
  }
}
