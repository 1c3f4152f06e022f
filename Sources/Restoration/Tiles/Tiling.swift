import Pictures
import VAE

/// A part of a picture that a model is run on at once.
struct Tile: Hashable, Sendable {
  /// What is restored.
  let core: Region
  /// What is looked at.
  let window: Region

  var restorationWindow: RestorationWindow {
    RestorationWindow(
      height: window.height, width: window.width,
      margins: RestorationWindow.Margins(
        top: core.rows.lowerBound - window.rows.lowerBound,
        bottom: window.rows.upperBound - core.rows.upperBound,
        left: core.columns.lowerBound - window.columns.lowerBound,
        right: window.columns.upperBound - core.columns.upperBound))
  }
}

/// How a region of a picture is cut into tiles. Tiles begin at multiples of the model's alignment, and
/// their windows end a halo away or where the picture ends, so that every pixel sees the same.
struct Tiling: Sendable {
  /// Row by row from the top left.
  let tiles: [Tile]

  /// - Parameters:
  ///   - region: what is to be restored; rounded outwards to the alignment.
  ///   - height: of the picture, a multiple of the alignment.
  ///   - width: of the picture, a multiple of the alignment.
  ///   - tile: the longest side of a core, in pixels; rounded up to the alignment.
  ///   - halo: a multiple of the alignment.
  init(_ region: Region, height: Int, width: Int, tile: Int, halo: Int, alignment: Int) {
    let rows = Self.cut(region.rows, extent: height, tile: tile, halo: halo, alignment: alignment)
    let columns = Self.cut(
      region.columns, extent: width, tile: tile, halo: halo, alignment: alignment)
    tiles = rows.flatMap { row in
      columns.map { column in
        Tile(
          core: Region(rows: row.core, columns: column.core),
          window: Region(rows: row.window, columns: column.window))
      }
    }
  }

  /// Even parts of a side, so that few differ in their extents.
  private static func cut(
    _ range: Range<Int>, extent: Int, tile: Int, halo: Int, alignment: Int
  ) -> [(core: Range<Int>, window: Range<Int>)] {
    func units(_ pixels: Int) -> Int { (pixels + alignment - 1) / alignment }
    let (first, last) = (range.lowerBound / alignment, units(range.upperBound))
    guard first < last else { return [] }
    let parts = (last - first + units(max(tile, 1)) - 1) / units(max(tile, 1))
    let size = (last - first + parts - 1) / parts
    return Swift.stride(from: first, to: last, by: size).map { start in
      let core = start * alignment..<min(start + size, last) * alignment
      return (core, max(0, core.lowerBound - halo)..<min(extent, core.upperBound + halo))
    }
  }
}
