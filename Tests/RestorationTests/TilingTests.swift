import Pictures
import Testing

@testable import Restoration

@Suite struct TilingTests {
  @Test(arguments: [(8, 8), (8, 104), (240, 136), (512, 1016)], [1, 8, 50, 96, 512, 4000])
  func everyPixelIsRestoredOnceAndSeenWithItsHalo(_ extents: (Int, Int), _ tile: Int) {
    let (height, width) = extents
    let (halo, alignment) = (40, 8)
    let region = Region(rows: 0..<height, columns: 0..<width)
    let tiling = Tiling(
      region, height: height, width: width, tile: tile, halo: halo, alignment: alignment)
    var visits = [Int](repeating: 0, count: height * width)
    for part in tiling.tiles {
      let (core, window) = (part.core, part.window)
      for row in core.rows {
        for column in core.columns { visits[row * width + column] += 1 }
      }
      #expect(window == haloed(core, halo, in: region))
      for bound in [
        core.rows.lowerBound, core.rows.upperBound, core.columns.lowerBound,
        core.columns.upperBound, window.rows.lowerBound, window.columns.lowerBound,
      ] {
        #expect(bound % alignment == 0)
      }
      #expect(max(core.height, core.width) <= (tile + alignment - 1) / alignment * alignment)
    }
    #expect(visits.allSatisfy { $0 == 1 })
  }

  @Test func aPartOfAPictureIsCutAtTheAlignment() {
    let tiling = Tiling(
      Region(rows: 13..<30, columns: 0..<9), height: 64, width: 64, tile: 100, halo: 16,
      alignment: 8)
    #expect(
      tiling.tiles == [
        Tile(
          core: Region(rows: 8..<32, columns: 0..<16),
          window: Region(rows: 0..<48, columns: 0..<32))
      ])
  }

  private func haloed(_ core: Region, _ halo: Int, in all: Region) -> Region {
    Region(
      rows: core.rows.lowerBound - halo..<core.rows.upperBound + halo,
      columns: core.columns.lowerBound - halo..<core.columns.upperBound + halo
    ).clamped(to: all)
  }
}
