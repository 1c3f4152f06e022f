/// Why a text is not accepted as JSON.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// How many bytes stand before the fault.
  package let offset: Int
  package let reason: String

  package var description: String { "byte \(offset): \(reason)" }
}

/// What a JSON text may ask for.
package struct JSONLimits: Hashable, Sendable {
  /// How many arrays and objects may stand inside one another.
  package var depth: Int
  /// How many values there may be in all.
  package var values: Int

  package init(depth: Int = 32, values: Int = 1_000_000) {
    self.depth = depth
    self.values = values
  }
}

extension JSONValue {
  /// Reads one value that fills `bytes` but for white space.
  ///
  /// Strict: RFC 8259's grammar, valid UTF-8, no key twice in an object, no unpaired surrogate.
  /// Keys that Unicode holds for equal count as the same key.
  package init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits())
    throws(JSONError)
  {
    var parser = JSONParser(bytes: Array(bytes), limits: limits)
    self = try parser.parseDocument()
  }

  /// Reads one value that fills `text` but for white space.
  package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }
}

struct JSONParser {
  private let bytes: [UInt8]
  private let limits: JSONLimits
  private var position = 0
  private var values = 0

  init(bytes: [UInt8], limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  mutating func parseDocument() throws(JSONError) -> JSONValue {
    let value = try parseValue(depth: 0)
    skipSpace()
    if position < bytes.count { throw unexpected("the end of the text") }
    return value
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func error(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }

  private func unexpected(_ expected: String) -> JSONError {
    let found =
      switch current {
      case nil: "the end of the text"
      case .some(let byte) where (0x21..<0x7F).contains(byte):
        "'\(Character(Unicode.Scalar(byte)))'"
      case .some(let byte): "byte \(byte)"
      }
    return error("expected \(expected), found \(found)")
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
    skipSpace()
    values += 1
    if values > limits.values { throw error("more than \(limits.values) values") }
    switch current {
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    case UInt8(ascii: "["): return try parseArray(depth: depth)
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    default: return .number(try parseNumber())
    }
  }

  private mutating func parseWord(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count,
      word.withUTF8Buffer({ bytes[position..<end].elementsEqual($0) })
    else { throw error("expected a value") }
    position = end
    return value
  }

  private mutating func parseArray(depth: Int) throws(JSONError) -> JSONValue {
    if depth >= limits.depth { throw error("nested deeper than \(limits.depth) levels") }
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    while true {
      elements.append(try parseValue(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      if !take(",") { throw unexpected("',' or ']'") }
    }
  }

  private mutating func parseObject(depth: Int) throws(JSONError) -> JSONValue {
    if depth >= limits.depth { throw error("nested deeper than \(limits.depth) levels") }
    position += 1
    var members: [JSONMember] = []
    var keys: Set<String> = []
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw unexpected("a key") }
      let start = position
      let key = try parseString()
      guard keys.insert(key).inserted else {
        throw JSONError(offset: start, reason: "the key \(JSONValue.string(key)) stands twice")
      }
      skipSpace()
      if !take(":") { throw unexpected("':'") }
      members.append(JSONMember(key, try parseValue(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      if !take(",") { throw unexpected("',' or '}'") }
    }
  }

  private mutating func parseNumber() throws(JSONError) -> String {
    let start = position
    _ = take("-")
    if !take("0") { try takeDigits(start == position ? "a value" : "a digit") }
    if take(".") { try takeDigits("a digit") }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try takeDigits("a digit")
    }
    if position - start > 1024 { throw error("a number of more than 1,024 characters") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func takeDigits(_ expected: String) throws(JSONError) {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      position += 1
    }
    if position == start { throw unexpected(expected) }
  }

  private mutating func parseString() throws(JSONError) -> String {
    position += 1
    let start = position
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      position += 1
    }
    var content = bytes[start..<position]
    while true {
      switch current {
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else {
          throw JSONError(offset: start, reason: "a string that is not UTF-8")
        }
        position += 1
        return text
      case UInt8(ascii: "\\"):
        position += 1
        content += String(Character(try parseEscape())).utf8
      case .some(let byte) where byte >= 0x20:
        content.append(byte)
        position += 1
      default: throw unexpected("the end of a string")
      }
    }
  }

  private mutating func parseEscape() throws(JSONError) -> Unicode.Scalar {
    guard let byte = current else { throw unexpected("an escape") }
    let simple: Unicode.Scalar? =
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): Unicode.Scalar(byte)
      case UInt8(ascii: "b"): "\u{8}"
      case UInt8(ascii: "f"): "\u{C}"
      case UInt8(ascii: "n"): "\n"
      case UInt8(ascii: "r"): "\r"
      case UInt8(ascii: "t"): "\t"
      default: nil
      }
    if let simple {
      position += 1
      return simple
    }
    guard take("u") else { throw unexpected("an escape") }
    let first = try parseHexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take("\\"), take("u") else { throw error("an unpaired surrogate") }
    let second = try parseHexadecimal()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw error("an unpaired surrogate") }
    return scalar
  }

  private mutating func parseHexadecimal() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current,
        let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80
      else { throw unexpected("a hexadecimal digit") }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
