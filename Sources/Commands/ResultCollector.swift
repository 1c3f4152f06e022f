import ImageCodecs
import Restoration
import Tensors

/// Takes a result piece by piece: as samples of a file where the picture came from one, as numbers
/// where it came from an array, whose results are neither rounded nor clipped.
final class ResultCollector {
  private let channels: Int
  private let height: Int
  private let width: Int
  private let canvas: ImageCanvas?
  private var numbers: [Float]

  /// - Parameters:
  ///   - channels: 1 or 3.
  ///   - depth: bits per sample; nil to keep numbers.
  init(channels: Int, height: Int, width: Int, depth: Int?) {
    (self.channels, self.height, self.width) = (channels, height, width)
    canvas = depth.map {
      ImageCanvas(width: width, height: height, channels: channels, depth: $0)
    }
    numbers = depth == nil ? [Float](repeating: 0, count: channels * height * width) : []
  }

  /// - Parameter pixels: `[C, h, w]`.
  func insert(_ pixels: UnsafeBufferPointer<Float>, at region: PixelRegion) {
    let area = region.area
    if let canvas {
      return canvas.insert(pixels, rows: region.rows, columns: region.columns)
    }
    numbers.withUnsafeMutableBufferPointer { target in
      for channel in 0..<channels {
        for (line, row) in region.rows.enumerated() {
          let source = channel * area + line * region.width
          let start = (channel * height + row) * width + region.columns.lowerBound
          _ = target[start...].update(fromContentsOf: pixels[source..<source + region.width])
        }
      }
    }
  }

  /// What was collected.
  var picture: Picture {
    canvas.map { Picture($0.image()) }
      ?? Picture(pixels: Tensor([channels, height, width], numbers))
  }
}
