/// A rectangle of pixels.
public struct Region: Hashable, Sendable {
  public var rows: Range<Int>
  public var columns: Range<Int>

  @inlinable
  public init(rows: Range<Int>, columns: Range<Int>) {
    self.rows = rows
    self.columns = columns
  }

  /// A rectangle of these extents; a whole picture where no corner is given.
  @inlinable
  public init(top: Int = 0, left: Int = 0, height: Int, width: Int) {
    self.init(rows: top..<top + height, columns: left..<left + width)
  }

  @inlinable public var top: Int { rows.lowerBound }
  @inlinable public var left: Int { columns.lowerBound }
  @inlinable public var height: Int { rows.count }
  @inlinable public var width: Int { columns.count }
  /// The number of pixels.
  @inlinable public var area: Int { rows.count * columns.count }

  /// What both have in common; empty where that is nothing.
  public func clamped(to other: Region) -> Region {
    Region(rows: rows.clamped(to: other.rows), columns: columns.clamped(to: other.columns))
  }

  @inlinable
  public func contains(_ other: Region) -> Bool {
    rows.lowerBound <= other.rows.lowerBound && rows.upperBound >= other.rows.upperBound
      && columns.lowerBound <= other.columns.lowerBound
      && columns.upperBound >= other.columns.upperBound
  }

  /// This region counted from another's corner.
  public func relative(to other: Region) -> Region {
    let (top, left) = (other.rows.lowerBound, other.columns.lowerBound)
    return Region(
      rows: rows.lowerBound - top..<rows.upperBound - top,
      columns: columns.lowerBound - left..<columns.upperBound - left)
  }

  /// Where a pixel stands in a plane of the region.
  ///
  /// - Precondition: the pixel lies in the region.
  @inlinable
  public func offset(row: Int, column: Int) -> Int {
    (row &- rows.lowerBound) &* columns.count &+ (column &- columns.lowerBound)
  }
}
