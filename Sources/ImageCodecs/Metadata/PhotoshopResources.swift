/// Photoshop's image resource blocks, in which JPEG files carry IPTC's notes (IPTC-NAA Information
/// Interchange Model, version 4.2): each "8BIM", a number, a name, a length and data, padded to even
/// lengths.
enum PhotoshopResources {
  /// Starts the JPEG segment.
  static let signature: [UInt8] = Array("Photoshop 3.0\0".utf8)
  /// The text that stands for the blocks in PNG files, as ImageMagick writes it.
  static let keyword = "Raw profile type 8bim"
  static let keywords = [keyword, "Raw profile type iptc"]

  private static let mark: [UInt8] = Array("8BIM".utf8)
  /// Thumbnails, which show the picture as it was.
  private static let thumbnails: Set<Int> = [0x0409, 0x040C]

  /// The blocks without thumbnails; nil where none is left. What is no block ends them.
  static func forResult(_ bytes: [UInt8]) -> [UInt8]? {
    var kept: [UInt8] = []
    var offset = 0
    while offset + 7 <= bytes.count, bytes[offset..<offset + 4].elementsEqual(mark) {
      let number = Int(bytes[offset + 4]) << 8 | Int(bytes[offset + 5])
      let name = Int(bytes[offset + 6]) + 1
      let field = offset + 6 + name + name % 2
      guard field + 4 <= bytes.count else { break }
      let length = bytes[field..<field + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - field - 4 else { break }
      let end = field + 4 + length
      if !thumbnails.contains(number) {
        kept += bytes[offset..<end]
        if length % 2 == 1 { kept.append(0) }
      }
      offset = end + length % 2
    }
    return kept.isEmpty ? nil : kept
  }

  /// A line break, a name, a length and hexadecimal digits, 72 a line.
  static func rawProfile(_ bytes: [UInt8]) -> String {
    var text = Array("\n8bim\n\(bytes.count)".utf8)
    let digits = Array("0123456789abcdef".utf8)
    for (index, byte) in bytes.enumerated() {
      if index % 36 == 0 { text.append(0x0A) }
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self) + "\n"
  }

  /// The bytes of such a text; nil where it is none.
  static func bytes(ofRawProfile text: String) -> [UInt8]? {
    let words = text.utf8.split { $0 == 0x0A || $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
    guard words.count >= 3, let length = Int(String(decoding: words[1], as: UTF8.self)) else {
      return nil
    }
    var bytes: [UInt8] = []
    var upper: UInt8?
    for digit in words[2...].joined() {
      let value: UInt8
      switch digit {
      case 0x30...0x39: value = digit - 0x30
      case 0x41...0x46: value = digit - 0x41 + 10
      case 0x61...0x66: value = digit - 0x61 + 10
      default: return nil
      }
      if let high = upper {
        bytes.append(high << 4 | value)
        upper = nil
      } else {
        upper = value
      }
    }
    return bytes.count == length ? bytes : nil
  }
}

extension Metadata {
  /// Makes blocks of the text that stands for them in a PNG file.
  mutating func takePhotoshopResources() {
    for (index, entry) in text.enumerated()
    where PhotoshopResources.keywords.contains(entry.keyword) {
      guard let bytes = PhotoshopResources.bytes(ofRawProfile: entry.value),
        let blocks = PhotoshopResources.forResult(bytes)
      else { continue }
      photoshopResources = blocks
      text.remove(at: index)
      return
    }
  }
}
