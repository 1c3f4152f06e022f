/// A JSON value (RFC 8259). Numbers keep the text they were written with, so that 64-bit
/// integers and shortest decimals pass through unchanged; objects keep their members' order.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The number as it is written, by RFC 8259's grammar.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([JSONMember])

  /// An integer.
  package init(_ value: some BinaryInteger) { self = .number(String(value)) }

  /// The shortest decimal that reads back as `value`; null where it is not finite.
  package init(_ value: Double) {
    self = value.isFinite ? .number(value.description) : .null
  }

  /// The shortest decimal that reads back as `value`; null where it is not finite.
  package init(_ value: Float) {
    self = value.isFinite ? .number(value.description) : .null
  }

  /// An array of shortest decimals.
  package init(_ values: some Sequence<Float>) { self = .array(values.map { JSONValue($0) }) }

  /// The value of an object's member; nil where this is no object or has no such member.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The element of an array; nil where this is no array or is too short.
  package subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  package var isNull: Bool { self == .null }

  package var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The number where it is written as an integer (no fraction, no exponent) and fits.
  package var int: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }

  /// The number where it is written as an integer (no fraction, no exponent) and fits.
  package var uint64: UInt64? {
    guard case .number(let text) = self else { return nil }
    return UInt64(text)
  }

  /// The nearest double; nil where the number overflows.
  package var double: Double? {
    guard case .number(let text) = self, let value = Double(text), value.isFinite else {
      return nil
    }
    return value
  }

  /// The nearest float; nil where the number overflows.
  package var float: Float? {
    guard case .number(let text) = self, let value = Float(text), value.isFinite else {
      return nil
    }
    return value
  }

  package var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  package var array: [JSONValue]? {
    guard case .array(let value) = self else { return nil }
    return value
  }

  package var object: [JSONMember]? {
    guard case .object(let value) = self else { return nil }
    return value
  }

  /// What kind of value this is, for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A name and its value in a JSON object.
package struct JSONMember: Hashable, Sendable {
  package var key: String
  package var value: JSONValue

  package init(_ key: String, _ value: JSONValue) {
    self.key = key
    self.value = value
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .number(String(value)) }
  package init(floatLiteral value: Double) { self.init(value) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// - Precondition: no key stands twice.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    precondition(Set(elements.map(\.0)).count == elements.count, "an object's keys differ")
    self = .object(elements.map { JSONMember($0.0, $0.1) })
  }
}
