import Pictures
import Tensors
import VAE

/// The noise of latents as a function of the place in the picture: the same whatever the tiles.
struct TileNoise: Hashable, Sendable {
  let seed: UInt64
  /// Which of the results that differ.
  let sample: Int
  /// How many times the picture was halved.
  let halvings: Int

  /// Fills `[1, c, h, w]` with standard normal numbers.
  ///
  /// - Parameters:
  ///   - grid: of a window's latents.
  ///   - level: from 0 at 1/2 of the picture.
  ///   - window: in pixels of the picture; begins at a multiple of the stride.
  func fill(
    _ buffer: UnsafeMutableBufferPointer<Float>, _ grid: RestorationWindow.Grid, level: Int,
    window: Region
  ) {
    let top = window.rows.lowerBound >> (level + 1) + grid.top
    let left = window.columns.lowerBound >> (level + 1) + grid.left
    // Normal numbers come in pairs.
    let lead = left & 1
    withUnsafeTemporaryAllocation(of: Float.self, capacity: grid.width + 1) { line in
      let line = UnsafeMutableBufferPointer(rebasing: line[..<(lead + grid.width)])
      var target = buffer.startIndex
      for channel in 0..<grid.channels {
        for row in 0..<grid.height {
          var random = RandomSource(
            seed: seed, stream: stream(level: level, channel: channel),
            position: UInt64(top + row) << 32 | UInt64(left - lead))
          random.fillNormal(line)
          _ = buffer[target...].update(fromContentsOf: line[lead...])
          target += grid.width
        }
      }
    }
  }

  /// One for every plane of numbers; the first bits keep it apart from other uses of the seed.
  private func stream(level: Int, channel: Int) -> UInt64 {
    RandomStreams.tiles | UInt64(halvings & 0x1f) << 43 | UInt64(level & 0x7) << 40
      | UInt64(channel & 0xfff) << 28 | UInt64(sample & 0xfff_ffff)
  }
}
