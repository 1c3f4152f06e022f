import Pictures
import VAE

/// A part of a picture that a model goes down, from the top to the bottom.
struct Strip: Hashable, Sendable {
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

/// How a region of a picture is cut into strips, side by side. Strips begin at multiples of the model's alignment,
/// and their windows end a halo away or where the picture ends, so that every pixel sees the same.
struct Strips: Sendable {
  /// From left to right.
  let all: [Strip]

  /// - Parameters:
  ///   - region: what is to be restored; rounded outwards to the alignment.
  ///   - height: of the picture, a multiple of the alignment.
  ///   - width: of the picture, a multiple of the alignment.
  ///   - columns: of the widest core, in pixels; rounded up to the alignment.
  ///   - halo: a multiple of the alignment.
  init(_ region: Region, height: Int, width: Int, columns: Int, halo: Int, alignment: Int) {
    func units(_ pixels: Int) -> Int { (pixels + alignment - 1) / alignment }
    func window(_ core: Range<Int>, _ extent: Int) -> Range<Int> {
      max(0, core.lowerBound - halo)..<min(extent, core.upperBound + halo)
    }
    let (top, bottom) = (region.rows.lowerBound / alignment, units(region.rows.upperBound))
    let (first, last) = (region.columns.lowerBound / alignment, units(region.columns.upperBound))
    guard top < bottom && first < last else {
      all = []
      return
    }
    let rows = top * alignment..<bottom * alignment
    // Even parts, so that few differ in their extents.
    let parts = (last - first + units(max(columns, 1)) - 1) / units(max(columns, 1))
    let size = (last - first + parts - 1) / parts
    all = Swift.stride(from: first, to: last, by: size).map { start in
      let core = start * alignment..<min(start + size, last) * alignment
      return Strip(
        core: Region(rows: rows, columns: core),
        window: Region(rows: window(rows, height), columns: window(core, width)))
    }
  }
}
