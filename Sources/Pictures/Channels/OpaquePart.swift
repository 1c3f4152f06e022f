import Tensors

/// What of a picture shows in full, for estimates that a transparent background would mislead.
package enum OpaquePart {
  /// The smallest extent worth measuring.
  private static let smallestSide = 8

  /// The largest rectangle without transparency.
  ///
  /// - Parameter layers: the pixels `[C, H, W]`, and alpha `[1, H, W]` where there is any.
  /// - Returns: `[C, h, w]`; all pixels where there is no such rectangle of a useful size.
  package static func of(_ layers: [Tensor]) -> Tensor {
    let pixels = layers[0]
    guard layers.count > 1 else { return pixels }
    let (height, width) = (pixels.shape[1], pixels.shape[2])
    let isOpaque = layers[1].elements.map { $0 > 0.999 }
    let best = largestRectangle(isOpaque, height: height, width: width)
    guard best.height >= smallestSide && best.width >= smallestSide else { return pixels }
    return pixels.cropped(to: best)
  }

  /// The largest rectangle of set cells: for every row the heights of the columns that end there,
  /// and over them a stack of rising heights.
  static func largestRectangle(_ isSet: [Bool], height: Int, width: Int) -> Region {
    var best = Region(rows: 0..<0, columns: 0..<0)
    var heights = [Int](repeating: 0, count: width + 1)
    for row in 0..<height {
      for column in 0..<width {
        heights[column] = isSet[row * width + column] ? heights[column] + 1 : 0
      }
      var stack: [(start: Int, height: Int)] = []
      for column in 0...width {
        var start = column
        while let top = stack.last, top.height >= heights[column] {
          stack.removeLast()
          start = top.start
          if top.height * (column - start) > best.area {
            best = Region(rows: row + 1 - top.height..<row + 1, columns: start..<column)
          }
        }
        stack.append((start, heights[column]))
      }
    }
    return best
  }
}
