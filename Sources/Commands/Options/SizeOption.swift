import ArgumentParser
import Files
import VAE

/// The size of pictures made by a model that takes any.
struct SizeOption: ParsableArguments {
  @Option(
    name: .customLong("size"),
    help: ArgumentHelp(
      "Size of the pictures, for a hierarchical model (default: that of its training pictures).",
      valueName: "widthxheight"))
  var extents: Extents?

  /// In pixels: beyond, a picture would take more memory than machines have.
  private static let largestArea = 1 << 26

  /// The size as pictures of a model have it; nil where none was given.
  ///
  /// - Throws: `Failure` where the model does not make such pictures.
  func image(of model: Model) throws -> ImageShape? {
    guard let extents else { return nil }
    let configuration = model.configuration
    let found = "\(extents.width)x\(extents.height)"
    guard configuration.enclosing(width: extents.width, height: extents.height) != nil else {
      let image = configuration.image
      throw Failure(
        .usage,
        "--size: expected \(image.width)x\(image.height), the only size of the model, "
          + "found \(found); leave it out")
    }
    guard extents.width * extents.height <= Self.largestArea else {
      throw Failure(
        .usage, "--size: expected at most \(grouped(Self.largestArea)) pixels, found \(found)")
    }
    return ImageShape(
      channels: configuration.image.channels, height: extents.height, width: extents.width)
  }
}
