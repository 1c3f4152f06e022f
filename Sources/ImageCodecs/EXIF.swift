/// The orientation tag inside an EXIF block (a TIFF stream). Offsets in the block are not
/// trusted: what points outside counts as absent.
enum EXIF {
  private static let orientationTag: UInt32 = 0x0112

  /// `upright` where the block holds no valid orientation.
  static func orientation(of block: [UInt8]) -> Orientation {
    guard let field = orientationField(of: block) else { return .upright }
    return Orientation(rawValue: field.value) ?? .upright
  }

  /// Sets the orientation tag to 1 where there is one.
  static func resetOrientation(of block: inout [UInt8]) {
    guard let field = orientationField(of: block) else { return }
    for index in field.bytes { block[index] = 0 }
    block[field.isBigEndian ? field.bytes.upperBound - 1 : field.bytes.lowerBound] = 1
  }

  private struct Field {
    var value: Int
    /// Where in the block the value stands.
    var bytes: Range<Int>
    var isBigEndian: Bool
  }

  private static func orientationField(of block: [UInt8]) -> Field? {
    let isBigEndian: Bool
    switch block.prefix(4) {
    case [0x49, 0x49, 0x2A, 0]: isBigEndian = false
    case [0x4D, 0x4D, 0, 0x2A]: isBigEndian = true
    default: return nil
    }
    func number(at offset: Int, bytes count: Int) -> UInt32? {
      guard offset >= 0, offset <= block.count - count else { return nil }
      let bytes = block[offset..<offset + count]
      return isBigEndian
        ? bytes.reduce(0) { $0 << 8 | UInt32($1) }
        : bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    guard let directory = number(at: 4, bytes: 4).map(Int.init),
      let count = number(at: directory, bytes: 2).map(Int.init)
    else { return nil }
    for entry in 0..<count {
      let offset = directory + 2 + entry * 12
      guard let tag = number(at: offset, bytes: 2) else { return nil }
      guard tag == orientationTag else { continue }
      // SHORT as the standard says, or LONG as some programs write it; one of them.
      let width: Int
      switch number(at: offset + 2, bytes: 2) {
      case 3: width = 2
      case 4: width = 4
      default: return nil
      }
      guard number(at: offset + 4, bytes: 4) == 1,
        let value = number(at: offset + 8, bytes: width)
      else { return nil }
      return Field(
        value: Int(value), bytes: offset + 8..<offset + 8 + width, isBigEndian: isBigEndian)
    }
    return nil
  }
}
