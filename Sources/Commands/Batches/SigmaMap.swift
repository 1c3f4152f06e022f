import ImageCodecs
import Pictures
import Tensors

/// The noise's standard deviation at every pixel, for one picture or many.
///
/// On the scale 0 to 255: an array's numbers, an 8-bit picture's levels, a 16-bit picture's levels
/// over 257.
struct SigmaMap {
  private let inputs: [PictureInput]

  /// - Parameter argument: a grey picture or array, or a folder or array of as many as pictures.
  init(_ argument: String, limits: ImageLimits) throws {
    inputs = PictureInput.all([argument], limits: limits)
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
    guard inputs.count == 1 || index < inputs.count else {
      throw Failure(
        .badData,
        "expected a map of sigma for every picture or one for all, found \(inputs.count) maps")
    }
    let input = inputs[inputs.count == 1 ? 0 : index]
    let map = try input.picture()
    guard map.width == picture.width && map.height == picture.height else {
      throw Failure(
        .badData,
        "\(input.name): expected a map of sigma of the picture's \(picture.width)x\(picture.height) "
          + "pixels, found \(map.width)x\(map.height)")
    }
    let levels = try grey(map, input.name)
    guard levels.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw Failure(
        .badData, "\(input.name): expected standard deviations of 0 or more, found a negative one")
    }
    return Tensor([1, map.height, map.width], levels)
  }

  /// The only channel, or the first of three that are equal.
  private func grey(_ map: Picture, _ name: String) throws -> [Float] {
    let area = map.height * map.width
    let levels = Array(map.pixels.elements[..<area])
    let isGrey = (1..<max(map.channels, 1)).allSatisfy { channel in
      map.pixels.elements[channel * area..<(channel + 1) * area].elementsEqual(levels)
    }
    guard isGrey else {
      throw Failure(
        .badData, "\(name): expected a grey map of sigma, found colours; use one number a pixel")
    }
    return levels
  }
}
