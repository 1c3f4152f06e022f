import ImageCodecs
import Tensors

/// A picture that is put together piece by piece: as samples of a file where it is to be rounded, as
/// numbers where it is neither rounded nor clipped.
package final class PictureCanvas {
  private let channels: Int
  private let region: Region
  private let canvas: ImageCanvas?
  private var numbers: Tensor?

  /// - Parameters:
  ///   - channels: 1 or 3.
  ///   - depth: bits per sample; nil to keep numbers.
  package init(channels: Int, height: Int, width: Int, depth: Int?) {
    self.channels = channels
    region = Region(height: height, width: width)
    canvas = depth.map {
      ImageCanvas(width: width, height: height, channels: channels, depth: $0)
    }
    numbers = depth == nil ? Tensor([channels, height, width]) : nil
  }

  /// Takes a piece in the picture's channels.
  package func insert(_ piece: PlaneView) {
    if let canvas {
      return canvas.insert(
        piece.numbers, rows: piece.region.rows, columns: piece.region.columns)
    }
    numbers?.withMutablePlanes { $0.copy(piece.region, from: piece) }
  }

  /// What was put together so far.
  package var picture: Picture {
    canvas.map { Picture($0.image()) }
      ?? Picture(pixels: numbers ?? Tensor([channels, region.height, region.width]))
  }
}
