/// How stored pixels are to be turned for display (EXIF 2.3, tag 0x0112).
package enum Orientation: Int, Hashable, Sendable, CaseIterable {
  case upright = 1
  case flippedHorizontally = 2
  case rotatedHalf = 3
  case flippedVertically = 4
  case transposed = 5
  /// To be turned clockwise by a quarter.
  case rotatedRight = 6
  case transversed = 7
  /// To be turned anticlockwise by a quarter.
  case rotatedLeft = 8

  /// Whether applying it exchanges width and height.
  package var swapsAxes: Bool { rawValue >= 5 }

  /// Where a stored pixel is displayed.
  ///
  /// - Parameters:
  ///   - width: of the stored picture.
  ///   - height: of the stored picture.
  package func displayed(
    row: Int, column: Int, width: Int, height: Int
  ) -> (row: Int, column: Int) {
    let (right, bottom) = (width - 1 - column, height - 1 - row)
    return switch self {
    case .upright: (row, column)
    case .flippedHorizontally: (row, right)
    case .rotatedHalf: (bottom, right)
    case .flippedVertically: (bottom, column)
    case .transposed: (column, row)
    case .rotatedRight: (column, bottom)
    case .transversed: (right, bottom)
    case .rotatedLeft: (right, row)
    }
  }
}

extension Image {
  /// The picture as `orientation` says its stored pixels are to be displayed.
  package func applying(_ orientation: Orientation) -> Image {
    if orientation == .upright { return self }
    let turned: Samples =
      switch samples {
      case .bits8(let s): .bits8(turn(s, orientation))
      case .bits16(let s): .bits16(turn(s, orientation))
      }
    var metadata = metadata
    if orientation.swapsAxes { metadata.transposeResolution() }
    return Image(
      width: orientation.swapsAxes ? height : width,
      height: orientation.swapsAxes ? width : height,
      colorModel: colorModel, samples: turned, metadata: metadata)
  }

  /// Walks the target row by row; the source position is a corner plus a step per target column
  /// and a step per target row.
  private func turn<Sample: FixedWidthInteger>(
    _ source: [Sample], _ orientation: Orientation
  ) -> [Sample] {
    let right = 1
    let down = width
    let start: Int
    let columnStep: Int
    let rowStep: Int
    switch orientation {
    case .upright: (start, columnStep, rowStep) = (0, right, down)
    case .flippedHorizontally: (start, columnStep, rowStep) = (width - 1, -right, down)
    case .rotatedHalf: (start, columnStep, rowStep) = (width * height - 1, -right, -down)
    case .flippedVertically: (start, columnStep, rowStep) = (down * (height - 1), right, -down)
    case .transposed: (start, columnStep, rowStep) = (0, down, right)
    case .rotatedRight: (start, columnStep, rowStep) = (down * (height - 1), -down, right)
    case .transversed: (start, columnStep, rowStep) = (width * height - 1, -down, -right)
    case .rotatedLeft: (start, columnStep, rowStep) = (width - 1, down, -right)
    }
    let channels = colorModel.channels
    let columns = orientation.swapsAxes ? height : width
    let rows = orientation.swapsAxes ? width : height
    return source.withUnsafeBufferPointer { source in
      [Sample](unsafeUninitializedCapacity: source.count) { target, count in
        var position = 0
        for row in 0..<rows {
          var pixel = start + row * rowStep
          for _ in 0..<columns {
            for channel in 0..<channels {
              target.initializeElement(at: position, to: source[pixel * channels + channel])
              position += 1
            }
            pixel += columnStep
          }
        }
        count = position
      }
    }
  }
}

extension Metadata {
  /// Tells the resolution of a picture whose columns have become rows.
  fileprivate mutating func transposeResolution() {
    resolution = resolution?.transposed
    if var block = exif {
      EXIF.transposeResolution(of: &block)
      exif = block
    }
    for index in text.indices where text[index].keyword == XMP.keyword {
      text[index].value = XMP.transposingResolution(text[index].value)
    }
  }
}
