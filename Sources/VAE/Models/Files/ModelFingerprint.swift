extension Model {
  /// 64 bits of the model's form and all its numbers, in hexadecimal: what latents of one model have in
  /// common. No protection against someone who means to deceive.
  package var fingerprint: String {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    func mix(_ word: UInt64) {
      hash ^= word
      hash &*= 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 33
    }
    for byte in configuration.json.encoded() { mix(UInt64(byte)) }
    for slot in parameters.slots {
      parameters[slot.name]?.elements.withUnsafeBytes { bytes in
        // Four bytes at least: a number.
        for place in stride(from: 0, to: bytes.count - 7, by: 8) {
          mix(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian)
        }
        if bytes.count % 8 == 4 {
          mix(
            UInt64(
              bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self).littleEndian))
        }
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
