import Tensors

/// Planes `[C, h, w]` of a region of a picture, in memory that is lent for the length of a call.
/// Rows are named by their places in the picture, and checked to lie within the region.
package struct PlaneView {
  package let channels: Int
  package let region: Region
  package let numbers: UnsafeBufferPointer<Float>

  /// - Precondition: there are as many numbers as the region has in its channels.
  @inlinable
  package init(_ numbers: UnsafeBufferPointer<Float>, channels: Int, region: Region) {
    precondition(numbers.count == channels * region.area, "planes of the region")
    (self.numbers, self.channels, self.region) = (numbers, channels, region)
  }

  /// A part of a row of one channel.
  @inlinable
  package func row(_ row: Int, columns: Range<Int>, channel: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(
      rebasing: numbers[Self.places(row, columns, channel, of: channels, in: region)])
  }

  /// Where a part of a row stands.
  @inlinable
  static func places(
    _ row: Int, _ columns: Range<Int>, _ channel: Int, of channels: Int, in region: Region
  ) -> Range<Int> {
    precondition(
      channel >= 0 && channel < channels
        && region.contains(Region(rows: row..<row + 1, columns: columns)), "a row of the planes")
    let start =
      channel &* region.area &+ region.offset(row: row, column: columns.lowerBound)
    return start..<start &+ columns.count
  }
}

/// As `PlaneView`, to be written.
package struct MutablePlaneView {
  package let channels: Int
  package let region: Region
  package let numbers: UnsafeMutableBufferPointer<Float>

  /// - Precondition: there are as many numbers as the region has in its channels.
  @inlinable
  package init(_ numbers: UnsafeMutableBufferPointer<Float>, channels: Int, region: Region) {
    precondition(numbers.count == channels * region.area, "planes of the region")
    (self.numbers, self.channels, self.region) = (numbers, channels, region)
  }

  /// A part of a row of one channel.
  @inlinable
  package func row(
    _ row: Int, columns: Range<Int>, channel: Int
  ) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(
      rebasing: numbers[PlaneView.places(row, columns, channel, of: channels, in: region)])
  }

  /// Takes a part of other planes.
  ///
  /// - Precondition: both have the part, and as many channels.
  @inlinable
  package func copy(_ part: Region, from source: PlaneView) {
    precondition(channels == source.channels, "planes of as many channels")
    for channel in 0..<channels {
      for row in part.rows {
        _ = self.row(row, columns: part.columns, channel: channel).update(
          fromContentsOf: source.row(row, columns: part.columns, channel: channel))
      }
    }
  }
}

extension Tensor {
  /// The whole of `[C, H, W]` as planes.
  package func withPlanes<R>(_ body: (PlaneView) throws -> R) rethrows -> R {
    try elements.withUnsafeBufferPointer {
      try body(
        PlaneView($0, channels: shape[0], region: Region(height: shape[1], width: shape[2])))
    }
  }

  /// The whole of `[C, H, W]` as planes.
  package mutating func withMutablePlanes<R>(
    _ body: (MutablePlaneView) throws -> R
  ) rethrows -> R {
    let (channels, region) = (shape[0], Region(height: shape[1], width: shape[2]))
    return try withUnsafeMutableElements {
      try body(MutablePlaneView($0, channels: channels, region: region))
    }
  }

  /// A rectangle of `[C, H, W]`.
  ///
  /// - Precondition: it lies within the picture.
  package func cropped(to part: Region) -> Tensor {
    if part.height == shape[1] && part.width == shape[2] { return self }
    return Tensor([shape[0], part.height, part.width]) { target in
      withPlanes { planes in
        MutablePlaneView(target, channels: shape[0], region: part).copy(part, from: planes)
      }
    }
  }
}
