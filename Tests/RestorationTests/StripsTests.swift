import Pictures
import Testing

@testable import Restoration

@Suite struct StripsTests {
  @Test(arguments: [(8, 8), (8, 104), (240, 136), (512, 1016)], [1, 8, 50, 96, 512, 4000])
  func everyPixelIsRestoredOnceAndSeenWithItsHalo(_ extents: (Int, Int), _ columns: Int) {
    let (height, width) = extents
    let (halo, alignment) = (40, 8)
    let region = Region(rows: 0..<height, columns: 0..<width)
    let strips = Strips(
      region, height: height, width: width, columns: columns, halo: halo, alignment: alignment)
    var next = 0
    for strip in strips.all {
      #expect(strip.core.rows == region.rows && strip.core.left == next)
      next = strip.core.columns.upperBound
      let window = max(0, strip.core.left - halo)..<min(width, next + halo)
      #expect(strip.window == Region(rows: region.rows, columns: window))
      #expect(strip.core.left % alignment == 0 && window.lowerBound % alignment == 0)
      #expect(strip.core.width <= (columns + alignment - 1) / alignment * alignment)
    }
    #expect(next == width)
  }

  @Test func aPartOfAPictureIsCutAtTheAlignment() {
    let strips = Strips(
      Region(rows: 13..<30, columns: 0..<9), height: 64, width: 64, columns: 100, halo: 16,
      alignment: 8)
    #expect(
      strips.all == [
        Strip(
          core: Region(rows: 8..<32, columns: 0..<16),
          window: Region(rows: 0..<48, columns: 0..<32))
      ])
  }
}
