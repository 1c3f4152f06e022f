/// How large a picture may be. Checked from its header, before memory is taken for the pixels.
public struct ImageLimits: Hashable, Sendable {
  /// The largest width times height.
  public var maximumPixels: Int
  /// The longest file, in bytes.
  public var maximumFileLength: Int

  public static let `default` = ImageLimits()

  public init(maximumPixels: Int = 200_000_000, maximumFileLength: Int = 1 << 31) {
    self.maximumPixels = maximumPixels
    self.maximumFileLength = maximumFileLength
  }

  /// - Throws: `ImageError` of kind `tooManyPixels`.
  package func check(width: Int, height: Int, name: String) throws(ImageError) {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard overflow || pixels > maximumPixels else { return }
    throw ImageError(
      kind: .tooManyPixels, path: name,
      message: "\(width)x\(height) pixels are more than the limit of \(maximumPixels)")
  }
}

/// What a file's header says about its picture.
package struct ImageHeader: Hashable, Sendable {
  package var format: ImageFormat
  /// In pixels, with the EXIF orientation applied.
  package var width: Int
  /// In pixels, with the EXIF orientation applied.
  package var height: Int
  /// As `ImageReader.read` delivers it.
  package var colorModel: Image.ColorModel
  /// Bits per sample as `ImageReader.read` delivers them: 8 or 16.
  package var depth: Int
  /// The EXIF orientation in the file.
  package var orientation: Orientation
  /// How many pictures the file holds, where its format has pages.
  package var pages = 1

  mutating func apply(_ orientation: Orientation) {
    self.orientation = orientation
    if orientation.swapsAxes { swap(&width, &height) }
  }
}
