/// A rectangle of pixels.
package struct Region: Hashable, Sendable {
  package var rows: Range<Int>
  package var columns: Range<Int>

  @inlinable
  package init(rows: Range<Int>, columns: Range<Int>) {
    self.rows = rows
    self.columns = columns
  }

  /// A rectangle of these extents; a whole picture where no corner is given.
  @inlinable
  package init(top: Int = 0, left: Int = 0, height: Int, width: Int) {
    self.init(rows: top..<top + height, columns: left..<left + width)
  }

  @inlinable package var top: Int { rows.lowerBound }
  @inlinable package var left: Int { columns.lowerBound }
  @inlinable package var height: Int { rows.count }
  @inlinable package var width: Int { columns.count }
  /// The number of pixels.
  @inlinable package var area: Int { rows.count * columns.count }

  /// What both have in common; empty where that is nothing.
  package func clamped(to other: Region) -> Region {
    Region(rows: rows.clamped(to: other.rows), columns: columns.clamped(to: other.columns))
  }

  @inlinable
  package func contains(_ other: Region) -> Bool {
    rows.lowerBound <= other.rows.lowerBound && rows.upperBound >= other.rows.upperBound
      && columns.lowerBound <= other.columns.lowerBound
      && columns.upperBound >= other.columns.upperBound
  }

  /// This region counted from another's corner.
  package func relative(to other: Region) -> Region {
    let (top, left) = (other.rows.lowerBound, other.columns.lowerBound)
    return Region(
      rows: rows.lowerBound - top..<rows.upperBound - top,
      columns: columns.lowerBound - left..<columns.upperBound - left)
  }

  /// The region so many rows further down and columns further right.
  package func moved(down: Int, right: Int) -> Region {
    Region(
      rows: rows.lowerBound + down..<rows.upperBound + down,
      columns: columns.lowerBound + right..<columns.upperBound + right)
  }

  /// Where a pixel stands in a plane of the region.
  ///
  /// - Precondition: the pixel lies in the region.
  @inlinable
  package func offset(row: Int, column: Int) -> Int {
    (row &- rows.lowerBound) &* columns.count &+ (column &- columns.lowerBound)
  }
}
