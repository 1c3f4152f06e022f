import ImageCodecs
import Platform
import Tensors

/// A picture: its colors as numbers, and what its file says beside them.
public struct Picture: Sendable {
  private var content: Content
  /// `[H, W]` in [0, 1]; nil where there is none.
  public var alpha: [Float]?
  /// Bits per sample of the file: 8 or 16.
  public var depth = 8
  package var metadata = Metadata()

  /// The colors as numbers, or as the samples of a file until numbers are asked for: a large
  /// picture of which only parts are looked at never takes the memory of all its numbers.
  private enum Content {
    case numbers(Tensor)
    case image(LazyPixels)
  }

  package init(
    pixels: Tensor, alpha: [Float]? = nil, depth: Int = 8, metadata: Metadata = Metadata()
  ) {
    content = .numbers(pixels)
    self.alpha = alpha
    self.depth = depth
    self.metadata = metadata
  }

  package init(_ image: Image) {
    content = .image(LazyPixels(image))
    alpha = image.alphaPlane()
    depth = image.depth
    metadata = image.metadata
  }

  /// `[C, H, W]`, C = 1 or 3. In [0, 1], and beyond where an array's noise goes beyond.
  public var pixels: Tensor {
    get {
      switch content {
      case .numbers(let tensor): tensor
      case .image(let lazy): lazy.tensor
      }
    }
    set { content = .numbers(newValue) }
  }

  /// `[C, H, W]`.
  package var shape: Shape {
    switch content {
    case .numbers(let tensor): tensor.shape
    case .image(let lazy): lazy.shape
    }
  }

  public var channels: Int { shape[0] }
  public var height: Int { shape[1] }
  public var width: Int { shape[2] }
  /// All of it.
  package var region: Region { Region(height: height, width: width) }

  /// Copies a part of a row of one channel.
  package func copyRow(
    _ row: Int, columns: Range<Int>, channel: Int, to target: UnsafeMutableBufferPointer<Float>
  ) {
    switch content {
    case .image(let lazy):
      lazy.image.copyRow(row, columns: columns, channel: channel, to: target)
    case .numbers(let tensor):
      tensor.withPlanes {
        _ = target.update(fromContentsOf: $0.row(row, columns: columns, channel: channel))
      }
    }
  }

  /// Writes the part that planes are of, in the picture's channels.
  package func read(into planes: MutablePlaneView) {
    for channel in 0..<channels {
      for row in planes.region.rows {
        copyRow(
          row, columns: planes.region.columns, channel: channel,
          to: planes.row(row, columns: planes.region.columns, channel: channel))
      }
    }
  }

  /// Whether the colors are samples of a file, rounded to its depth.
  package var isRounded: Bool {
    if case .image = content { return true }
    return false
  }

  /// Takes the colors of another picture of whatever extents.
  package mutating func takeColors(of other: Picture) { content = other.content }

  /// The picture to be written: clamped to [0, 1] and rounded.
  ///
  /// - Parameter depth: 8 or 16; nil for the picture's own.
  package func image(depth: Int? = nil) -> Image {
    if case .image(let lazy) = content, alpha == nil, !lazy.image.colorModel.hasAlpha,
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
}

/// A picture's numbers, made when they are first asked for.
private final class LazyPixels: Sendable {
  let image: Image
  private let made = Lock<Tensor?>(nil)

  init(_ image: Image) { self.image = image }

  var shape: Shape { [image.colorModel.colorChannels, image.height, image.width] }

  var tensor: Tensor {
    made.withLock { made in
      if let made { return made }
      let tensor = Tensor(shape, image.colorPlanes())
      made = tensor
      return tensor
    }
  }
}
