import Platform

/// Text from outside, as it may be shown: a terminal obeys control characters, and a reader is misled by
/// what writes over or turns what stands before it.
package enum Printable {
  /// The text with control characters, line ends among them, written as escapes: `\n`, `\e`, `\u{9b}`. Bytes of a
  /// path that are no UTF-8 are written as `\xff`.
  ///
  /// - Parameters:
  ///   - keepsLines: whether line feeds and tabs stay.
  ///   - limit: bytes of what is shown; a longer text is cut in its middle, which says how much is missing.
  package static func escaped(
    _ text: String, keepsLines: Bool = false, limit: Int = .max
  ) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if keepsLines && (scalar == "\n" || scalar == "\t")
        || !isControl(scalar) && scalar.systemByte == nil
      {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      } else {
        bytes.append(contentsOf: escape(scalar).utf8)
      }
    }
    return shortened(bytes, to: limit)
  }

  /// A name as messages begin with it: one that is empty can be seen.
  package static func named(_ name: String) -> String { name.isEmpty ? "''" : name }

  /// A path for a file in Unicode: bytes that are no UTF-8 are written as `\xff`, all else stays.
  package static func path(_ path: String) -> String {
    guard path.unicodeScalars.contains(where: { $0.systemByte != nil }) else { return path }
    return path.unicodeScalars.reduce(into: "") { text, scalar in
      text += scalar.systemByte == nil ? String(scalar) : escape(scalar)
    }
  }

  /// Whether terminals obey a character, or it changes how others are shown.
  package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00..<0x20, 0x7F..<0xA0: true
    // Line and paragraph separators; marks, embeddings and overrides of the direction of writing.
    case 0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    if let byte = scalar.systemByte { return "\\x" + hexadecimal(UInt32(byte)) }
    return switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case "\u{1B}": "\\e"
    default: "\\u{" + hexadecimal(scalar.value) + "}"
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return digits.utf8.count < 2 ? "0" + digits : digits
  }

  private static func shortened(_ bytes: [UInt8], to limit: Int) -> String {
    guard bytes.count > limit else { return String(decoding: bytes, as: UTF8.self) }
    func isStart(_ place: Int) -> Bool { bytes[place] & 0xC0 != 0x80 }
    var head = limit * 3 / 4
    while head > 0, !isStart(head) { head -= 1 }
    var tail = bytes.count - (limit - head)
    while tail < bytes.count, !isStart(tail) { tail += 1 }
    return String(decoding: bytes[..<head], as: UTF8.self)
      + " ... (\(tail - head) bytes left out) ... "
      + String(decoding: bytes[tail...], as: UTF8.self)
  }
}
