import Files

/// Reads PNG and JPEG files.
///
/// PNG: palettes and depths below 8 are expanded to 8 bits, transparent colours become alpha,
/// 16 bits stay. JPEG: CMYK and YCCK are converted to RGB without a profile, and their profile,
/// which describes inks, is dropped. The EXIF orientation is applied and its tag reset to 1.
/// Truncated or corrupted picture data is an error; damaged ancillary data is left out.
public enum ImageReader {
  /// - Parameters:
  ///   - minimumSize: in pixels as displayed. A JPEG at least twice as large both ways is decoded
  ///     at 1/2, 1/4 or 1/8 of its extents, never below this size. PNG is not affected.
  /// - Throws: `ImageError`.
  public static func read(
    path: String, limits: ImageLimits = .default, minimumSize: (width: Int, height: Int)? = nil
  ) throws -> Image {
    let bytes = try content(of: path, limits: limits)
    return try read(bytes: bytes, name: path, limits: limits, minimumSize: minimumSize)
  }

  /// The pixels of a part of a picture, equal to those of the whole; without metadata. Much less is
  /// decoded than the whole picture, and damage behind the part is not noticed.
  ///
  /// - Throws: `ImageError`, also where the picture has other extents than the window says.
  public static func read(
    path: String, limits: ImageLimits = .default, window: ImageWindow
  ) throws -> Image {
    let bytes = try content(of: path, limits: limits)
    switch try format(of: bytes, name: path) {
    case .png:
      return try PNGDecoder.decode(bytes, name: path, limits: limits, window: window)
    case .jpeg:
      return try JPEGDecoder.decode(bytes, name: path, limits: limits, window: window)
    }
  }

  /// A picture from an open stream such as standard input (0), read to its end.
  ///
  /// - Parameter name: what error messages call it.
  /// - Throws: `ImageError`.
  public static func read(
    descriptor: Int32, name: String = "standard input", limits: ImageLimits = .default
  ) throws -> Image {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.readAll(
        descriptor: descriptor, name: name, limit: limits.maximumFileLength)
    } catch {
      throw ImageError(error)
    }
    return try read(bytes: bytes, name: name, limits: limits)
  }

  /// - Parameter name: what error messages call it.
  /// - Throws: `ImageError` of kind `badData`.
  public static func read(
    bytes: [UInt8], name: String, limits: ImageLimits = .default,
    minimumSize: (width: Int, height: Int)? = nil
  ) throws -> Image {
    switch try format(of: bytes, name: name) {
    case .png:
      try PNGDecoder.decode(bytes, name: name, limits: limits)
    case .jpeg:
      try JPEGDecoder.decode(bytes, name: name, limits: limits, minimumSize: minimumSize)
    }
  }

  /// What the file's header says, without decoding it or reading it all.
  ///
  /// - Throws: `ImageError`.
  public static func header(path: String) throws -> ImageHeader {
    do {
      let file = try ReadableFile(path: path)
      guard file.length != nil else {
        return try header(bytes: file.readAll(), name: path)
      }
      return try header(of: ByteSource(file: file), name: path)
    } catch let error as FileError {
      throw ImageError(error)
    }
  }

  /// - Parameter name: what error messages call it.
  /// - Throws: `ImageError` of kind `badData`.
  public static func header(bytes: [UInt8], name: String) throws -> ImageHeader {
    try header(of: ByteSource(bytes: bytes), name: name)
  }

  private static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    switch try format(of: source.read(at: 0, count: 32), name: name) {
    case .png: try PNGHeader.read(from: source, name: name)
    case .jpeg: try JPEGHeader.read(from: source, name: name)
    }
  }

  private static func format(of bytes: [UInt8], name: String) throws(ImageError) -> ImageFormat {
    if let format = ImageFormat(firstBytes: bytes) { return format }
    let first = Array(bytes.prefix(32))
    let message =
      if bytes.isEmpty {
        "expected a PNG or JPEG picture, found an empty file"
      } else if let kind = ImageFormat.foreignKind(firstBytes: first) {
        "\(kind); latent reads PNG and JPEG: convert it first"
      } else {
        "expected a PNG or JPEG picture, found something else"
      }
    throw ImageError(kind: .badData, path: name, message: message)
  }

  private static func content(of path: String, limits: ImageLimits) throws -> [UInt8] {
    do throws(FileError) {
      return try FileReader.readFile(path, limit: limits.maximumFileLength)
    } catch {
      throw ImageError(error)
    }
  }
}
