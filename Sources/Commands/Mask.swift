import ImageCodecs
import Tensors

/// Which pixels are hidden, for one picture or many.
struct Mask {
  private enum Source {
    /// Where a picture is transparent.
    case alpha
    case pictures([PictureInput])
  }

  private let source: Source

  /// - Parameter argument: "alpha", or a picture or array that is not zero where pixels are hidden.
  init(_ argument: String, limits: ImageLimits) throws {
    if argument == "alpha" {
      source = .alpha
    } else {
      let inputs = PictureInput.all([argument], limits: limits)
      guard !inputs.isEmpty else {
        throw Failure(.noInput, "\(argument): expected a mask, found no picture")
      }
      source = .pictures(inputs)
    }
  }

  /// The mask of one picture of a batch.
  ///
  /// - Parameter index: its place; one mask serves all.
  /// - Returns: `[1, H, W]`, 1 where hidden, 0 elsewhere.
  /// - Throws: `Failure` where the mask does not belong to the picture.
  func layer(for picture: Picture, at index: Int) throws -> Tensor {
    let shape: Shape = [1, picture.height, picture.width]
    switch source {
    case .alpha:
      guard let alpha = picture.alpha else {
        throw Failure(.badData, "expected a picture with transparency for --mask alpha, found none")
      }
      return Tensor(shape, alpha.map { $0 < 1 ? 1 : 0 })
    case .pictures(let inputs):
      guard inputs.count == 1 || index < inputs.count else {
        throw Failure(
          .badData, "expected a mask for every picture or one for all, found \(inputs.count) masks")
      }
      let input = inputs[inputs.count == 1 ? 0 : index]
      let mask = try input.picture()
      guard mask.width == picture.width && mask.height == picture.height else {
        throw Failure(
          .badData,
          "\(input.name): expected a mask of the picture's \(picture.width)x\(picture.height) "
            + "pixels, found \(mask.width)x\(mask.height)")
      }
      let area = mask.width * mask.height
      return Tensor(
        shape,
        (0..<area).map { pixel in
          (0..<mask.channels).contains { mask.pixels[$0 * area + pixel] != 0 } ? 1 : 0
        })
    }
  }
}
