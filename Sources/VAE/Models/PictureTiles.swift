import Pictures
import Tensors

/// A picture in parts that do not overlap, few enough that a plan for one fits into memory.
struct PictureTiles {
  /// `[C, h, w]` each; together every pixel once.
  let tiles: [Tensor]

  /// The largest extent of a tile; a multiple of every stride.
  static let largest = 1024

  init(_ picture: Tensor) {
    let (height, width) = (picture.shape[1], picture.shape[2])
    tiles = Self.spans(height).flatMap { rows in
      Self.spans(width).map { columns in
        picture.cropped(to: Region(rows: rows, columns: columns))
      }
    }
  }

  /// About equal parts of an axis that begin at multiples of 64, of which every stride is a factor.
  private static func spans(_ extent: Int) -> [Range<Int>] {
    let count = (extent + largest - 1) / largest
    let length = ((extent + count - 1) / count + 63) / 64 * 64
    return stride(from: 0, to: extent, by: length).map { $0..<min($0 + length, extent) }
  }
}
