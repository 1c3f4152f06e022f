import Files

/// Writes PNG and JPEG files. The same picture and options give the same bytes.
///
/// ICC profile (where it describes the picture's colour model), EXIF block and texts are written
/// too; in JPEG, texts become comments, under "Comment" as they are, others after their keyword.
public enum ImageWriter {
  /// The bytes of a file.
  ///
  /// - Parameter name: what error messages call it.
  /// - Throws: `ImageError` of kind `usage` where the format cannot hold the picture: alpha in
  ///   JPEG unless `options.flattenAlpha`, more than 65,500 pixels a side in JPEG.
  public static func encode(
    _ image: Image, format: ImageFormat, options: EncodingOptions = EncodingOptions(),
    name: String = "output"
  ) throws(ImageError) -> [UInt8] {
    try options.check(name: name)
    return switch format {
    case .png: try PNGEncoder.encode(image, options: options, name: name)
    case .jpeg: try JPEGEncoder.encode(image, options: options, name: name)
    }
  }

  /// Writes a file in one step: there is the whole picture or what was there before.
  ///
  /// - Parameter format: `nil`: by the path's extension.
  /// - Throws: `ImageError`.
  public static func write(
    _ image: Image, to path: String, format: ImageFormat? = nil,
    options: EncodingOptions = EncodingOptions()
  ) throws(ImageError) {
    guard let format = format ?? ImageFormat(path: path) else {
      throw ImageError(
        kind: .usage, path: path,
        message: "expected the extension .png or .jpg, or the format to be given")
    }
    let bytes = try encode(image, format: format, options: options, name: path)
    do throws(FileError) {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw ImageError(error)
    }
  }
}
