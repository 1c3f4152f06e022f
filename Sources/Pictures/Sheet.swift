import ImageCodecs
import Tensors

/// Pictures of one size side by side in a larger one.
package struct Sheet: Hashable {
  package let columns: Int
  package let rows: Int
  /// Pixels between neighbors, white.
  package var gap = 0

  package init(columns: Int, rows: Int, gap: Int = 0) {
    (self.columns, self.rows, self.gap) = (columns, rows, gap)
  }

  package var capacity: Int { columns * rows }

  /// The pictures row by row; cells without one stay white.
  ///
  /// What all their files say alike stays.
  ///
  /// - Parameter pictures: at least one and at most `capacity`, opaque, of one shape.
  /// - Throws: `PictureError` where they do not fit.
  package func composed(_ pictures: [Picture]) throws -> Picture {
    guard let first = pictures.first else {
      throw PictureError.emptySheet
    }
    guard pictures.count <= capacity else {
      throw PictureError.fullSheet(columns: columns, rows: rows, found: pictures.count)
    }
    let shape = first.pixels.shape
    if let other = pictures.map(\.pixels).first(where: { $0.shape != shape }) {
      throw PictureError.mixedShapes(shape, other.shape)
    }
    let (channels, height, width) = (shape[0], shape[1], shape[2])
    let sheetWidth = columns * width + (columns - 1) * gap
    let sheetHeight = rows * height + (rows - 1) * gap
    guard Double(sheetWidth) * Double(sheetHeight) <= 1e9 else {
      throw PictureError.largeSheet(width: sheetWidth, height: sheetHeight)
    }
    var sheet = Tensor([channels, sheetHeight, sheetWidth], repeating: 1)
    for (index, picture) in pictures.enumerated() {
      let left = index % columns * (width + gap)
      let top = index / columns * (height + gap)
      let cell = Region(rows: top..<top + height, columns: left..<left + width)
      sheet.withMutablePlanes { target in
        picture.pixels.elements.withUnsafeBufferPointer {
          target.copy(cell, from: PlaneView($0, channels: channels, region: cell))
        }
      }
    }
    return Picture(
      pixels: sheet,
      depth: pictures.map(\.depth).max() ?? 8,
      metadata: pictures.dropFirst().reduce(first.metadata) { $0.common(with: $1.metadata) })
  }
}

extension Metadata {
  /// What two files say alike.
  fileprivate func common(with other: Metadata) -> Metadata {
    var common = self
    if other.iccProfile != iccProfile { common.iccProfile = nil }
    if other.exif != exif { common.exif = nil }
    common.text = text.filter(other.text.contains)
    if other.resolution != resolution { common.resolution = nil }
    if other.calibration != calibration { common.calibration = nil }
    return common
  }
}
