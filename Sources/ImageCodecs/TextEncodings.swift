/// Text as bytes of the encodings that picture files use.
enum TextEncodings {
  static func latin1(_ bytes: some Sequence<UInt8>) -> String {
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
    return String(scalars)
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
}
