import Pictures

/// The brightness around every pixel of a picture: means of squares of 32 x 32 pixels, linear in
/// between.
package struct BrightnessGrid: Sendable {
  static let cell = 32
  private let rows: Int
  private let columns: Int
  /// `[rows, columns]`
  private var means: [Float]

  /// - Parameters:
  ///   - region: all of the picture.
  ///   - read: writes a region, `[channels, h, w]` in about [0, 1].
  package init(
    of region: Region, channels: Int,
    read: (MutablePlaneView) throws -> Void
  ) rethrows {
    let cell = Self.cell
    rows = (region.height + cell - 1) / cell
    columns = (region.width + cell - 1) / cell
    means = []
    var pixels = [Float](repeating: 0, count: channels * cell * region.width)
    for row in 0..<rows {
      let lines = row * cell..<min((row + 1) * cell, region.height)
      let band = Region(rows: lines, columns: region.columns)
      let sums = try pixels.withMutablePlanes(channels: channels, band) { pixels -> [Float] in
        try read(pixels)
        var sums = [Float](repeating: 0, count: columns)
        for index in pixels.indices { sums[index % region.width / cell] += pixels[index] }
        return sums
      }
      for (column, sum) in sums.enumerated() {
        let width = min(cell, region.width - column * cell)
        means.append(sum / Float(channels * lines.count * width))
      }
    }
  }

  /// Gives the brightness of a row's pixels, in 0...1 as the picture's samples are.
  ///
  /// - Parameter body: takes a pixel's place in the row's part, from 0, and its brightness.
  package func forEach(
    row: Int, columns range: Range<Int>, _ body: (_ index: Int, _ brightness: Float) -> Void
  ) {
    let (upper, lower, down) = Self.place(row, rows)
    for (index, column) in range.enumerated() {
      let (left, right, across) = Self.place(column, columns)
      let top =
        means[upper * columns + left] * (1 - across) + means[upper * columns + right] * across
      let bottom =
        means[lower * columns + left] * (1 - across) + means[lower * columns + right] * across
      body(index, top + down * (bottom - top))
    }
  }

  private static func place(_ pixel: Int, _ count: Int) -> (Int, Int, Float) {
    let position = min(max((Float(pixel) + 0.5) / Float(cell) - 0.5, 0), Float(count - 1))
    let low = Int(position)
    return (low, min(low + 1, count - 1), position - Float(low))
  }
}
