import Tensors

/// The header of an array in NumPy's format (NEP 1), versions 1 to 3.
package struct NPYHeader: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case floatingPoint
    case signed
    case unsigned
    /// A byte each, 0 for false.
    case boolean
  }

  /// Bytes of an element.
  package var size = 4
  package var kind = Kind.floatingPoint
  package var isBigEndian = false
  package var isColumnMajor = false
  package var shape: [Int]

  package static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  package init(shape: [Int]) { self.shape = shape }

  /// Version 1.0, `<f4`, C order, padded to 64 bytes as NumPy does.
  package func encoded() -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
    while (10 + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    return Self.magic + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text
  }

  /// The longest header's text that is read, in bytes.
  private static let longestText = 1 << 16

  /// Reads a header from the start of an array.
  ///
  /// - Parameter take: gives the next bytes; fewer only where there are no more.
  /// - Throws: `ArrayFault`, and what `take` throws.
  package init(reading take: (_ count: Int) throws -> [UInt8]) throws {
    let prefix = try take(8)
    guard prefix.count == 8, Array(prefix[..<6]) == Self.magic else {
      throw ArrayFault("expected the start of an array in NumPy's format")
    }
    guard (1...3).contains(prefix[6]) else {
      throw ArrayFault("version \(prefix[6]).\(prefix[7]), expected 1.0, 2.0 or 3.0")
    }
    let lengthBytes = prefix[6] == 1 ? 2 : 4
    let field = try take(lengthBytes)
    let length = field.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard field.count == lengthBytes, length <= Self.longestText else {
      throw ArrayFault("header of \(length) bytes, expected at most \(Self.longestText)")
    }
    let text = try take(length)
    guard text.count == length else { throw ArrayFault("cut short in its header") }
    try self.init(parsing: String(decoding: text, as: UTF8.self))
  }

  /// Reads the header's text, a Python dictionary.
  ///
  /// - Throws: `ArrayFault`.
  package init(parsing text: String) throws {
    var scanner = Scanner(rest: Substring(text))
    var fields: Set<String> = []
    shape = []
    try scanner.require("{")
    while !scanner.take("}") {
      let key = try scanner.string()
      guard fields.insert(key).inserted else { throw ArrayFault("header names '\(key)' twice") }
      try scanner.require(":")
      switch key {
      case "descr": try setElement(scanner.string())
      case "fortran_order":
        isColumnMajor = scanner.take("True")
        if !isColumnMajor { try scanner.require("False") }
      case "shape": shape = try scanner.extents()
      default: throw ArrayFault("header has the unknown key '\(key)'")
      }
      if !scanner.take(",") {
        try scanner.require("}")
        break
      }
    }
    guard fields.count == 3, scanner.isAtEnd else {
      throw ArrayFault("expected a header of descr, fortran_order and shape")
    }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow, product <= 1 << 48 else { throw ArrayFault("shape \(shape) is too large") }
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
    case "b": kind = .boolean
    default: rest = ""
    }
    let sizes =
      switch kind {
      case .floatingPoint: [2, 4, 8]
      case .signed, .unsigned: [1, 2, 4, 8]
      case .boolean: [1]
      }
    guard let size = Int(rest), sizes.contains(size) else {
      throw ArrayFault(
        "elements of type '\(description)', expected floating point, integers or booleans such as '<f4'"
      )
    }
    self.size = size
  }

  /// Numbers of the array from their bytes.
  ///
  /// - Precondition: `bytes` holds `size` of them for every number of `target`.
  package func decode(
    _ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(bytes.count == size * target.count, "the bytes of so many numbers")
    func fill<Bits: FixedWidthInteger>(_ type: Bits.Type, _ number: (Bits) -> Float) {
      for place in target.indices {
        let bits = bytes.loadUnaligned(fromByteOffset: size &* place, as: Bits.self)
        target[place] = number(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
      }
    }
    switch size {
    case 1: fill(UInt8.self) { number(UInt64($0)) }
    case 2: fill(UInt16.self) { number(UInt64($0)) }
    case 4 where kind == .floatingPoint: fill(UInt32.self) { Float(bitPattern: $0) }
    case 4: fill(UInt32.self) { number(UInt64($0)) }
    default: fill(UInt64.self, number)
    }
  }

  private func number(_ bits: UInt64) -> Float {
    switch (kind, size) {
    case (.floatingPoint, 2): return HalfPrecision.decode(UInt16(bits))
    case (.floatingPoint, 4): return Float(bitPattern: UInt32(bits))
    case (.floatingPoint, _): return Float(Double(bitPattern: bits))
    case (.unsigned, _): return Float(bits)
    case (.boolean, _): return bits == 0 ? 0 : 1
    case (.signed, _):
      let unused = 64 - 8 * size
      return Float(Int64(bitPattern: bits << unused) >> unused)
    }
  }
}

extension NPYHeader {
  /// Numbers of a column-major array in row-major order.
  package static func rowMajor(_ numbers: [Float], _ extents: [Int]) -> [Float] {
    guard extents.count > 1 else { return numbers }
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in 1..<extents.count { strides[axis] = strides[axis - 1] * extents[axis - 1] }
    var position = [Int](repeating: 0, count: extents.count)
    var result: [Float] = []
    result.reserveCapacity(numbers.count)
    for _ in numbers.indices {
      result.append(numbers[zip(position, strides).reduce(0) { $0 + $1.0 * $1.1 }])
      var axis = extents.count - 1
      while axis >= 0 {
        position[axis] += 1
        if position[axis] < extents[axis] { break }
        position[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}

/// What is wrong with an array, without the name of its file.
package struct ArrayFault: Error {
  /// What would have to be told.
  package enum Remedy: Hashable, Sendable {
    /// The order of the axes.
    case axes
    /// The number that stands for white.
    case white
  }

  package let text: String
  package let remedy: Remedy?

  package init(_ text: String, remedy: Remedy? = nil) {
    self.text = text
    self.remedy = remedy
  }
}

/// An array that cannot be understood without being told of its axes or its scale.
package struct UndecidedArray: Error, CustomStringConvertible {
  package let path: String
  package let text: String
  package let remedy: ArrayFault.Remedy

  package var description: String { "\(path): \(text)" }
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
    if !take(token) { throw ArrayFault("damaged header: expected '\(token)'") }
  }

  mutating func string() throws -> String {
    guard let quote = ["'", "\""].first(where: { take($0) }),
      let end = rest.firstIndex(of: Character(quote))
    else { throw ArrayFault("damaged header: expected a string; structured types are not read") }
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
        throw ArrayFault("damaged header: expected an extent")
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
