import Tensors

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
  /// The elements as floats; nil where they are no floating-point numbers.
  var floats: [Float]? {
    switch type {
    case .float32: floats(UInt32.self) { Float(bitPattern: $0) }
    case .float16: floats(UInt16.self, HalfPrecision.decode)
    case .bfloat16: floats(UInt16.self, BrainPrecision.decode)
    case .float64: floats(UInt64.self) { Float(Double(bitPattern: $0)) }
    default: nil
    }
  }

  @inline(__always)
  private func floats<I: FixedWidthInteger>(
    _ type: I.Type, _ decode: (I) -> Float
  ) -> [Float] {
    bytes.withUnsafeBytes { raw in
      let (count, size) = (shape.count, I.bitWidth / 8)
      precondition(raw.count >= count * size, "bytes for all elements")
      return [Float](unsafeUninitializedCapacity: count) { target, initialized in
        for index in 0..<count {
          target[index] = decode(
            I(littleEndian: raw.loadUnaligned(fromByteOffset: index &* size, as: I.self)))
        }
        initialized = count
      }
    }
  }
}

extension [Float] {
  /// Whether there is neither NaN nor infinity, found without a branch for each number.
  var allFinite: Bool {
    var largest: UInt32 = 0
    for number in self { largest = Swift.max(largest, number.bitPattern & 0x7FFF_FFFF) }
    return largest < 0x7F80_0000
  }
}
