import ArgumentParser
import Files
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
      JPEG and WebP quality, 1 to 100 (default: \(OutputOptions.defaultQuality)). JPEG above 90 keeps color \
      at full resolution; WebP is lossless at 100.
      """, valueName: "percent"))
  var quality: Int?

  static let defaultQuality = 92

  var encoding: EncodingOptions {
    EncodingOptions(jpegQuality: quality ?? Self.defaultQuality)
  }

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

  /// Refuses what a format has no use for.
  ///
  /// - Parameter format: of everything that is written; nil where each picture has its own.
  func check(_ format: PictureFormat?) throws {
    guard format != nil else { return }
    let (name, capabilities): (String, ImageFormat.Capabilities?) =
      switch format {
      case .file(let file): (file.displayName, file.capabilities)
      case .array, nil: ("an array", nil)
      }
    if let depth, format?.takesDepth(depth) == false {
      throw Failure(
        .usage, "--depth \(depth): not for \(name); write PNG, TIFF, PNM or PAM, or leave it out")
    }
    if quality != nil && capabilities?.hasQuality != true {
      throw Failure(.usage, "--quality: not for \(name); write JPEG or WebP, or leave it out")
    }
  }

  /// Refuses what none of the formats has a use for that the pictures of a folder keep.
  func check(formatsOfPictures formats: Set<ImageFormat>) throws {
    guard let format = formats.first else { return }
    if let depth, formats.allSatisfy({ $0.capabilities.depth < depth }) {
      try check(.file(format))
    }
    if quality != nil && !formats.contains(where: \.capabilities.hasQuality) {
      try check(.file(format))
    }
  }

  /// Whether the path is neither standard output nor a pattern nor a name that tells a format.
  var hasBareName: Bool {
    path != "-" && !path.hasSuffix("/") && PictureFormat(path: path) == nil
      && OutputPattern(path) == nil
  }

  /// The folder that results are written to, where it is there already.
  var folderIdentity: Paths.Identity? { Paths.isFolder(path) ? Paths.identity(path) : nil }

  /// Whether the output is one picture file.
  var isSingleFile: Bool {
    path != "-" && !path.hasSuffix("/") && !Paths.isFolder(path) && OutputPattern(path) == nil
      && (format ?? PictureFormat(path: path))?.holdsMany != true
  }
}

/// What pictures are written as.
enum PictureFormat: Hashable, ExpressibleByArgument {
  case file(ImageFormat)
  /// A NumPy array on the scale 0...255.
  case array

  init?(argument: String) {
    if argument.lowercased() == "npy" {
      self = .array
    } else if let format = ImageFormat(name: argument) {
      self = .file(format)
    } else {
      return nil
    }
  }

  init?(path: String) {
    if path.lowercased().hasSuffix(".npy") {
      self = .array
    } else if let format = ImageFormat(path: path) {
      self = .file(format)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] { ImageFormat.names + ["npy"] }

  /// Whether samples of so many bits can be written; floating-point numbers hold any.
  func takesDepth(_ depth: Int) -> Bool {
    switch self {
    case .file(let format): depth <= format.capabilities.depth
    case .array: true
    }
  }

  /// Whether one file holds any number of pictures.
  var holdsMany: Bool {
    switch self {
    case .file(let format): format.capabilities.hasPages || format.capabilities.isSeries
    case .array: true
    }
  }
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
