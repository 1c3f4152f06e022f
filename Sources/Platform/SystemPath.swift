/// Paths are bytes to the system and strings to this program. Bytes of a name that are no UTF-8 stand in the string
/// as scalars for private use, one each, so that the name that was read is the name that is written.
///
/// A name that has such a scalar of its own is taken apart into bytes as well: every name has a string of its own,
/// and every string that came from a name leads back to it.
extension String {
  /// A path as the system gave it, without the zero at its end.
  package init(systemPath bytes: some Collection<UInt8>) {
    if let text = String(validating: bytes, as: UTF8.self),
      !text.unicodeScalars.contains(where: { $0.systemByte != nil })
    {
      self = text
      return
    }
    let bytes = Array(bytes)
    var text = String.UnicodeScalarView()
    var place = 0
    while place < bytes.count {
      let length = Self.encodedLength(bytes[place])
      let piece = bytes[place...].prefix(length)
      if let scalar = String(validating: piece, as: UTF8.self)?.unicodeScalars.first,
        scalar.systemByte == nil
      {
        text.append(scalar)
        place += length
      } else {
        text.append(Unicode.Scalar(systemByte: bytes[place]))
        place += 1
      }
    }
    self = String(text)
  }

  /// A path as the system gave it, up to a zero.
  package init(systemPath start: UnsafePointer<CChar>) {
    let count = strlen(start)
    self.init(
      systemPath: UnsafeRawBufferPointer(start: start, count: count).map { $0 })
  }

  /// The path as the C library takes it: the bytes of its name and a zero.
  package var systemPath: [CChar] { systemPathBytes.map { CChar(bitPattern: $0) } + [0] }

  /// The bytes of the path.
  package var systemPathBytes: [UInt8] {
    // Such a scalar begins with this byte, which few names have.
    guard utf8.contains(0xF4) else { return Array(utf8) }
    var bytes: [UInt8] = []
    for scalar in unicodeScalars {
      if let byte = scalar.systemByte {
        bytes.append(byte)
      } else {
        bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
    return bytes
  }

  /// How many bytes the scalar has that begins with this one; 1 where none does.
  private static func encodedLength(_ first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }
}

extension Unicode.Scalar {
  private static let firstSystemByte: UInt32 = 0x10FE00

  /// The byte of a path that this scalar stands for, one of 0x80 to 0xFF that is no UTF-8; nil for all others.
  package var systemByte: UInt8? {
    let place = value &- Self.firstSystemByte
    return (0x80...0xFF).contains(place) ? UInt8(place) : nil
  }

  /// - Parameter systemByte: 0x80 to 0xFF.
  fileprivate init(systemByte: UInt8) {
    self = Unicode.Scalar(Self.firstSystemByte + UInt32(systemByte)) ?? "\u{FFFD}"
  }
}
