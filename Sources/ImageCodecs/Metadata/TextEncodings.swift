/// Text as bytes of the encodings that picture files use.
enum TextEncodings {
  static func latin1(_ bytes: some Collection<UInt8>) -> String {
    var utf8: [UInt8] = []
    utf8.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte < 0x80 {
        utf8.append(byte)
      } else {
        utf8.append(0xC0 | byte >> 6)
        utf8.append(0x80 | byte & 0x3F)
      }
    }
    return String(decoding: utf8, as: UTF8.self)
  }

  /// UTF-8 where the bytes are valid, otherwise Latin-1.
  static func utf8OrLatin1(_ bytes: some Collection<UInt8>) -> String {
    String(validating: bytes, as: UTF8.self) ?? latin1(bytes)
  }

  /// `nil` where the text has characters outside Latin-1, or its control characters other than
  /// tabulator and line ends.
  static func latin1Bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0xFF: bytes.append(UInt8(scalar.value))
      default: return nil
      }
    }
    return bytes
  }

  /// A PNG keyword (PNG specification, section 11.3.3.2): 1...79 printable Latin-1 characters
  /// with single spaces between words; what does not fit is left out or cut off.
  static func pngKeyword(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars where bytes.count < 79 {
      switch scalar.value {
      case 0x20 where bytes.isEmpty || bytes.last == 0x20: break
      case 0x20...0x7E, 0xA1...0xFF: bytes.append(UInt8(scalar.value))
      default: break
      }
    }
    while bytes.last == 0x20 { bytes.removeLast() }
    return bytes.isEmpty ? Array("Comment".utf8) : bytes
  }

  /// The letters, digits and hyphens of a language tag (PNG specification, section 11.3.3.4).
  static func languageTag(_ text: String) -> [UInt8] {
    text.utf8.filter { byte in
      switch byte {
      case 0x2D, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: false
      }
    }
  }
}
