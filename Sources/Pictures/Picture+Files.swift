import Files
import ImageCodecs

/// How a picture is written to a file.
public struct WritingOptions: Hashable, Sendable {
  /// Of JPEG and WebP, 1 to 100: JPEG above 90 keeps the full resolution of color, WebP is lossless at
  /// 100.
  public var quality = 92
  /// Bits per sample, 8 or 16; nil for the picture's own. Formats that have fewer take fewer.
  public var depth: Int?
  /// What transparent pixels are laid on in formats without transparency.
  public var background = Background.white

  public init(quality: Int = 92, depth: Int? = nil, background: Background = .white) {
    self.quality = quality
    self.depth = depth
    self.background = background
  }
}

extension Picture {
  /// Reads a picture file of any format that is known, or the first picture of a NumPy array (`.npy`).
  ///
  /// - Parameter limits: what is too large to be read.
  /// - Throws: `ImageError`, or `FileError` of an array.
  public init(path: String, limits: ImageLimits = .default) throws {
    let file = try ReadableFile(path: path)
    if file.length != nil, try file.read(at: 0, count: 6) == PictureStack.signature {
      self = try PictureStack(file: file, limits: limits).picture(0)
    } else {
      self.init(try ImageReader.read(path: path, limits: limits))
    }
  }

  /// Writes a file of the format that the path's extension names, in one step: there is the whole file
  /// or what was there before. The same picture and options give the same bytes.
  ///
  /// - Throws: `ImageError` of kind `usage` for an extension of no format, `FileError` where the file
  ///   cannot be written.
  public func write(to path: String, options: WritingOptions = WritingOptions()) throws {
    if path.lowercased().hasSuffix(".npy") {
      let pixels = [flattened(on: options.background).pixels]
      return try AtomicFile.write(to: path) {
        try PictureStack.write(pixels, PictureStack.form(of: pixels, like: nil), to: $0)
      }
    }
    guard let format = ImageFormat(path: path) else {
      throw ImageError(
        kind: .usage, path: path, message: "expected the extension of a picture such as .png")
    }
    try AtomicFile.write(
      ImageWriter.encode(
        image(for: format, depth: options.depth, background: options.background), format: format,
        options: EncodingOptions(jpegQuality: options.quality), name: path),
      to: path)
  }

  /// The picture as a format can hold it.
  ///
  /// - Parameters:
  ///   - depth: bits per sample; nil for the picture's own.
  ///   - background: what transparent pixels are laid on where it has no transparency.
  package func image(for format: ImageFormat, depth: Int?, background: Background) -> Image {
    let kept = format.capabilities.hasAlpha ? self : flattened(on: background)
    return kept.image(depth: format.capabilities.depth == 8 ? 8 : depth)
  }
}
