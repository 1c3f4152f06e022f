import Files
import ImageCodecs
import Pictures
import Tensors

/// Which pixels are hidden, for one picture or many.
struct MaskInput {
  private enum Source {
    /// Where a picture is transparent.
    case alpha
    case pictures([PictureInput])
    /// Of a folder, by the names of the pictures they belong to, without extensions.
    case named([String: PictureInput], folder: String)
  }

  private let source: Source

  /// - Parameter argument: "alpha", or a picture or array that is not zero where pixels are hidden.
  init(_ argument: String, limits: ImageLimits) throws {
    if argument == "alpha" {
      source = .alpha
    } else if Paths.isFolder(argument) {
      let inputs = PictureInput.all([argument], limits: limits)
      source = .named(
        Dictionary(inputs.map { (Self.key($0), $0) }) { first, _ in first }, folder: argument)
    } else {
      source = .pictures(PictureInput.all([argument], limits: limits))
    }
  }

  /// The path below an output folder without its extension.
  private static func key(_ input: PictureInput) -> String {
    Paths.folder(input.outputName) + Paths.stem(input.outputName)
  }

  /// The mask of one picture of a batch.
  ///
  /// - Parameters:
  ///   - index: its place, which counts in an array of masks; one mask serves all.
  ///   - source: what the picture was read from: in a folder of masks its name counts.
  /// - Returns: `[1, H, W]`, 1 where hidden, 0 elsewhere.
  /// - Throws: `Failure` where the mask does not belong to the picture.
  func layer(for picture: Picture, at index: Int, from source: PictureInput) throws -> Tensor {
    let shape: Shape = [1, picture.height, picture.width]
    switch self.source {
    case .alpha:
      guard let alpha = picture.alpha else {
        throw Failure(.badData, "expected a picture with transparency for --mask alpha, found none")
      }
      return Tensor(shape, alpha.map { $0 < 1 ? 1 : 0 })
    case .named(let inputs, let folder):
      guard let input = inputs[Self.key(source)] else {
        throw Failure(
          .badData,
          "expected a mask of the picture's name in \(folder), found none called "
            + "\(Self.key(source))")
      }
      return try layer(of: input, for: picture)
    case .pictures(let inputs):
      return try layer(of: inputs.companion(at: index, called: "mask"), for: picture)
    }
  }

  private func layer(of input: PictureInput, for picture: Picture) throws -> Tensor {
    let mask = try input.picture(besides: picture, called: "mask")
    let area = mask.width * mask.height
    return Tensor(
      [1, mask.height, mask.width],
      (0..<area).map { pixel in
        (0..<mask.channels).contains { mask.pixels[$0 * area + pixel] != 0 } ? 1 : 0
      })
  }
}

extension [PictureInput] {
  /// What goes with the picture at a place of a batch: one for all, or one for each.
  func companion(at index: Int, called name: String) throws -> PictureInput {
    guard count == 1 || index < count else {
      throw Failure(
        .badData, "expected a \(name) for every picture or one for all, found \(count)")
    }
    return self[count == 1 ? 0 : index]
  }
}

extension PictureInput {
  /// A picture that goes with another of its size.
  func picture(besides other: Picture, called role: String) throws -> Picture {
    let picture = try picture()
    guard picture.region == other.region else {
      throw Failure(
        .badData,
        "\(name): expected a \(role) of the picture's \(other.width)x\(other.height) pixels, "
          + "found \(picture.width)x\(picture.height)")
    }
    return picture
  }
}
