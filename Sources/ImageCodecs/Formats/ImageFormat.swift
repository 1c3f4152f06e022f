/// A format that pictures are read from and written to: an entry of the registry.
package struct ImageFormat: Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// As in `--format`, in lower case: "png".
  package let name: String
  /// As written in messages: "PNG".
  package let displayName: String
  /// Those of its files, in lower case and without the dot, the usual one first.
  package let extensions: [String]
  package let capabilities: Capabilities
  let codec: any ImageCodec.Type

  /// What a format can hold.
  package struct Capabilities: Hashable, Sendable {
    package var hasAlpha = true
    /// Bits of a sample at most: 8 or 16.
    package var depth = 16
    /// Whether the pixels that are read are those that were written.
    package var isLossless = true
    /// Whether `EncodingOptions.jpegQuality` has a say.
    package var hasQuality = false
    /// Whether it can say what its colors are: an ICC profile.
    package var hasProfile = true
    /// Whether it can say so by primaries and gamma.
    package var hasCalibration = false
    /// Whether a file holds any number of pictures of one kind.
    package var hasPages = false
    /// Whether files one after another in one file or pipe are a series of pictures.
    package var isSeries = false
  }

  init(
    _ name: String, _ displayName: String, extensions: [String], _ codec: any ImageCodec.Type,
    _ change: (inout Capabilities) -> Void
  ) {
    self.name = name
    self.displayName = displayName
    self.extensions = extensions
    self.codec = codec
    var capabilities = Capabilities()
    change(&capabilities)
    self.capabilities = capabilities
  }

  package static func == (a: ImageFormat, b: ImageFormat) -> Bool { a.name == b.name }

  package var description: String { displayName }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// From a name as in `--format`: "png", "jpeg" or "jpg", in any case.
  package init?(name: String) {
    let name = name.lowercased()
    guard
      let format = Self.allCases.first(where: { $0.name == name || $0.extensions.contains(name) })
    else { return nil }
    self = format
  }

  /// From the extension of a path, in any case.
  package init?(path: String) {
    guard let word = Self.pathExtension(path),
      let format = Self.allCases.first(where: { $0.extensions.contains(word) })
    else { return nil }
    self = format
  }

  /// From the first bytes of a file (32 are enough).
  package init?(firstBytes bytes: [UInt8]) {
    guard let format = Self.allCases.first(where: { $0.codec.recognizes(bytes) }) else {
      return nil
    }
    self = format
  }

  /// The usual extension, without the dot.
  package var fileExtension: String { extensions[0] }

  /// In lower case; nil where a path has none.
  static func pathExtension(_ path: String) -> String? {
    let name = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last
    guard let name, let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      return nil
    }
    return String(name[name.index(after: dot)...])?.lowercased()
  }
}

extension ImageFormat {
  /// All that this program may be built with, in the order in which files are told apart. A new one is a
  /// codec, which says in its file what the format is, and its name here.
  @TaskLocal static var known: [ImageFormat] = [.png, .jpeg, .tiff, .webp, .pnm, .pam, .pfm, .y4m]

  /// Those that this program is built with.
  package static var allCases: [ImageFormat] { known.filter { $0.codec.isAvailable } }

  /// The names that `--format` may take in any build.
  package static var names: [String] { known.map(\.name) }

  /// "PNG, JPEG, PNM or PAM", for messages.
  package static var list: String {
    let names = allCases.map(\.displayName)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}
