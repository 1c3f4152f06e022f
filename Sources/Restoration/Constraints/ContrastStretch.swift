import Pictures
import Tensors

/// Brings a picture whose samples lie close together, such as 12 bits in 16, to the scale that models
/// know, and results back.
///
/// Eight bits of low contrast are left as they are: stretched, their steps would look like edges.
struct ContrastStretch {
  private let lower: Float
  /// Of the picture's own scale to that of the model.
  let factor: Float

  /// The share of the whole range below which a picture is stretched.
  private static let largestSpan: Float = 0.25
  /// What is left free at either end.
  private static let margin: Float = 0.05

  /// - Returns: nil for a picture that is well as it is.
  init?(_ picture: Picture) {
    guard picture.depth == 16 || !picture.isRounded else { return nil }
    var (least, largest) = (Float.infinity, -Float.infinity)
    var line = [Float](repeating: 0, count: picture.width)
    for channel in 0..<picture.channels {
      for row in 0..<picture.height {
        line.withUnsafeMutableBufferPointer {
          picture.copyRow(row, columns: 0..<picture.width, channel: channel, to: $0)
        }
        least = line.reduce(least, min)
        largest = line.reduce(largest, max)
      }
    }
    let span = largest - least
    guard span > 0, span < Self.largestSpan, least.isFinite, largest.isFinite else { return nil }
    lower = least
    factor = (1 - 2 * Self.margin) / span
  }

  /// - Returns: numbers that are not rounded.
  func stretched(_ picture: Picture) -> Picture {
    picture.mapped { Self.margin + ($0 - lower) * factor }
  }

  /// - Parameter depth: bits per sample; nil to keep numbers.
  func restored(_ result: RestoredPicture, depth: Int?) -> RestoredPicture {
    RestoredPicture(
      results: result.results.map { picture in
        let numbers = picture.mapped { lower + ($0 - Self.margin) / factor }
        guard let depth else { return numbers }
        let canvas = PictureCanvas(
          channels: numbers.channels, height: numbers.height, width: numbers.width, depth: depth)
        numbers.pixels.withPlanes { canvas.insert($0) }
        return canvas.picture
      }, deviation: result.deviation?.scaled(by: 1 / factor))
  }
}

extension Picture {
  /// With other numbers in the place of the colors'.
  fileprivate func mapped(_ body: (Float) -> Float) -> Picture {
    var picture = self
    picture.pixels = Tensor(pixels.shape, pixels.elements.map(body))
    return picture
  }
}

extension Tensor {
  func scaled(by factor: Float) -> Tensor {
    factor == 1 ? self : Tensor(shape, elements.map { $0 * factor })
  }
}
