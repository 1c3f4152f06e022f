/// XMP packets (ISO 16684-1), kept as text: PNG's iTXt keyword is used for JPEG's segment too.
enum XMP {
  static let keyword = "XML:com.adobe.xmp"
  /// Starts the JPEG segment.
  static let signature: [UInt8] = Array("http://ns.adobe.com/xap/1.0/\0".utf8)

  /// Sets tiff:Orientation, an attribute or an element, to 1 wherever it is given.
  static func resettingOrientation(_ packet: String) -> String {
    var bytes = Array(packet.utf8)
    let name = Array("tiff:Orientation".utf8)
    var position = 0
    while position + name.count + 2 < bytes.count {
      guard bytes[position...].starts(with: name) else {
        position += 1
        continue
      }
      position += name.count
      // Past `="`, `='`, `>` or the same with spaces, a digit is the value.
      var digit = position
      while digit < bytes.count, [0x20, 0x22, 0x27, 0x3D, 0x3E].contains(bytes[digit]) {
        digit += 1
      }
      if digit > position, digit < bytes.count, (0x32...0x38).contains(bytes[digit]) {
        bytes[digit] = 0x31
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
