/// Decimal numbers in text as the nearest 32-bit floating-point numbers, a hundred megabytes a second.
///
/// Up to 19 digits and a power of ten of at most 22 are exact doubles but for one rounding (Clinger 1990);
/// where the result of that lies halfway between two 32-bit numbers, and everywhere else, Swift's own
/// conversion decides.
enum DecimalNumber {
  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }

  /// The number that begins at `position`, which is moved behind it: an optional sign, digits with or without
  /// a point, an optional exponent.
  ///
  /// - Parameter isJSON: whether JSON's grammar holds: no plus sign, no leading zeros, digits on both sides of
  ///   a point.
  /// - Returns: nil where no such number begins there; perhaps an infinite number.
  @inline(__always)
  static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int, isJSON: Bool
  ) -> Float? {
    let start = position
    let end = bytes.count
    var place = start
    var isNegative = false
    if place < end,
      bytes[place] == UInt8(ascii: "-") || !isJSON && bytes[place] == UInt8(ascii: "+")
    {
      isNegative = bytes[place] == UInt8(ascii: "-")
      place &+= 1
    }
    var mantissa: UInt64 = 0
    var exponent = 0
    let first = place
    while place < end, case let digit = bytes[place] &- 0x30, digit < 10 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      place &+= 1
    }
    var digits = place &- first
    if isJSON && (digits == 0 || digits > 1 && bytes[first] == 0x30) { return nil }
    if place < end, bytes[place] == UInt8(ascii: ".") {
      place &+= 1
      let fraction = place
      while place < end, case let digit = bytes[place] &- 0x30, digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        place &+= 1
      }
      exponent = fraction &- place
      if isJSON && exponent == 0 { return nil }
      digits &+= place &- fraction
    }
    if digits == 0 { return nil }
    if place < end, bytes[place] | 0x20 == UInt8(ascii: "e") {
      guard let written = writtenExponent(bytes, &place) else { return nil }
      exponent &+= written
    }
    position = place
    if digits <= 19, -22...22 ~= exponent, mantissa < 1 << 53 {
      let whole = Double(mantissa)
      let value = exponent < 0 ? whole / powers[-exponent] : whole * powers[exponent]
      let isHalfway = value.bitPattern & 0x1FFF_FFFF == 0x1000_0000
      if !isHalfway && (value >= 0x1p-126 || mantissa == 0) {
        return Float(isNegative ? -value : value)
      }
    }
    return Float(String(decoding: bytes[start..<place], as: UTF8.self))
  }

  private static func writtenExponent(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int
  ) -> Int? {
    place &+= 1
    var isNegative = false
    if place < bytes.count, bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") {
      isNegative = bytes[place] == UInt8(ascii: "-")
      place &+= 1
    }
    let first = place
    var value = 0
    while place < bytes.count, case let digit = bytes[place] &- 0x30, digit < 10 {
      if value < 100_000 { value = 10 &* value &+ Int(digit) }
      place &+= 1
    }
    return place == first ? nil : isNegative ? -value : value
  }
}
