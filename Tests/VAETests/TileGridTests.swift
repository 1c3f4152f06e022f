import Tensors
import Testing

@testable import VAE

@Suite("overlapping tiles")
struct TileGridTests {
  @Test("tiles cover everything, overlap, and lose nothing", arguments: [8, 9, 13, 31, 40])
  func tiles(extent: Int) throws {
    let starts = TileGrid.starts(extent: extent, tile: 8)
    #expect(starts.first == 0 && starts.last == extent - 8)
    for (a, b) in zip(starts, starts.dropFirst()) { #expect(a < b && b - a <= 6) }
    let picture = Tensor([2, extent, 11], (0..<22 * extent).map { Float($0) })
    let grid = try #require(
      TileGrid(width: 11, height: extent, tileWidth: 8, tileHeight: 8))
    let same = try grid.map([picture]) { layers in
      #expect(layers[0].shape == [2, 8, 8])
      return layers[0]
    }
    #expect(same.shape == picture.shape)
    for (a, b) in zip(same.elements, picture.elements) { #expect(abs(a - b) < 1e-3) }
    #expect(TileGrid(width: 7, height: 9, tileWidth: 8, tileHeight: 8) == nil)
  }
}
