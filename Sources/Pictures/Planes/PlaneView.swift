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

  /// `[C, H, W]`, or `[N, C, H, W]` picture after picture.
  @inlinable
  package init(_ numbers: UnsafeMutableBufferPointer<Float>, _ shape: Shape) {
    self.init(
      numbers, channels: shape.dimensions.dropLast(2).reduce(1, *),
      region: Region(height: shape[shape.rank - 2], width: shape[shape.rank - 1]))
  }

  /// Numbers in a row.
  @inlinable
  package init(row numbers: UnsafeMutableBufferPointer<Float>) {
    self.init(numbers, channels: 1, region: Region(height: 1, width: numbers.count))
  }

  @inlinable
  package var count: Int { numbers.count }

  /// The places of all numbers, counted from the first channel's first.
  @inlinable
  package var indices: Range<Int> { 0..<numbers.count }

  /// A number, by its place.
  @inlinable
  package subscript(place: Int) -> Float {
    get {
      precondition(place >= 0 && place < numbers.count, "a place in the planes")
      return numbers[place]
    }
    nonmutating set {
      precondition(place >= 0 && place < numbers.count, "a place in the planes")
      numbers[place] = newValue
    }
  }

  /// Some of the channels.
  @inlinable
  package func planes(_ range: Range<Int>) -> MutablePlaneView {
    precondition(range.lowerBound >= 0 && range.upperBound <= channels, "channels of the planes")
    return MutablePlaneView(
      UnsafeMutableBufferPointer(
        rebasing: numbers[range.lowerBound * region.area..<range.upperBound * region.area]),
      channels: range.count, region: region)
  }

  /// One channel.
  @inlinable
  package func plane(_ channel: Int) -> MutablePlaneView { planes(channel..<channel + 1) }

  /// To be read only.
  @inlinable
  package var readOnly: PlaneView {
    PlaneView(UnsafeBufferPointer(numbers), channels: channels, region: region)
  }

  @inlinable
  package func fill(with number: Float) { numbers.update(repeating: number) }

  /// Takes as many numbers.
  @inlinable
  package func copy(_ source: [Float]) {
    precondition(source.count == count, "numbers for the planes")
    _ = numbers.update(fromContentsOf: source)
  }

  /// Lends planes of zeros.
  @inlinable
  package static func withTemporary<R>(
    channels: Int = 1, height: Int, width: Int, _ body: (MutablePlaneView) throws -> R
  ) rethrows -> R {
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: channels * height * width) {
      $0.initialize(repeating: 0)
      return try body(
        MutablePlaneView(
          $0, channels: channels, region: Region(height: height, width: width)))
    }
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

extension PlaneView {
  @inlinable
  package var count: Int { numbers.count }

  /// A number, by its place from the first channel's first.
  @inlinable
  package subscript(place: Int) -> Float {
    precondition(place >= 0 && place < numbers.count, "a place in the planes")
    return numbers[place]
  }
}

extension [Float] {
  /// The first of these numbers as planes.
  ///
  /// - Precondition: there are as many.
  package mutating func withMutablePlanes<R>(
    channels: Int, _ region: Region, _ body: (MutablePlaneView) throws -> R
  ) rethrows -> R {
    try withUnsafeMutableBufferPointer {
      try body(
        MutablePlaneView(
          UnsafeMutableBufferPointer(rebasing: $0[..<(channels * region.area)]),
          channels: channels, region: region))
    }
  }

  /// All of these numbers as planes.
  package func withPlanes<R>(
    channels: Int, _ region: Region, _ body: (PlaneView) throws -> R
  ) rethrows -> R {
    try withUnsafeBufferPointer {
      try body(PlaneView($0, channels: channels, region: region))
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

  /// The whole of `[C, H, W]`, or of `[N, C, H, W]` picture after picture, as planes.
  package mutating func withMutablePlanes<R>(
    _ body: (MutablePlaneView) throws -> R
  ) rethrows -> R {
    let shape = shape
    return try withUnsafeMutableElements { try body(MutablePlaneView($0, shape)) }
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
