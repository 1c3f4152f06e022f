import ImageCodecs
import Tensors

/// Pictures of one size side by side in a larger one.
struct Sheet: Hashable {
  let columns: Int
  let rows: Int
  /// Pixels between neighbours, white.
  var gap = 0

  var capacity: Int { columns * rows }

  /// The pictures row by row; cells without one stay white.
  ///
  /// What all their files say alike stays.
  ///
  /// - Parameter pictures: at least one and at most `capacity`, opaque, of one shape.
  /// - Throws: `Failure` where they do not fit.
  func composed(_ pictures: [Picture]) throws -> Picture {
    guard let first = pictures.first else {
      throw Failure(.badData, "expected pictures for a grid, found none")
    }
    guard pictures.count <= capacity else {
      throw Failure(
        .usage,
        "expected at most \(capacity) pictures for --grid \(columns)x\(rows), found more; "
          + "use a larger grid")
    }
    let shape = first.pixels.shape
    if let other = pictures.map(\.pixels).first(where: { $0.shape != shape }) {
      throw Failure(
        .badData,
        "expected pictures of one size for a grid, found \(shape) and \(other.shape)")
    }
    let (channels, height, width) = (shape[0], shape[1], shape[2])
    let sheetWidth = columns * width + (columns - 1) * gap
    let sheetHeight = rows * height + (rows - 1) * gap
    guard Double(sheetWidth) * Double(sheetHeight) <= 1e9 else {
      throw Failure(.usage, "a grid of \(sheetWidth)x\(sheetHeight) pixels is too large")
    }
    var sheet = [Float](repeating: 1, count: channels * sheetHeight * sheetWidth)
    for (index, picture) in pictures.enumerated() {
      let left = index % columns * (width + gap)
      let top = index / columns * (height + gap)
      for channel in 0..<channels {
        for row in 0..<height {
          let target = (channel * sheetHeight + top + row) * sheetWidth + left
          let source = (channel * height + row) * width
          for column in 0..<width { sheet[target + column] = picture.pixels[source + column] }
        }
      }
    }
    return Picture(
      pixels: Tensor([channels, sheetHeight, sheetWidth], sheet),
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
