import ImageCodecs
import Tensors

/// The noise of every pixel, from a file.
struct SigmaMap {
  private let name: String
  /// On the scale 0...1.
  private let picture: Picture

  /// - Parameter path: a grey picture, whose level on the scale 0 to 255 is the standard deviation,
  ///   or an array of deviations.
  init(path: String, limits: ImageLimits) throws {
    let inputs = PictureInput.all([path], limits: limits)
    guard inputs.count == 1 else {
      throw Failure(.badData, "\(path): expected one map of deviations, found \(inputs.count)")
    }
    name = path
    picture = try inputs[0].picture()
    guard picture.channels == 1 else {
      throw Failure(.badData, "\(path): expected a grey picture of deviations, found colour")
    }
    guard picture.pixels.elements.allSatisfy({ $0 >= 0 }) else {
      throw Failure(.badData, "\(path): expected deviations of 0 or more, found a negative one")
    }
  }

  /// `[1, H, W]` on the scale 0...1.
  ///
  /// - Throws: `Failure` where the map has other extents.
  func layer(height: Int, width: Int) throws -> Tensor {
    guard picture.height == height && picture.width == width else {
      throw Failure(
        .badData,
        "\(name): expected a map of the picture's \(width)x\(height) pixels, found "
          + "\(picture.width)x\(picture.height)")
    }
    return picture.pixels
  }
}
