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
  /// - Parameter pictures: at least one and at most `capacity`, `[C, H, W]` each of one shape.
  /// - Throws: `Failure` where they do not fit.
  func composed(_ pictures: [Tensor]) throws -> Tensor {
    guard let shape = pictures.first?.shape else {
      throw Failure(.badData, "expected pictures for a grid, found none")
    }
    guard pictures.count <= capacity else {
      throw Failure(
        .usage,
        "expected at most \(capacity) pictures for --grid \(columns)x\(rows), found more; "
          + "use a larger grid")
    }
    if let other = pictures.first(where: { $0.shape != shape }) {
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
          for column in 0..<width { sheet[target + column] = picture[source + column] }
        }
      }
    }
    return Tensor([channels, sheetHeight, sheetWidth], sheet)
  }
}
