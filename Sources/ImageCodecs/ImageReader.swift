import Files
import Platform

/// Reads picture files of the registered formats (`ImageFormat`).
///
/// PNG: palettes and depths below 8 are expanded to 8 bits, transparent colors become alpha,
/// 16 bits stay. JPEG: CMYK and YCCK are converted to RGB without a profile, and their profile,
/// which describes inks, is dropped. The EXIF orientation is applied and its tag reset to 1.
/// Truncated or corrupted picture data is an error; damaged ancillary data is left out. What else is not
/// read of a file, `Metadata.remarks` tells.
package enum ImageReader {
  /// - Parameters:
  ///   - minimumSize: in pixels as displayed. A JPEG at least twice as large both ways is decoded
  ///     at 1/2, 1/4 or 1/8 of its extents, never below this size. PNG is not affected.
  /// - Throws: `ImageError`.
  package static func read(
    path: String, limits: ImageLimits = .default, minimumSize: (width: Int, height: Int)? = nil
  ) throws -> Image {
    let bytes = try content(of: path, limits: limits)
    return try read(bytes: bytes, name: path, limits: limits, minimumSize: minimumSize)
  }

  /// The pixels of a part of a picture, equal to those of the whole; without metadata. Much less is
  /// decoded than the whole picture, and damage behind the part is not noticed.
  ///
  /// - Throws: `ImageError`, also where the picture has other extents than the window says.
  package static func read(
    path: String, limits: ImageLimits = .default, window: ImageWindow
  ) throws -> Image {
    let bytes = try content(of: path, limits: limits)
    return try format(of: bytes, name: path).codec.decode(
      bytes, name: path, limits: limits, window: window)
  }

  /// A picture from an open stream such as standard input (0), read to its end.
  ///
  /// - Parameter name: what error messages call it.
  /// - Throws: `ImageError`.
  package static func read(
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
  package static func read(
    bytes: [UInt8], name: String, limits: ImageLimits = .default,
    minimumSize: (width: Int, height: Int)? = nil
  ) throws -> Image {
    let codec = try format(of: bytes, name: name).codec
    if minimumSize == nil { try requireMemory(bytes, name: name, limits: limits) }
    return withoutDamagedProfile(
      try codec.decode(bytes, name: name, limits: limits, minimumSize: minimumSize))
  }

  /// A profile that is none tells nobody anything; that it is left out is told.
  private static func withoutDamagedProfile(_ image: Image) -> Image {
    guard let profile = image.metadata.iccProfile, !ICCProfile.isWhole(profile) else {
      return image
    }
    var image = image
    image.metadata.iccProfile = nil
    image.metadata.remarks.append(ICCProfile.remark)
    return image
  }

  /// Checks that there is memory for a picture's samples, before it is taken.
  ///
  /// - Throws: `ImageError` of kind `noMemory`, or `tooManyPixels`.
  private static func requireMemory(
    _ bytes: [UInt8], name: String, limits: ImageLimits
  ) throws {
    // What is wrong with a header, decoding says.
    guard let header = try? header(bytes: bytes, name: name) else { return }
    try limits.check(width: header.width, height: header.height, name: name)
    let copies = (header.orientation == .upright ? 1 : 2) + (header.colorModel.hasAlpha ? 1 : 0)
    do {
      try Memory.require(
        header.width, header.height, header.colorModel.channels * header.depth / 8,
        elements: copies, for: "a picture of \(header.width)x\(header.height)")
    } catch let error as MemoryError {
      throw ImageError(kind: .noMemory, path: name, message: error.description)
    }
  }

  /// How many pictures a file holds that are read by `read(bytes:page:)`; 1 for formats without pages.
  ///
  /// - Throws: `ImageError` of kind `badData`.
  package static func pageCount(bytes: [UInt8], name: String) throws -> Int {
    let codec = try format(of: bytes, name: name).codec
    return try (codec as? any PagedImageCodec.Type)?.pageCount(bytes, name: name) ?? 1
  }

  /// One of several pictures of a file.
  ///
  /// - Parameter page: from 0.
  /// - Throws: `ImageError` of kind `badData`.
  package static func read(
    bytes: [UInt8], page: Int, name: String, limits: ImageLimits = .default
  ) throws -> Image {
    guard let codec = try format(of: bytes, name: name).codec as? any PagedImageCodec.Type else {
      return try read(bytes: bytes, name: name, limits: limits)
    }
    try requireMemory(bytes, name: name, limits: limits)
    return withoutDamagedProfile(
      try codec.decode(bytes, page: page, name: name, limits: limits))
  }

  /// What the file's header says, without decoding it or reading it all.
  ///
  /// - Throws: `ImageError`.
  package static func header(path: String) throws -> ImageHeader {
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
  package static func header(bytes: [UInt8], name: String) throws -> ImageHeader {
    try header(of: ByteSource(bytes: bytes), name: name)
  }

  private static func header(of source: ByteSource, name: String) throws -> ImageHeader {
    try format(of: source.read(at: 0, count: 32), name: name).codec.header(of: source, name: name)
  }

  private static func format(of bytes: [UInt8], name: String) throws(ImageError) -> ImageFormat {
    if let format = ImageFormat(firstBytes: bytes) { return format }
    let message =
      if bytes.isEmpty {
        "expected a \(ImageFormat.list) picture, found an empty file"
      } else if let foreign = ForeignFormat(firstBytes: Array(bytes.prefix(32))) {
        "\(foreign.kind); expected \(ImageFormat.list); "
          + (foreign.command.map { "convert it first: \($0)" } ?? "convert it first")
      } else {
        "expected a \(ImageFormat.list) picture, found something else"
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
