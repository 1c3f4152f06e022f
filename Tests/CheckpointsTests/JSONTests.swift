import Testing

@testable import Checkpoints

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "[]", "{}", "[1,-2.5e-3,\"a\"]", "{\"b\":{\"a\":[null,false]},\"a\":0}",
    "18446744073709551615", "\"\\u0000\\u001f\\\"\\\\\\n\"", "\"\u{1F600}é\"",
  ])
  func writesWhatItRead(text: String) throws {
    #expect(try JSONValue(parsing: text).description == text)
  }

  @Test func accessors() throws {
    let value = try JSONValue(
      parsing: " { \"a\" : [ 1 , 2.5 , \"x\" ], \"seed\": 18446744073709551615, \"ok\": true } ")
    #expect(value["a"]?[0]?.int == 1)
    #expect(value["a"]?[1]?.int == nil)
    #expect(value["a"]?[1]?.double == 2.5)
    #expect(value["a"]?[1]?.float == 2.5)
    #expect(value["a"]?[2]?.string == "x")
    #expect(value["a"]?[3] == nil)
    #expect(value["seed"]?.uint64 == .max)
    #expect(value["seed"]?.int == nil)
    #expect(value["ok"]?.bool == true)
    #expect(value["none"] == nil)
    #expect(try JSONValue(parsing: "1e999").double == nil)
  }

  @Test("what terminals obey, or what turns the direction of writing, is written as an escape")
  func controls() throws {
    let text = "a\u{7F}\u{9B}b\u{202E}\u{2028}\u{61C}\u{2066}é\u{1F600}\u{0}"
    let value = JSONValue.object([JSONMember(text, .string(text))])
    let escaped = #""a\u007f\u009bb\u202e\u2028\u061c\u2066é😀\u0000""#
    #expect(value.description == "{\(escaped):\(escaped)}")
    #expect(try JSONValue(parsing: value.encoded()) == value)
  }

  @Test func escapesAndSurrogates() throws {
    let value = try JSONValue(parsing: #""\ud83d\ude00\u00e9\/\b\f\r\t""#)
    #expect(value.string == "\u{1F600}é/\u{8}\u{C}\r\t")
  }

  @Test func shortestDecimalsReadBack() throws {
    var generator = SystemIndependentGenerator(state: 7)
    for _ in 0..<2000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      #expect(try JSONValue(parsing: JSONValue(number).description).double == number)
      let single = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      guard single.isFinite else { continue }
      #expect(try JSONValue(parsing: JSONValue(single).description).float == single)
    }
    #expect(JSONValue(Double.nan) == .null)
    #expect(JSONValue(0.1 as Float).description == "0.1")
  }

  @Test(arguments: [
    ("", "byte 0: expected a value, found the end of the text"),
    ("[1,]", "byte 3: expected a value, found ']'"),
    ("[1 2]", "byte 3: expected ',' or ']', found '2'"),
    ("{\"a\" 1}", "byte 5: expected ':', found '1'"),
    ("{a:1}", "byte 1: expected a key, found 'a'"),
    ("{\"a\":1,\"a\":2}", "byte 7: the key \"a\" stands twice"),
    ("{\"a\":1,\"\\u0061\":2}", "byte 7: the key \"a\" stands twice"),
    ("01", "byte 1: expected the end of the text, found '1'"),
    ("-", "byte 1: expected a digit, found the end of the text"),
    ("1.", "byte 2: expected a digit, found the end of the text"),
    ("1e+", "byte 3: expected a digit, found the end of the text"),
    ("+1", "byte 0: expected a value, found '+'"),
    ("NaN", "byte 0: expected a value, found 'N'"),
    ("nul", "byte 0: expected a value"),
    ("\"a", "byte 2: expected the end of a string, found the end of the text"),
    ("\"\n\"", "byte 1: expected the end of a string, found byte 10"),
    (#""\x""#, "byte 2: expected an escape, found 'x'"),
    (#""\u12g4""#, "byte 5: expected a hexadecimal digit, found 'g'"),
    (#""\ud800""#, "byte 7: an unpaired surrogate"),
    (#""\udc00""#, "byte 7: an unpaired surrogate"),
    (#""\ud800\u0041""#, "byte 13: an unpaired surrogate"),
    ("[[[[[]]]]]", "byte 4: nested deeper than 4 levels"),
    ("[1,2,3,4,5,6,7,8,9,10]", "byte 19: more than 10 values"),
    ("1 1", "byte 2: expected the end of the text, found '1'"),
  ])
  func refuses(text: String, reason: String) {
    let limits = JSONLimits(depth: 4, values: 10)
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text, limits: limits) }
    #expect(error?.description == reason)
  }

  @Test(
    arguments: [
      [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func refusesWhatIsNotUTF8(bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
  }
}

/// A small deterministic generator (SplitMix64).
struct SystemIndependentGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
