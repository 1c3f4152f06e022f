import CPNG
import Platform

/// What stands in a PNG file's chunks beside what libpng is asked for: texts, how the colors are coded,
/// and whether it is animated.
struct PNGChunks {
  private(set) var texts: [Metadata.TextEntry] = []
  /// The four code points of the cICP chunk (third edition, section 11.3.2.6).
  private(set) var codePoints: [UInt8]?
  /// Whether there is a color profile, whatever it is worth.
  private(set) var hasProfile = false
  /// The pictures of an animated PNG; nil where it is none.
  private(set) var frames: Int?
  /// What of the file is not read, for a message.
  private(set) var remarks: [String] = []

  /// All texts of a file together, in bytes as they are kept. A zlib stream unfolds to a thousand times
  /// its length, and a file may hold any number of them.
  static let textLimit = 8 << 20

  private var room = Self.textLimit
  private var textsLeftOut = 0

  /// - Parameter bytes: of the whole file.
  init(of bytes: UnsafeBufferPointer<UInt8>) {
    var offset = PNGHeader.signature.count
    var chunk = cpng_chunk()
    var hasImageData = false
    while cpng_next_chunk(bytes.baseAddress, bytes.count, &offset, &chunk) != 0 {
      let type = withUnsafeBytes(of: chunk.type) { String(decoding: $0.prefix(4), as: UTF8.self) }
      let content = UnsafeBufferPointer(start: chunk.bytes, count: chunk.count)
      switch type {
      case "IEND": offset = .max
      case "IDAT": hasImageData = true
      case "tEXt", "zTXt", "iTXt":
        if cpng_is_intact(&chunk) != 0 { addText(type, content) }
      case "cICP" where content.count == 4 && !hasImageData:
        if cpng_is_intact(&chunk) != 0 { codePoints = Array(content) }
      case "iCCP" where !hasImageData: hasProfile = true
      case "acTL" where content.count == 8 && !hasImageData:
        if cpng_is_intact(&chunk) != 0 {
          frames = content.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        }
      default: break
      }
      if offset == .max { break }
    }
    if let frames, frames > 1 {
      remarks.append("an animated PNG of \(frames) pictures; only the first is read")
    }
    if textsLeftOut > 0 {
      remarks.append(
        "\(textsLeftOut) of its texts left out: they are damaged, or hold more than "
          + "\(Self.textLimit >> 20) MB in all")
    }
  }

  private mutating func addText(_ type: String, _ content: UnsafeBufferPointer<UInt8>) {
    guard let entry = entry(type, content[...]) else {
      textsLeftOut += 1
      return
    }
    room -= entry.keyword.utf8.count + entry.value.utf8.count
    texts.append(entry)
  }

  /// nil where the chunk is no text, or one that there is no room for.
  private func entry(
    _ type: String, _ content: Slice<UnsafeBufferPointer<UInt8>>
  ) -> Metadata.TextEntry? {
    var rest = content
    guard let keyword = Self.takeString(from: &rest), (1...79).contains(keyword.count) else {
      return nil
    }
    var entry = Metadata.TextEntry(keyword: TextEncodings.latin1(keyword), value: "")
    switch type {
    case "tEXt":
      guard rest.count <= room else { return nil }
      entry.value = TextEncodings.latin1(rest)
    case "zTXt":
      guard rest.popFirst() == 0, let bytes = inflated(rest) else { return nil }
      entry.value = TextEncodings.latin1(bytes)
    default:
      guard let isCompressed = rest.popFirst(), let method = rest.popFirst(), isCompressed <= 1,
        let language = Self.takeString(from: &rest),
        let translated = Self.takeString(from: &rest)
      else { return nil }
      entry.language = TextEncodings.latin1(language)
      entry.translatedKeyword = String(decoding: translated, as: UTF8.self)
      if isCompressed == 1 {
        guard method == 0, let bytes = inflated(rest) else { return nil }
        entry.value = String(decoding: bytes, as: UTF8.self)
      } else {
        guard rest.count <= room else { return nil }
        entry.value = String(decoding: rest, as: UTF8.self)
      }
    }
    // What no text can hold ends it, as it does for libpng.
    if let end = entry.value.utf8.firstIndex(of: 0) { entry.value = String(entry.value[..<end]) }
    if entry.keyword == XMP.keyword { entry.value = XMP.forResult(entry.value) }
    return entry
  }

  private func inflated(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
    guard room > 0 else { return nil }
    let bytes = UnsafeBufferPointer(rebasing: bytes)
    var count = 0
    guard let start = cpng_inflate(bytes.baseAddress, bytes.count, room, &count) else { return nil }
    defer { free(start) }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }

  /// The bytes up to a NUL, which is taken too; nil where there is none.
  private static func takeString(
    from rest: inout Slice<UnsafeBufferPointer<UInt8>>
  ) -> Slice<UnsafeBufferPointer<UInt8>>? {
    guard let end = rest.firstIndex(of: 0) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end]
  }
}
