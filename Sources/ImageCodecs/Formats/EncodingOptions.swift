/// How pictures are written.
package struct EncodingOptions: Hashable, Sendable {
  /// Of the lossy formats, 1...100; WebP is lossless at 100.
  package var jpegQuality: Int
  /// Whether JPEG keeps color at half resolution (4:2:0) instead of full (4:4:4); nil for up to
  /// quality 90.
  package var isChromaSubsampled: Bool?
  package var isProgressive: Bool
  /// zlib's level, 0...9; nil for one that suits the picture.
  package var pngCompression: Int?
  /// Whether a picture with alpha is composited on white for JPEG, which cannot store alpha.
  /// Otherwise such a picture is refused.
  package var flattenAlpha: Bool

  package init(
    jpegQuality: Int = 92, isChromaSubsampled: Bool? = nil, isProgressive: Bool = false,
    pngCompression: Int? = nil, flattenAlpha: Bool = false
  ) {
    self.jpegQuality = jpegQuality
    self.isChromaSubsampled = isChromaSubsampled
    self.isProgressive = isProgressive
    self.pngCompression = pngCompression
    self.flattenAlpha = flattenAlpha
  }

  func check(name: String) throws(ImageError) {
    guard (1...100).contains(jpegQuality) else {
      throw ImageError(
        kind: .usage, path: name,
        message: "expected a quality of 1 to 100, found \(jpegQuality)")
    }
    if let pngCompression, !(0...9).contains(pngCompression) {
      throw ImageError(
        kind: .usage, path: name,
        message: "expected a PNG compression of 0 to 9, found \(pngCompression)")
    }
  }
}
