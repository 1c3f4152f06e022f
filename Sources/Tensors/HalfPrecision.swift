/// IEEE 754 binary16, converted in software: `Float16` does not exist on every platform.
package enum HalfPrecision {
  /// The exact value.
  package static func decode(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 31
    let fraction = UInt32(bits) & 1023
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The nearest half, ties to even; infinite from 65,520 on.
  package static func encode(_ value: Float) -> UInt16 {
    let sign = UInt16(value.bitPattern >> 16) & 0x8000
    let magnitude = value.magnitude
    if value.isNaN { return sign | 0x7E00 }
    if magnitude >= 65520 { return sign | 0x7C00 }
    if magnitude < 0x1p-14 {
      return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
    }
    let bits = magnitude.bitPattern
    let rounded = bits + 0xFFF + (bits >> 13 & 1)
    return sign | UInt16((rounded >> 13) - 112 << 10)
  }
}
