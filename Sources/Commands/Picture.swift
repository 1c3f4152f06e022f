import ImageCodecs
import Tensors

/// A picture as the commands handle it: numbers, and what its file says beside them.
struct Picture {
  /// `[C, H, W]`, C = 1 or 3. In [0, 1], and beyond where an array's noise goes beyond.
  var pixels: Tensor
  /// `[H, W]` in [0, 1]; nil where there is none.
  var alpha: [Float]?
  /// Bits per sample of the file: 8 or 16.
  var depth = 8
  var metadata = Metadata()

  var channels: Int { pixels.shape[0] }
  var height: Int { pixels.shape[1] }
  var width: Int { pixels.shape[2] }

  init(pixels: Tensor, alpha: [Float]? = nil, depth: Int = 8, metadata: Metadata = Metadata()) {
    self.pixels = pixels
    self.alpha = alpha
    self.depth = depth
    self.metadata = metadata
  }

  init(_ image: Image) {
    let shape: Shape = [image.colourModel.colourChannels, image.height, image.width]
    self.init(
      pixels: Tensor(shape, image.colourPlanes()), alpha: image.alphaPlane(), depth: image.depth,
      metadata: image.metadata)
  }

  /// The picture to be written: clamped to [0, 1] and rounded.
  ///
  /// - Parameter depth: 8 or 16; nil for the picture's own.
  func image(depth: Int? = nil) -> Image {
    Image(
      planes: pixels.elements, width: width, height: height, channels: channels, alpha: alpha,
      depth: depth ?? self.depth, metadata: metadata)
  }

  /// Size and colour as in messages: "640x480 colour".
  var summary: String { "\(width)x\(height) \(channels == 1 ? "grey" : "colour")" }

  /// The picture laid on a background, without alpha.
  func flattened(on background: Background) -> Picture {
    guard let alpha else { return self }
    var opaque = self
    opaque.alpha = nil
    let area = height * width
    opaque.pixels = Tensor(
      pixels.shape,
      pixels.elements.indices.map { index in
        let opacity = alpha[index % area]
        return opacity * pixels[index] + (1 - opacity) * background.level
      })
    return opaque
  }

  /// The luma of ITU-R BT.601.
  func grey() -> Picture {
    guard channels == 3 else { return self }
    var grey = self
    let area = height * width
    grey.pixels = Tensor(
      [1, height, width],
      (0..<area).map {
        0.299 * pixels[$0] + 0.587 * pixels[area + $0] + 0.114 * pixels[2 * area + $0]
      })
    // The profile describes colours that are no longer there.
    grey.metadata.iccProfile = nil
    return grey
  }

  /// Three equal channels.
  func colour() -> Picture {
    guard channels == 1 else { return self }
    var colour = self
    colour.pixels = Tensor(
      [3, height, width], pixels.elements + pixels.elements + pixels.elements)
    colour.metadata.iccProfile = nil
    return colour
  }
}
