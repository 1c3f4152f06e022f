import ImageCodecs
import Pictures
import Tensors

/// The noise's standard deviation at every pixel, for one picture or many.
///
/// On the scale 0 to 255: an array's numbers, an 8-bit picture's levels, a 16-bit picture's levels
/// over 257.
struct SigmaMap {
  private let inputs: [PictureInput]
  /// The files that maps are read from.
  var files: [String] { inputs.compactMap(\.file) }

  /// - Parameter argument: a gray picture or array, or a folder or array of as many as pictures.
  init(_ argument: String, limits: ImageLimits) throws {
    inputs = PictureInput.all(
      [argument], limits: limits, arrays: ArrayReading(scale: .white(255)))
    guard !inputs.isEmpty else {
      throw Failure(.noInput, "\(argument): expected a map of sigma, found no picture")
    }
  }

  /// The map of one picture of a batch.
  ///
  /// - Parameter index: its place; one map serves all.
  /// - Returns: `[1, H, W]` on the scale of [0, 1].
  /// - Throws: `Failure` where the map does not belong to the picture.
  func layer(for picture: Picture, at index: Int) throws -> Tensor {
    let input = try inputs.companion(at: index, called: "map of sigma")
    let map = try input.picture(besides: picture, called: "map of sigma")
    guard map.isGray else {
      throw Failure(
        .badData,
        "\(input.name): expected a gray map of sigma, found colors; use one number a pixel")
    }
    let levels = Array(map.pixels.elements[..<map.region.area])
    guard levels.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw Failure(
        .badData, "\(input.name): expected standard deviations of 0 or more, found a negative one")
    }
    return Tensor([1, map.height, map.width], levels)
  }
}
