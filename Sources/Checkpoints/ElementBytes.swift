/// The upper half of a binary32: bfloat16.
package enum BrainPrecision {
  /// The exact value.
  package static func decode(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  /// The nearest bfloat16, ties to even.
  package static func encode(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
  }
}

/// The bytes of integers, least significant first.
func littleEndianBytes<I: FixedWidthInteger>(_ values: some Collection<I>) -> [UInt8] {
  let size = I.bitWidth / 8
  let count = values.count * size
  return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    let raw = UnsafeMutableRawPointer(buffer.baseAddress)
    for (index, value) in values.enumerated() {
      raw?.storeBytes(of: value.littleEndian, toByteOffset: index * size, as: I.self)
    }
    initialized = count
  }
}

extension SafetensorsFile.Entry {
  /// The elements as integers of the stored width.
  func load<I: FixedWidthInteger>(as type: I.Type = I.self) -> [I] {
    let size = I.bitWidth / 8
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / size).map {
        I(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * size, as: I.self))
      }
    }
  }

  /// The elements as floats; nil where they are no floating-point numbers.
  func floats() -> [Float]? {
    switch type {
    case .float32: load(as: UInt32.self).map(Float.init(bitPattern:))
    case .float16: load(as: UInt16.self).map(HalfPrecision.decode)
    case .bfloat16: load(as: UInt16.self).map(BrainPrecision.decode)
    case .float64: load(as: UInt64.self).map { Float(Double(bitPattern: $0)) }
    default: nil
    }
  }
}
