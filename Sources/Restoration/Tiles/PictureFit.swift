import Pictures
import Platform
import Tensors
import VAE

/// Brings pictures to the size and color that a model sees, and results back. Whatever would change
/// a picture is done only where it was asked for. A model that takes any size gets pictures as they
/// are.
package struct PictureFit {
  package enum Sizing: Hashable {
    /// Another size is an error, for which the caller offers other ways.
    case exact(alternatives: [Sizing])
    case resize
    case tile
  }

  /// Why a picture is not what a model sees.
  package enum Misfit: Error, Hashable {
    /// A picture of another size, and no way to bring it to the model's was asked for.
    case size(expected: ImageShape, found: ImageShape, alternatives: [Sizing])
    /// A picture smaller than a tile.
    case smallerThanTile(tile: ImageShape, found: ImageShape)
    /// A color picture for a gray model, and the colors must not be dropped.
    case colors(found: ImageShape)
  }

  private let image: ImageShape
  private let takesAnySize: Bool
  package let isConditional: Bool
  private let sizing: Sizing
  /// Whether color may be dropped.
  package let allowsGray: Bool
  package let background: Background

  package init(_ model: Model, sizing: Sizing, allowsGray: Bool, background: Background) {
    image = model.configuration.image
    takesAnySize = model.configuration.takesAnySize
    isConditional = model.configuration.isConditional
    self.sizing = sizing
    self.allowsGray = allowsGray
    self.background = background
  }

  /// The picture in the model's colors, of whatever size.
  ///
  /// - Throws: `Misfit` where a color picture meets a gray model.
  package func colored(_ picture: Picture) throws -> Picture {
    if image.channels == 3 { return (allowsGray ? picture.gray() : picture).color() }
    guard picture.channels == 1 || allowsGray else {
      throw Misfit.colors(found: ImageShape(picture))
    }
    return picture.gray()
  }

  /// The picture in the colors in which it is restored: those of the model, but a conditional one of
  /// colors takes a gray picture as it is.
  ///
  /// - Throws: `Misfit` where a color picture meets a gray model.
  package func prepared(_ picture: Picture) throws -> Picture {
    guard isConditional && image.channels == 3 else { return try colored(picture) }
    return allowsGray ? picture.gray() : picture
  }

  /// The whole picture as the model sees it, opaque.
  ///
  /// - Returns: `[C, H, W]` of the model, or of the picture's size where it takes any.
  /// - Throws: `Misfit`.
  package func whole(_ picture: Picture) throws -> Tensor {
    try requireMemory(picture, copies: 2)
    let pixels = try colored(picture.flattened(on: background)).pixels
    if takesAnySize || pixels.shape == image.shape { return pixels }
    guard sizing == .resize else { throw misfit(picture) }
    return pixels.resized(width: image.width, height: image.height)
  }

  /// Runs `body` on layers of any size in the pieces that the model takes, and puts its results
  /// together.
  ///
  /// - Parameters:
  ///   - picture: what errors speak of.
  ///   - layers: `[C, H, W]` each with the same extents: the pixels, a mask.
  ///   - body: from layers of a size that the model takes to a result `[C, H, W]` of that size.
  /// - Returns: the result in the layers' extents.
  package func apply(
    _ picture: Picture, _ layers: [Tensor], _ body: ([Tensor]) throws -> Tensor
  ) throws -> Tensor {
    let (height, width) = (layers[0].shape[1], layers[0].shape[2])
    try requireMemory(picture, copies: 3)
    if takesAnySize || height == image.height && width == image.width { return try body(layers) }
    switch sizing {
    case .exact: throw misfit(picture)
    case .resize:
      let small = layers.map { $0.resized(width: image.width, height: image.height) }
      return try body(small).resized(width: width, height: height)
    case .tile:
      guard
        let tiles = TileGrid(
          width: width, height: height, tileWidth: image.width, tileHeight: image.height)
      else { throw Misfit.smallerThanTile(tile: image, found: ImageShape(picture)) }
      return try tiles.map(layers, body)
    }
  }

  /// Checks that a picture can be there so many times as numbers.
  private func requireMemory(_ picture: Picture, copies: Int) throws {
    try Memory.require(
      picture.height, picture.width, max(picture.channels, image.channels), copies, elements: 4,
      for: "a picture of \(picture.width)x\(picture.height) as numbers")
  }

  private func misfit(_ picture: Picture) -> Misfit {
    guard case .exact(let alternatives) = sizing else {
      return .size(expected: image, found: ImageShape(picture), alternatives: [])
    }
    return .size(expected: image, found: ImageShape(picture), alternatives: alternatives)
  }
}

extension ImageShape {
  /// Of a picture.
  package init(_ picture: Picture) {
    self.init(channels: picture.channels, height: picture.height, width: picture.width)
  }
}
