import ArgumentParser
import Batches
import ImageCodecs
import Pictures

/// Where pictures go.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      """
      A file; a pattern such as out-%04d.png, numbered from 1; a folder, for the inputs' own \
      names (with / behind one that is not there yet); or - for standard output, one picture after \
      another.
      """, valueName: "path"))
  var path: String

  @Option(
    name: .customLong("format"),
    help: ArgumentHelp(
      """
      png, jpeg, tiff, webp, pnm, pam, pfm, y4m or npy (default: by the output's extension; for standard \
      output y4m if the input is a film, otherwise png).
      """,
      valueName: "format"))
  var format: PictureFormat?

  @Option(
    help: ArgumentHelp(
      """
      JPEG and WebP quality, 1 to 100 (default: \(PictureOutput.Options.defaultQuality)). JPEG above 90 keeps color \
      at full resolution; WebP is lossless at 100.
      """, valueName: "percent"))
  var quality: Int?

  @Option(help: ArgumentHelp("Bits per sample, 8 or 16 (PNG, TIFF, PNM, PAM).", valueName: "bits"))
  var depth: Int?

  func validate() throws {
    if let quality, !(1...100).contains(quality) {
      throw ValidationError("expected a --quality of 1 to 100, found \(quality)")
    }
    if let depth, depth != 8 && depth != 16 {
      throw ValidationError("expected a --depth of 8 or 16, found \(depth)")
    }
    if path.isEmpty { throw ValidationError("expected a path as --output, found none") }
  }

  /// The same for whoever writes pictures.
  ///
  /// - Throws: `Failure` of usage where pictures would go to a terminal.
  var target: PictureOutput.Options {
    get throws {
      try Self.checkIsNoTerminal(path)
      return PictureOutput.Options(path: path, format: format, depth: depth, quality: quality)
    }
  }

  static func checkIsNoTerminal(_ path: String) throws {
    guard path == "-" && StandardError.sharesOutput else { return }
    throw Failure(
      .usage, "standard output: expected a pipe or a file for pictures, found a terminal")
  }
}

extension PictureFormat: ExpressibleByArgument {
  package init?(argument: String) { self.init(name: argument) }

  package static var allValueStrings: [String] { ImageFormat.names + ["npy"] }
}

/// Many pictures in one.
struct SheetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Put the pictures into one, row by row.", valueName: "colsxrows"))
  var grid: Extents?

  @Option(help: ArgumentHelp("Pixels between the pictures of a grid.", valueName: "pixels"))
  var gap: Int = 0

  func validate() throws {
    if !(0...4096).contains(gap) {
      throw ValidationError("expected a --gap of 0 to 4096 pixels, found \(gap)")
    }
  }

  var sheet: Sheet? {
    grid.map { Sheet(columns: $0.width, rows: $0.height, gap: gap) }
  }
}
