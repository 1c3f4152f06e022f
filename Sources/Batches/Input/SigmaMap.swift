import ImageCodecs
import Pictures
import Tensors

/// The noise's standard deviation at every pixel, for one picture or many.
///
/// On the scale 0 to 255: an array's numbers, an 8-bit picture's levels, a 16-bit picture's levels
/// over 257.
package struct SigmaMap {
  private let inputs: [PictureInput]
  /// The files that maps are read from.
  package var files: [String] { inputs.compactMap(\.file) }

  /// - Parameter argument: a gray picture or array, or a folder or array of as many as pictures.
  package init(_ argument: String, _ reader: PictureReader) throws {
    inputs = reader.reading(arrays: ArrayReading(scale: .white(255))).inputs([argument])
    guard !inputs.isEmpty else {
      throw BatchError(.noInput, "\(argument): expected a map of sigma, found no picture")
    }
  }

  /// The map of one picture of a batch.
  ///
  /// - Parameter index: its place; one map serves all.
  /// - Returns: `[1, H, W]` on the scale of [0, 1].
  /// - Throws: `BatchError` where the map does not belong to the picture.
  package func layer(for picture: Picture, at index: Int) throws -> Tensor {
    let input = try inputs.companion(at: index, called: "map of sigma")
    let map = try input.picture(besides: picture, called: "map of sigma")
    guard map.isGray else {
      throw BatchError(
        .badData,
        "\(input.name): expected a gray map of sigma, found colors; use one number a pixel")
    }
    let levels = Array(map.pixels.elements[..<map.region.area])
    guard levels.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw BatchError(
        .badData, "\(input.name): expected standard deviations of 0 or more, found a negative one")
    }
    return Tensor([1, map.height, map.width], levels)
  }
}
