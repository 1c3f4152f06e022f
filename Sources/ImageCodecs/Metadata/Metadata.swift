/// What a file says about a picture beside its pixels.
package struct Metadata: Hashable, Sendable {
  /// The ICC color profile as it stands in the file.
  package var iccProfile: [UInt8]?
  /// The EXIF block (a TIFF stream: "II*\0" or "MM\0*" first). Its orientation tag is 1, since
  /// the orientation is applied when a file is read, and it has no thumbnail, since that shows the
  /// picture as it was.
  package var exif: [UInt8]?
  /// Textual notes: PNG tEXt/zTXt/iTXt chunks by keyword, a JPEG comment under "Comment", an XMP packet
  /// under "XML:com.adobe.xmp".
  package var text: [TextEntry]
  /// How many pixels a length holds.
  package var resolution: Resolution?
  /// Where there is no ICC profile: PNG's sRGB, gAMA and cHRM chunks.
  package var calibration: ColorCalibration?
  /// PNG's cICP chunk: primaries, transfer function, matrix and range by ITU-T H.273. It stands above
  /// profile and calibration.
  package var codePoints: [UInt8]?
  /// Photoshop's resource blocks ("8BIM" first), which hold IPTC's notes; without thumbnails.
  package var photoshopResources: [UInt8]?
  /// The quality of the JPEG file that a picture was read from, on libjpeg's scale of 1 to 100.
  /// Not written: it is no property of a picture that has been changed.
  package var jpegQuality: Int?
  /// That file, whose coefficients tell within which bounds the picture lay. Not written.
  package var jpegFile: JPEGFile?
  /// What the samples of a floating-point file stand for; nil for files of whole numbers.
  package var valueRange: ValueRange?
  /// How the frames of a film are coded, for a picture that is one of them.
  package var film: FilmFormat?
  /// The frame as it was coded: pixels that stay as they are are written as they were.
  package var filmSamples: FilmSamples?
  /// What of the file was not read, or was read in spite of a fault: clauses for a message. Not
  /// written.
  package var remarks: [String] = []

  package struct TextEntry: Hashable, Sendable {
    package var keyword: String
    package var value: String
    /// A tag of RFC 3066, such as "de-AT"; empty where it is not given.
    package var language: String
    /// The keyword in that language; empty where it is not given.
    package var translatedKeyword: String

    package init(
      keyword: String, value: String, language: String = "", translatedKeyword: String = ""
    ) {
      self.keyword = keyword
      self.value = value
      self.language = language
      self.translatedKeyword = translatedKeyword
    }
  }

  /// The numbers of a floating-point file that the smallest and the largest sample stand for.
  package struct ValueRange: Hashable, Sendable {
    package var lower: Float
    /// More than `lower`.
    package var upper: Float

    package init(lower: Float, upper: Float) {
      self.lower = lower
      self.upper = upper
    }
  }

  package init(
    iccProfile: [UInt8]? = nil, exif: [UInt8]? = nil, text: [TextEntry] = [],
    resolution: Resolution? = nil, calibration: ColorCalibration? = nil
  ) {
    self.iccProfile = iccProfile
    self.exif = exif
    self.text = text
    self.resolution = resolution
    self.calibration = calibration
  }
}
