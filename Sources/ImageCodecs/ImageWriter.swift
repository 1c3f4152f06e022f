/// Writes picture files of the registered formats (`ImageFormat`). The same picture and options give the same bytes.
///
/// ICC profile (where it describes the picture's color model), EXIF block and texts are written
/// too; in JPEG, texts become comments, under "Comment" as they are, others after their keyword.
package enum ImageWriter {
  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - name: what error messages call it.
  ///   - film: the header of the film that it is appended to, nil where there is none: frames that are alike have
  ///     one header. It becomes that of what is written.
  /// - Throws: `ImageError` of kind `usage` where the format cannot hold the picture: alpha in
  ///   JPEG unless `options.flattenAlpha`, more than 65,500 pixels a side in JPEG.
  package static func encode(
    _ image: Image, format: ImageFormat, options: EncodingOptions = EncodingOptions(),
    name: String = "output", film: inout ArraySlice<UInt8>?
  ) throws(ImageError) -> [UInt8] {
    let bytes = try encode(image, format: format, options: options, name: name)
    guard format == .y4m else { return bytes }
    defer { film = Y4MCodec.header(of: bytes) }
    return film.map { Y4MCodec.continuing($0, with: bytes) } ?? bytes
  }

  /// The bytes of a file that begins anew.
  ///
  /// - Throws: `ImageError`, as above.
  package static func encode(
    _ image: Image, format: ImageFormat, options: EncodingOptions = EncodingOptions(),
    name: String = "output"
  ) throws(ImageError) -> [UInt8] {
    try options.check(name: name)
    return try format.codec.encode(
      image.prepared(for: format, options), options: options, name: name)
  }

  /// The bytes of a file of several pictures.
  ///
  /// - Precondition: there is at least one picture, and the format has pages.
  /// - Throws: `ImageError` of kind `usage` where the format cannot hold them.
  package static func encode(
    pages: [Image], format: ImageFormat, options: EncodingOptions = EncodingOptions(),
    name: String = "output"
  ) throws(ImageError) -> [UInt8] {
    guard let codec = format.codec as? any PagedImageCodec.Type, !pages.isEmpty else {
      preconditionFailure("\(format.displayName) has no pages")
    }
    try options.check(name: name)
    return try codec.encode(
      pages: pages.map { $0.prepared(for: format, options) }, options: options, name: name)
  }
}

extension Image {
  /// The picture as a format can hold it. Alpha that it cannot hold stays where it is not to be flattened:
  /// the codec refuses it.
  fileprivate func prepared(for format: ImageFormat, _ options: EncodingOptions) -> Image {
    let holds = format.capabilities
    let converted = holds.hasCalibration ? self : inSRGB()
    let opaque = options.flattenAlpha && !holds.hasAlpha ? converted.flattened() : converted
    return holds.depth < opaque.depth ? opaque.converted(toDepth: holds.depth) : opaque
  }

  /// Refuses alpha in the name of a format that has none.
  func checkIsOpaque(for format: String, name: String) throws(ImageError) {
    guard colorModel.hasAlpha else { return }
    throw ImageError(
      kind: .usage, path: name,
      message: "\(format) cannot store the picture's transparency: write a PNG")
  }
}
