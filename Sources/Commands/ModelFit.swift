import Datasets
import Tensors
import VAE

/// Brings pictures to the size and colour that a model sees, and results back. Whatever would change
/// a picture is done only where it was asked for. A model that takes any size gets pictures as they
/// are.
struct ModelFit {
  enum Sizing {
    /// The model takes any size.
    case any
    /// Another size is an error that names the remedies.
    case exact(remedies: String)
    case resize
    case tile
  }

  let image: ImageShape
  let sizing: Sizing
  /// Whether colour may be dropped.
  var allowsGrey = false
  var background = Background.white

  init(_ model: Model, _ input: InputOptions, sizing: Sizing) {
    image = model.configuration.image
    self.sizing = model.configuration.takesAnySize ? .any : sizing
    allowsGrey = input.grey
    background = input.background
  }

  init(_ model: Model, _ input: InputOptions, _ fit: FitOptions) {
    let sizing: Sizing =
      fit.resize ? .resize : fit.tiled ? .tile : .exact(remedies: "--resize or --tiled")
    self.init(model, input, sizing: sizing)
  }

  init(_ model: Model, _ input: InputOptions, _ fit: ResizeOption) {
    self.init(model, input, sizing: fit.resize ? .resize : .exact(remedies: "--resize"))
  }

  /// The picture in the model's colours, of whatever size.
  ///
  /// - Throws: `Failure` where a colour picture meets a grey model.
  func coloured(_ picture: Picture) throws -> Picture {
    if image.channels == 3 { return (allowsGrey ? picture.grey() : picture).colour() }
    guard picture.channels == 1 || allowsGrey else {
      throw Failure(
        .badData,
        "expected a grey picture, as the model was trained on, found \(picture.summary); "
          + "use --grey to drop the colour")
    }
    return picture.grey()
  }

  /// The whole picture as the model sees it, opaque.
  ///
  /// - Returns: `[C, H, W]` of the model, or of the picture's size where it takes any.
  /// - Throws: `Failure` where it does not fit.
  func whole(_ picture: Picture) throws -> Tensor {
    let pixels = try coloured(picture.flattened(on: background)).pixels
    if pixels.shape == image.shape { return pixels }
    switch sizing {
    case .any: return pixels
    case .resize: return resized(pixels, width: image.width, height: image.height)
    case .exact, .tile: throw misfit(picture)
    }
  }

  /// Runs `body` on layers of any size in the pieces that the model takes, and puts its results
  /// together.
  ///
  /// - Parameters:
  ///   - picture: what messages speak of.
  ///   - layers: `[C, H, W]` each with the same extents: the pixels, a mask.
  ///   - body: from layers of a size that the model takes to a result `[C, H, W]` of that size.
  /// - Returns: the result in the layers' extents.
  func apply(
    _ picture: Picture, _ layers: [Tensor], _ body: ([Tensor]) throws -> Tensor
  ) throws -> Tensor {
    let (height, width) = (layers[0].shape[1], layers[0].shape[2])
    if height == image.height && width == image.width { return try body(layers) }
    switch sizing {
    case .any: return try body(layers)
    case .exact: throw misfit(picture)
    case .resize:
      let small = layers.map { resized($0, width: image.width, height: image.height) }
      return resized(try body(small), width: width, height: height)
    case .tile:
      guard
        let tiles = TileGrid(
          width: width, height: height, tileWidth: image.width, tileHeight: image.height)
      else {
        throw Failure(
          .badData,
          "expected at least \(image.width)x\(image.height) pixels for tiles, found "
            + "\(picture.summary); use --resize")
      }
      return try tiles.map(layers, body)
    }
  }

  private func misfit(_ picture: Picture) -> Failure {
    guard case .exact(let remedies) = sizing else {
      return Failure(.badData, "expected \(image), found \(picture.summary)")
    }
    return Failure(
      .badData, "expected \(image), the model's size, found \(picture.summary); use \(remedies)")
  }
}

/// `[C, H, W]` in other extents, by the bicubic convolution of `Resampling`.
func resized(_ pixels: Tensor, width: Int, height: Int) -> Tensor {
  Tensor(
    [pixels.shape[0], height, width],
    Resampling.resize(
      pixels.elements, width: pixels.shape[2], height: pixels.shape[1], channels: pixels.shape[0],
      toWidth: width, toHeight: height))
}
