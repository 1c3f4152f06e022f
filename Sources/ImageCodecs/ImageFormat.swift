/// The formats pictures are read from and written to.
public enum ImageFormat: String, Hashable, Sendable, CaseIterable {
  case png
  case jpeg

  /// From a name as in `--format`: "png", "jpeg" or "jpg", in any case.
  public init?(name: String) {
    switch name.lowercased() {
    case "png": self = .png
    case "jpeg", "jpg": self = .jpeg
    default: return nil
    }
  }

  /// From the extension of a path: .png, .jpg, .jpeg (or .jpe, .jfif), in any case.
  public init?(path: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    switch name[name.index(after: dot)...].lowercased() {
    case "png": self = .png
    case "jpg", "jpeg", "jpe", "jfif": self = .jpeg
    default: return nil
    }
  }

  /// From the first bytes of a file (8 are enough).
  public init?(firstBytes bytes: [UInt8]) {
    if bytes.starts(with: PNGHeader.signature) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else {
      return nil
    }
  }

  /// As written in messages: "PNG", "JPEG".
  public var displayName: String { rawValue.uppercased() }

  /// The usual extension, without the dot.
  public var fileExtension: String { self == .png ? "png" : "jpg" }
}

extension ImageFormat {
  /// What kind of file starts with these bytes (32 are enough), for the error message about one
  /// that cannot be read: "a WebP file". `nil` where it is none of the well-known ones.
  static func foreignKind(firstBytes bytes: [UInt8]) -> String? {
    func has(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    if has("RIFF") && has("WEBP", at: 8) { return "a WebP file" }
    if has("GIF8") { return "a GIF file" }
    if bytes.starts(with: [0x49, 0x49, 0x2A, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2A])
      || bytes.starts(with: [0x49, 0x49, 0x2B, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2B])
    {
      return "a TIFF or camera raw file"
    }
    if has("ftyp", at: 4) {
      if ["heic", "heix", "mif1", "msf1", "hevc"].contains(where: { has($0, at: 8) }) {
        return "a HEIC file"
      }
      return has("avif", at: 8) || has("avis", at: 8) ? "an AVIF file" : "a film (MP4 family)"
    }
    if has("JXL ", at: 4) || bytes.starts(with: [0xFF, 0x0A]) { return "a JPEG XL file" }
    if has("jP  ", at: 4) || bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) {
      return "a JPEG 2000 file"
    }
    if has("BM") && bytes.count >= 26 && bytes[6...9].allSatisfy({ $0 == 0 }) {
      return "a BMP file"
    }
    if has("8BPS") { return "a Photoshop file" }
    if has("v/1\u{1}") { return "an OpenEXR file" }
    if has("qoif") { return "a QOI file" }
    if has("%PDF") { return "a PDF file" }
    if has("SIMPLE  =") { return "a FITS file" }
    if bytes.starts(with: [0, 0, 1, 0]) { return "an ICO file" }
    if has("<svg") || has("<?xml") { return "an SVG or XML file" }
    if bytes.starts(with: [0x1F, 0x8B]) { return "a gzip file" }
    if bytes.count > 2, has("P"), (0x31...0x37).contains(bytes[1]), bytes[2] <= 0x20 {
      return "a Netpbm file"
    }
    return nil
  }
}
