/// A kind of file that is known and not read, for the message that says so.
package struct ForeignFormat: Hashable, Sendable {
  /// "a HEIC file".
  package let kind: String
  /// A command that makes a picture of it that can be read, with IN and OUT for the files; nil where
  /// none is known.
  package let command: String?

  /// Whether it holds files of any kind, which may be no pictures.
  package var isArchive: Bool { ["gunzip IN", "unzip IN"].contains(command) }

  /// The extensions that files of foreign pictures have: folders name what they pass over by these.
  package static let extensions: Set<String> = [
    "webp", "tif", "tiff", "bmp", "dib", "gif", "heic", "heif", "avif", "jxl", "jp2", "j2k", "psd",
    "exr",
    "qoi", "ico", "svg", "dng", "cr2", "cr3", "nef", "arw", "orf", "raf", "rw2", "hdr", "tga",
    "fits",
  ]

  /// Whether a path's extension is that of a picture which this program does not read.
  package static func isNamed(by path: String) -> Bool {
    guard ImageFormat(path: path) == nil, let word = ImageFormat.pathExtension(path) else {
      return false
    }
    return extensions.contains(word)
  }

  /// What kind of file starts with these bytes (32 are enough); nil where it is none of the well-known
  /// ones.
  package init?(firstBytes bytes: [UInt8]) {
    for (kind, command, matches) in Self.table where matches(Start(bytes: bytes)) {
      self.kind = kind
      self.command = command
      return
    }
    return nil
  }

  private struct Start {
    let bytes: [UInt8]

    func has(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }

    func has(_ first: [UInt8]) -> Bool { bytes.starts(with: first) }

    /// Of the MP4 family (ISO/IEC 14496-12): the major brand, or the first compatible ones.
    func hasBrand(_ brands: [String]) -> Bool {
      has("ftyp", at: 4)
        && stride(from: 8, through: 28, by: 4).contains { place in
          place != 12 && brands.contains { has($0, at: place) }
        }
    }
  }

  private static let magick = "magick IN OUT.png"

  private static let table: [(String, String?, @Sendable (Start) -> Bool)] = [
    ("a WebP file", "dwebp IN -o OUT.png", { $0.has("RIFF") && $0.has("WEBP", at: 8) }),
    ("a GIF file", "magick 'IN[0]' OUT.png", { $0.has("GIF8") }),
    (
      "a TIFF or camera raw file", "magick IN OUT.png (a raw file: dcraw_emu -T IN)",
      {
        $0.has([0x49, 0x49, 0x2A, 0]) || $0.has([0x4D, 0x4D, 0, 0x2A])
          || $0.has([0x49, 0x49, 0x2B, 0])
          || $0.has([0x4D, 0x4D, 0, 0x2B])
      }
    ),
    ("an AVIF file", "avifdec IN OUT.png", { $0.hasBrand(["avif", "avis"]) }),
    (
      "a HEIC file", "heif-convert IN OUT.png",
      { $0.hasBrand(["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"]) }
    ),
    ("a film (MP4 family)", "ffmpeg -i IN OUT-%04d.png", { $0.has("ftyp", at: 4) }),
    ("a JPEG XL file", "djxl IN OUT.png", { $0.has("JXL ", at: 4) || $0.has([0xFF, 0x0A]) }),
    (
      "a JPEG 2000 file", "opj_decompress -i IN -o OUT.png",
      { $0.has("jP  ", at: 4) || $0.has([0xFF, 0x4F, 0xFF, 0x51]) }
    ),
    (
      "a BMP file", magick,
      { $0.has("BM") && $0.bytes.count >= 26 && $0.bytes[6...9].allSatisfy { $0 == 0 } }
    ),
    ("a Photoshop file", "magick 'IN[0]' OUT.png", { $0.has("8BPS") }),
    ("an OpenEXR file", magick, { $0.has("v/1\u{1}") }),
    ("a Radiance file", magick, { $0.has("#?RADIANCE") || $0.has("#?RGBE") }),
    ("a QOI file", magick, { $0.has("qoif") }),
    ("a PDF file", "pdftoppm -png IN OUT", { $0.has("%PDF") }),
    ("a FITS file", magick, { $0.has("SIMPLE  =") }),
    ("an ICO file", "magick 'IN[0]' OUT.png", { $0.has([0, 0, 1, 0]) }),
    ("an SVG or XML file", "rsvg-convert IN -o OUT.png", { $0.has("<svg") || $0.has("<?xml") }),
    ("a gzip file", "gunzip IN", { $0.has([0x1F, 0x8B]) }),
    ("a ZIP or .npz archive", "unzip IN", { $0.has([0x50, 0x4B, 3, 4]) }),
    ("a film (Matroska)", "ffmpeg -i IN OUT-%04d.png", { $0.has([0x1A, 0x45, 0xDF, 0xA3]) }),
  ]
}
