import Pictures
import Tensors

/// Overlapping tiles of one size that cover a picture. Neighbors share at least a quarter of
/// their extent, where their results are blended linearly, so that no seam shows.
struct TileGrid {
  let width: Int
  let height: Int
  let tileWidth: Int
  let tileHeight: Int

  /// nil where the picture is smaller than a tile.
  init?(width: Int, height: Int, tileWidth: Int, tileHeight: Int) {
    guard width >= tileWidth && height >= tileHeight else { return nil }
    (self.width, self.height) = (width, height)
    (self.tileWidth, self.tileHeight) = (tileWidth, tileHeight)
  }

  /// Where tiles begin along an axis, evenly spaced, the first at 0 and the last at the end.
  static func starts(extent: Int, tile: Int) -> [Int] {
    guard extent > tile else { return [0] }
    let largestStride = max(1, tile - tile / 4)
    let count = (extent - tile + largestStride - 1) / largestStride
    return (0...count).map { $0 * (extent - tile) / count }
  }

  /// Row by row from the top left.
  private var tiles: [Region] {
    Self.starts(extent: height, tile: tileHeight).flatMap { top in
      Self.starts(extent: width, tile: tileWidth).map { left in
        Region(rows: top..<top + tileHeight, columns: left..<left + tileWidth)
      }
    }
  }

  /// Runs `body` on every tile of the layers and blends its results.
  ///
  /// - Parameter layers: `[C, H, W]` each.
  func map(_ layers: [Tensor], _ body: ([Tensor]) throws -> Tensor) throws -> Tensor {
    let across = Self.weights(tileWidth)
    let down = Self.weights(tileHeight)
    var sum: [Float] = []
    var total = [Float](repeating: 0, count: width * height)
    var channels = 0
    for tile in tiles {
      let result = try body(layers.map { $0.cropped(to: tile) })
      channels = result.shape[0]
      if sum.isEmpty { sum = [Float](repeating: 0, count: channels * width * height) }
      for (y, row) in tile.rows.enumerated() {
        for (x, column) in tile.columns.enumerated() {
          let weight = across[x] * down[y]
          let pixel = row * width + column
          total[pixel] += weight
          for channel in 0..<channels {
            sum[channel * width * height + pixel] +=
              weight * result[(channel * tileHeight + y) * tileWidth + x]
          }
        }
      }
    }
    for index in sum.indices { sum[index] /= total[index % (width * height)] }
    return Tensor([channels, height, width], sum)
  }

  /// Rising from each edge over a quarter of the tile to 1 in the middle.
  private static func weights(_ extent: Int) -> [Float] {
    let ramp = Float(max(1, extent / 4))
    return (0..<extent).map { place in
      min(1, (Float(min(place, extent - 1 - place)) + 0.5) / ramp)
    }
  }
}
