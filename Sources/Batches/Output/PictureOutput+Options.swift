import Files
import ImageCodecs

extension PictureOutput {
  /// Where pictures go, and as what.
  package struct Options {
    /// A file, a pattern (`OutputPattern`), a folder, with a slash behind it where it is not there yet, or
    /// "-" for standard output.
    package var path: String
    /// nil for what the path says.
    package var format: PictureFormat?
    /// Bits per sample, 8 or 16; nil for those of each picture.
    package var depth: Int?
    /// Of JPEG and WebP, 1 to 100; nil for the usual one.
    package var quality: Int?

    package static let defaultQuality = 92

    package init(
      path: String, format: PictureFormat? = nil, depth: Int? = nil, quality: Int? = nil
    ) {
      (self.path, self.format, self.depth, self.quality) = (path, format, depth, quality)
    }

    var encoding: EncodingOptions {
      EncodingOptions(jpegQuality: quality ?? Self.defaultQuality)
    }

    /// Refuses what a format has no use for.
    ///
    /// - Parameter format: of everything that is written; nil where each picture has its own.
    func check(_ format: PictureFormat?) throws {
      guard let format else { return }
      let (name, capabilities): (String, ImageFormat.Capabilities?) =
        switch format {
        case .file(let file): (file.displayName, file.capabilities)
        case .array: ("an array", nil)
        }
      if let depth, !format.takesDepth(depth) {
        throw BatchProblem.unusableDepth(depth, format: name)
      }
      if quality != nil && capabilities?.hasQuality != true {
        throw BatchProblem.unusableQuality(format: name)
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

    /// Whether the output is one picture file.
    package var isSingleFile: Bool {
      path != "-" && !path.hasSuffix("/") && !Paths.isFolder(path) && OutputPattern(path) == nil
        && (format ?? PictureFormat(path: path))?.holdsMany != true
    }
  }
}
