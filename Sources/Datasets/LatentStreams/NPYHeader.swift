import Checkpoints

/// The header of an array in NumPy's format (NEP 1), versions 1 to 3.
struct NPYHeader: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case floatingPoint
    case signed
    case unsigned
  }

  /// Bytes of an element.
  var size = 4
  var kind = Kind.floatingPoint
  var isBigEndian = false
  var isColumnMajor = false
  var shape: [Int]

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  init(shape: [Int]) { self.shape = shape }

  /// Version 1.0, `<f4`, C order, padded to 64 bytes as NumPy does.
  func encoded() -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
    while (10 + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    return Self.magic + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text
  }

  /// Reads the header's text, a Python dictionary.
  ///
  /// - Throws: `StreamFault`.
  init(parsing text: String) throws {
    var scanner = Scanner(rest: Substring(text))
    var fields: Set<String> = []
    shape = []
    try scanner.require("{")
    while !scanner.take("}") {
      let key = try scanner.string()
      guard fields.insert(key).inserted else { throw StreamFault("header names '\(key)' twice") }
      try scanner.require(":")
      switch key {
      case "descr": try setElement(scanner.string())
      case "fortran_order":
        isColumnMajor = scanner.take("True")
        if !isColumnMajor { try scanner.require("False") }
      case "shape": shape = try scanner.extents()
      default: throw StreamFault("header has the unknown key '\(key)'")
      }
      if !scanner.take(",") {
        try scanner.require("}")
        break
      }
    }
    guard fields.count == 3, scanner.isAtEnd else {
      throw StreamFault("expected a header of descr, fortran_order and shape")
    }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow, product <= 1 << 48 else { throw StreamFault("shape \(shape) is too large") }
      count = product
    }
  }

  private mutating func setElement(_ description: String) throws {
    var rest = Substring(description)
    switch rest.popFirst() {
    case "<", "|", "=": isBigEndian = false
    case ">": isBigEndian = true
    default: rest = ""
    }
    switch rest.popFirst() {
    case "f": kind = .floatingPoint
    case "i": kind = .signed
    case "u": kind = .unsigned
    default: rest = ""
    }
    let sizes = kind == .floatingPoint ? [2, 4, 8] : [1, 2, 4, 8]
    guard let size = Int(rest), sizes.contains(size) else {
      throw StreamFault(
        "elements of type '\(description)', expected floating point or integers such as '<f4'")
    }
    self.size = size
  }

  /// The number in `size` bytes.
  func number(_ bytes: ArraySlice<UInt8>) -> Float {
    var bits: UInt64 = 0
    for byte in isBigEndian ? Array(bytes) : bytes.reversed() { bits = bits << 8 | UInt64(byte) }
    switch (kind, size) {
    case (.floatingPoint, 2): return HalfPrecision.decode(UInt16(bits))
    case (.floatingPoint, 4): return Float(bitPattern: UInt32(bits))
    case (.floatingPoint, _): return Float(Double(bitPattern: bits))
    case (.unsigned, _): return Float(bits)
    case (.signed, _):
      let unused = 64 - 8 * size
      return Float(Int64(bitPattern: bits << unused) >> unused)
    }
  }
}

/// What is wrong with a stream, without the stream's name.
struct StreamFault: Error {
  let text: String

  init(_ text: String) { self.text = text }
}

private struct Scanner {
  var rest: Substring

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return rest.isEmpty
    }
  }

  mutating func skipSpace() { rest = rest.drop { $0 == " " || $0 == "\n" } }

  mutating func take(_ token: String) -> Bool {
    skipSpace()
    guard rest.hasPrefix(token) else { return false }
    rest = rest.dropFirst(token.count)
    return true
  }

  mutating func require(_ token: String) throws {
    if !take(token) { throw StreamFault("damaged header: expected '\(token)'") }
  }

  mutating func string() throws -> String {
    guard let quote = ["'", "\""].first(where: { take($0) }),
      let end = rest.firstIndex(of: Character(quote))
    else { throw StreamFault("damaged header: expected a string; structured types are not read") }
    defer { rest = rest[end...].dropFirst() }
    return String(rest[..<end])
  }

  mutating func extents() throws -> [Int] {
    try require("(")
    var extents: [Int] = []
    while !take(")") {
      skipSpace()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let extent = Int(digits), extents.count < 16 else {
        throw StreamFault("damaged header: expected an extent")
      }
      rest = rest.dropFirst(digits.count)
      extents.append(extent)
      if !take(",") {
        try require(")")
        break
      }
    }
    return extents
  }
}
