import Pictures
import Platform
import Tensors

/// What is done with a picture that is not of the size or the colors that a model sees. Whatever would
/// change a picture is done only where it was asked for.
public struct PictureFitting: Hashable, Sendable {
  public enum Sizing: Hashable, Sendable {
    /// Another size is an error.
    case exact
    /// The picture is scaled to the model's size, and the result back.
    case resize
    /// A larger picture is cut into overlapping tiles, whose results are blended.
    case tile
  }

  /// For models of one picture size.
  public var sizing: Sizing
  /// Whether pictures become gray; otherwise a color picture for a gray model is an error.
  public var dropsColor: Bool
  /// What transparent pixels are laid on where transparency cannot be kept.
  public var background: Background

  public init(
    sizing: Sizing = .exact, dropsColor: Bool = false, background: Background = .white
  ) {
    self.sizing = sizing
    self.dropsColor = dropsColor
    self.background = background
  }
}

/// Why a picture is not what a model sees.
public enum PictureMisfit: Error, Hashable, Sendable {
  /// A picture of another size, and no way to bring it to the model's was asked for.
  ///
  /// - Parameter alternatives: the ways there are.
  case size(expected: ImageShape, found: ImageShape, alternatives: [PictureFitting.Sizing])
  /// A picture smaller than a tile.
  case smallerThanTile(tile: ImageShape, found: ImageShape)
  /// A color picture for a gray model, and the colors must not be dropped.
  case colors(found: ImageShape)
}

/// Brings pictures to the size and color that a model sees, and results back. A model that takes any size
/// gets pictures as they are.
package struct PictureFit {
  private let image: ImageShape
  private let takesAnySize: Bool
  private let isConditional: Bool
  private let fitting: PictureFitting
  private let alternatives: [PictureFitting.Sizing]

  /// - Parameter alternatives: the sizings that a caller may ask for instead of `exact`.
  package init(
    _ configuration: Configuration, _ fitting: PictureFitting,
    alternatives: [PictureFitting.Sizing]
  ) {
    image = configuration.image
    takesAnySize = configuration.takesAnySize
    isConditional = configuration.isConditional
    self.fitting = fitting
    self.alternatives = alternatives
  }

  /// The picture in the model's colors, of whatever size.
  ///
  /// - Throws: `PictureMisfit` where a color picture meets a gray model.
  package func colored(_ picture: Picture) throws -> Picture {
    if image.channels == 3 { return (fitting.dropsColor ? picture.gray() : picture).color() }
    guard picture.channels == 1 || fitting.dropsColor else {
      throw PictureMisfit.colors(found: ImageShape(picture))
    }
    return picture.gray()
  }

  /// The picture in the colors in which it is restored: those of the model, but a conditional one of
  /// colors takes a gray picture as it is.
  ///
  /// - Throws: `PictureMisfit` where a color picture meets a gray model.
  package func prepared(_ picture: Picture) throws -> Picture {
    guard isConditional && image.channels == 3 else { return try colored(picture) }
    return fitting.dropsColor ? picture.gray() : picture
  }

  /// The whole picture as the model sees it, opaque.
  ///
  /// - Returns: `[C, H, W]` of the model, or of the picture's size where it takes any.
  /// - Throws: `PictureMisfit`.
  package func whole(_ picture: Picture) throws -> Tensor {
    try requireMemory(picture, copies: 2)
    let pixels = try colored(picture.flattened(on: fitting.background)).pixels
    if takesAnySize || pixels.shape == image.shape { return pixels }
    guard fitting.sizing == .resize else { throw misfit(picture) }
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
    switch fitting.sizing {
    case .exact: throw misfit(picture)
    case .resize:
      let small = layers.map { $0.resized(width: image.width, height: image.height) }
      return try body(small).resized(width: width, height: height)
    case .tile:
      guard
        let tiles = TileGrid(
          width: width, height: height, tileWidth: image.width, tileHeight: image.height)
      else { throw PictureMisfit.smallerThanTile(tile: image, found: ImageShape(picture)) }
      return try tiles.map(layers, body)
    }
  }

  /// Checks that a picture can be there so many times as numbers.
  private func requireMemory(_ picture: Picture, copies: Int) throws {
    try Memory.require(
      picture.height, picture.width, max(picture.channels, image.channels), copies, elements: 4,
      for: "a picture of \(picture.width)x\(picture.height) as numbers")
  }

  private func misfit(_ picture: Picture) -> PictureMisfit {
    .size(
      expected: image, found: ImageShape(picture),
      alternatives: fitting.sizing == .exact ? alternatives : [])
  }
}

extension ImageShape {
  /// Of a picture.
  package init(_ picture: Picture) {
    self.init(channels: picture.channels, height: picture.height, width: picture.width)
  }
}
