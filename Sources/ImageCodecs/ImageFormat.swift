/// A format that pictures are read from and written to: an entry of the registry.
public struct ImageFormat: Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// As in `--format`, in lower case: "png".
  public let name: String
  /// As written in messages: "PNG".
  public let displayName: String
  /// Those of its files, in lower case and without the dot, the usual one first.
  public let extensions: [String]
  public let capabilities: Capabilities
  let codec: any ImageCodec.Type

  /// What a format can hold.
  public struct Capabilities: Hashable, Sendable {
    public var hasAlpha = true
    /// Bits of a sample at most: 8 or 16.
    public var depth = 16
    /// Whether the pixels that are read are those that were written.
    public var isLossless = true
    /// Whether `EncodingOptions.jpegQuality` has a say.
    public var hasQuality = false
    /// Whether it can say what its colours are: an ICC profile.
    public var hasProfile = true
    /// Whether it can say so by primaries and gamma.
    public var hasCalibration = false
    /// Whether a file holds any number of pictures of one kind.
    public var hasPages = false
    /// Whether files one after another in one file or pipe are a series of pictures.
    public var isSeries = false
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

  public static func == (a: ImageFormat, b: ImageFormat) -> Bool { a.name == b.name }

  public var description: String { displayName }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// From a name as in `--format`: "png", "jpeg" or "jpg", in any case.
  public init?(name: String) {
    let name = name.lowercased()
    guard
      let format = Self.allCases.first(where: { $0.name == name || $0.extensions.contains(name) })
    else { return nil }
    self = format
  }

  /// From the extension of a path, in any case.
  public init?(path: String) {
    guard let word = Self.pathExtension(path),
      let format = Self.allCases.first(where: { $0.extensions.contains(word) })
    else { return nil }
    self = format
  }

  /// From the first bytes of a file (32 are enough).
  public init?(firstBytes bytes: [UInt8]) {
    guard let format = Self.allCases.first(where: { $0.codec.recognizes(bytes) }) else {
      return nil
    }
    self = format
  }

  /// The usual extension, without the dot.
  public var fileExtension: String { extensions[0] }

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
  public static var allCases: [ImageFormat] { known.filter { $0.codec.isAvailable } }

  /// The names that `--format` may take in any build.
  public static var names: [String] { known.map(\.name) }

  /// "PNG, JPEG, PNM or PAM", for messages.
  public static var list: String {
    let names = allCases.map(\.displayName)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}
