import ImageCodecs
import Tensors

/// A picture as the commands handle it: numbers, and what its file says beside them.
struct Picture {
  private var content: Content
  /// `[H, W]` in [0, 1]; nil where there is none.
  var alpha: [Float]?
  /// Bits per sample of the file: 8 or 16.
  var depth = 8
  var metadata = Metadata()

  /// The colours as numbers, or as the samples of a file until numbers are asked for: a large
  /// picture of which only parts are looked at never takes the memory of all its numbers.
  private enum Content {
    case numbers(Tensor)
    case image(LazyPixels)
  }

  /// `[C, H, W]`, C = 1 or 3. In [0, 1], and beyond where an array's noise goes beyond.
  var pixels: Tensor {
    get {
      switch content {
      case .numbers(let tensor): tensor
      case .image(let lazy): lazy.tensor
      }
    }
    set { content = .numbers(newValue) }
  }

  /// `[C, H, W]`.
  var shape: Shape {
    switch content {
    case .numbers(let tensor): tensor.shape
    case .image(let lazy): lazy.shape
    }
  }

  var channels: Int { shape[0] }
  var height: Int { shape[1] }
  var width: Int { shape[2] }

  /// Copies a part of a row of one channel.
  func copyRow(
    _ row: Int, columns: Range<Int>, channel: Int, to target: UnsafeMutableBufferPointer<Float>
  ) {
    switch content {
    case .image(let lazy):
      lazy.image.copyRow(row, columns: columns, channel: channel, to: target)
    case .numbers(let tensor):
      let start = (channel * height + row) * width
      tensor.elements.withUnsafeBufferPointer { source in
        _ = target.update(
          fromContentsOf: source[start + columns.lowerBound..<start + columns.upperBound])
      }
    }
  }

  /// Whether the colours are samples of a file, rounded to its depth.
  var isRounded: Bool {
    if case .image = content { return true }
    return false
  }

  /// Takes the colours of another picture of whatever extents.
  mutating func takeColours(of other: Picture) { content = other.content }

  init(pixels: Tensor, alpha: [Float]? = nil, depth: Int = 8, metadata: Metadata = Metadata()) {
    content = .numbers(pixels)
    self.alpha = alpha
    self.depth = depth
    self.metadata = metadata
  }

  init(_ image: Image) {
    content = .image(LazyPixels(image))
    alpha = image.alphaPlane()
    depth = image.depth
    metadata = image.metadata
  }

  /// The picture to be written: clamped to [0, 1] and rounded.
  ///
  /// - Parameter depth: 8 or 16; nil for the picture's own.
  func image(depth: Int? = nil) -> Image {
    if case .image(let lazy) = content, alpha == nil, !lazy.image.colourModel.hasAlpha,
      lazy.image.depth == depth ?? self.depth
    {
      var image = lazy.image
      image.metadata = metadata
      return image
    }
    return Image(
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

/// A picture's numbers, made when they are first asked for.
private final class LazyPixels {
  let image: Image
  private var made: Tensor?

  init(_ image: Image) { self.image = image }

  var shape: Shape { [image.colourModel.colourChannels, image.height, image.width] }

  var tensor: Tensor {
    if let made { return made }
    let tensor = Tensor(shape, image.colourPlanes())
    made = tensor
    return tensor
  }
}
