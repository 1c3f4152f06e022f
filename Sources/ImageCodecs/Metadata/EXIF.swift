/// What is read and changed in an EXIF block (a TIFF stream). Offsets in the block are not
/// trusted: what points outside counts as absent.
enum EXIF {
  private enum Tag {
    static let width: UInt32 = 0x0100
    static let height: UInt32 = 0x0101
    static let stripOffset: UInt32 = 0x0111
    static let orientation: UInt32 = 0x0112
    static let stripLength: UInt32 = 0x0117
    static let horizontalResolution: UInt32 = 0x011A
    static let verticalResolution: UInt32 = 0x011B
    static let resolutionUnit: UInt32 = 0x0128
    static let thumbnailOffset: UInt32 = 0x0201
    static let thumbnailLength: UInt32 = 0x0202
    static let exifDirectory: UInt32 = 0x8769
    static let pixelWidth: UInt32 = 0xA002
    static let pixelHeight: UInt32 = 0xA003
  }

  /// `upright` where the block holds no valid orientation.
  static func orientation(of block: [UInt8]) -> Orientation {
    guard let stream = TIFFStream(block), let main = stream.mainDirectory,
      let value = stream.value(Tag.orientation, in: main)
    else { return .upright }
    return Orientation(rawValue: value) ?? .upright
  }

  /// Sets the orientation tag to 1 where there is one.
  static func resetOrientation(of block: inout [UInt8]) {
    guard var stream = TIFFStream(block), let main = stream.mainDirectory else { return }
    stream.replace(Tag.orientation, in: main, with: 1)
    block = stream.bytes
  }

  /// Makes the tags that tell the picture's extents, where there are any, tell these.
  static func setExtents(of block: inout [UInt8], width: Int, height: Int) {
    guard var stream = TIFFStream(block), let main = stream.mainDirectory else { return }
    stream.replace(Tag.width, in: main, with: width)
    stream.replace(Tag.height, in: main, with: height)
    if let offset = stream.value(Tag.exifDirectory, in: main),
      let details = stream.directory(at: offset)
    {
      stream.replace(Tag.pixelWidth, in: details, with: width)
      stream.replace(Tag.pixelHeight, in: details, with: height)
    }
    block = stream.bytes
  }

  /// How many pixels a length holds; nil where the block does not tell.
  static func resolution(of block: [UInt8]) -> Resolution? {
    guard let stream = TIFFStream(block), let main = stream.mainDirectory else { return nil }
    func number(_ tag: UInt32) -> Double? {
      guard let place = stream.rational(tag, in: main),
        let top = stream.number(at: place, bytes: 4),
        let bottom = stream.number(at: place + 4, bytes: 4), bottom > 0
      else { return nil }
      return Double(top) / Double(bottom)
    }
    guard let across = number(Tag.horizontalResolution), let down = number(Tag.verticalResolution)
    else { return nil }
    let unit: Resolution.Unit =
      switch stream.value(Tag.resolutionUnit, in: main) {
      case 1: .none
      case 3: .centimeter
      default: .inch
      }
    return Resolution(horizontal: across, vertical: down, unit: unit)
  }

  /// Exchanges the resolutions, as columns have become rows. Their entries say where the numbers stand.
  static func transposeResolution(of block: inout [UInt8]) {
    guard var stream = TIFFStream(block), let main = stream.mainDirectory,
      let across = stream.rational(Tag.horizontalResolution, in: main),
      let down = stream.rational(Tag.verticalResolution, in: main)
    else { return }
    for place in 0..<8 { stream.bytes.swapAt(across + place, down + place) }
    block = stream.bytes
  }

  /// Takes the thumbnail out: its pixels become zeros, or the end of the block where they stand
  /// there, and nothing points to it any more.
  static func removeThumbnail(from block: inout [UInt8]) {
    guard var stream = TIFFStream(block), let main = stream.mainDirectory,
      let next = stream.number(at: main.nextPointer, bytes: 4), next != 0
    else { return }
    if let directory = stream.directory(at: Int(next)) {
      for (offset, length) in [
        (Tag.thumbnailOffset, Tag.thumbnailLength), (Tag.stripOffset, Tag.stripLength),
      ] {
        guard let start = stream.value(offset, in: directory),
          let count = stream.value(length, in: directory),
          start >= main.nextPointer + 4, start < stream.bytes.count
        else { continue }
        for index in start..<min(start + count, stream.bytes.count) { stream.bytes[index] = 0 }
        if start + count >= stream.bytes.count, start >= Int(next) {
          stream.bytes.removeSubrange(start...)
        }
      }
    }
    stream.write(0, at: main.nextPointer, bytes: 4)
    block = stream.bytes
  }
}

/// A TIFF stream's directories (TIFF 6.0, section 2).
private struct TIFFStream {
  struct Directory {
    /// Where the entries begin, 12 bytes each.
    var start: Int
    var count: Int
    /// Where the offset of the next directory stands.
    var nextPointer: Int { start + 12 * count }
  }

  var bytes: [UInt8]
  private let isBigEndian: Bool

  /// nil where the bytes are no TIFF stream.
  init?(_ bytes: [UInt8]) {
    switch bytes.prefix(4) {
    case [0x49, 0x49, 0x2A, 0]: isBigEndian = false
    case [0x4D, 0x4D, 0, 0x2A]: isBigEndian = true
    default: return nil
    }
    self.bytes = bytes
  }

  var mainDirectory: Directory? { number(at: 4, bytes: 4).flatMap { directory(at: Int($0)) } }

  /// A directory whose end may be missing.
  func directory(at offset: Int) -> Directory? {
    number(at: offset, bytes: 2).map { Directory(start: offset + 2, count: Int($0)) }
  }

  func number(at offset: Int, bytes count: Int) -> UInt32? {
    guard offset >= 0, offset <= bytes.count - count else { return nil }
    let part = bytes[offset..<offset + count]
    return isBigEndian
      ? part.reduce(0) { $0 << 8 | UInt32($1) }
      : part.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func write(_ value: Int, at offset: Int, bytes count: Int) {
    guard offset >= 0, offset <= bytes.count - count else { return }
    for place in 0..<count {
      let shift = 8 * (isBigEndian ? count - 1 - place : place)
      bytes[offset + place] = UInt8(truncatingIfNeeded: value >> shift)
    }
  }

  /// The number that an entry holds; nil where there is none.
  func value(_ tag: UInt32, in directory: Directory) -> Int? {
    field(tag, in: directory).flatMap { number(at: $0.offset, bytes: $0.width).map(Int.init) }
  }

  /// Where the eight bytes of an entry of one fraction stand; nil where there is none.
  func rational(_ tag: UInt32, in directory: Directory) -> Int? {
    for entry in 0..<directory.count {
      let offset = directory.start + 12 * entry
      guard let found = number(at: offset, bytes: 2) else { return nil }
      guard found == tag else { continue }
      guard number(at: offset + 2, bytes: 2) == 5, number(at: offset + 4, bytes: 4) == 1,
        let place = number(at: offset + 8, bytes: 4), Int(place) + 8 <= bytes.count
      else { return nil }
      return Int(place)
    }
    return nil
  }

  /// Does nothing where there is no such entry, or where the number does not fit it.
  mutating func replace(_ tag: UInt32, in directory: Directory, with value: Int) {
    guard let field = field(tag, in: directory), value < 1 << (8 * field.width) else { return }
    write(value, at: field.offset, bytes: field.width)
  }

  /// Where the number of an entry stands: one SHORT, or one LONG as some programs write it.
  private func field(_ tag: UInt32, in directory: Directory) -> (offset: Int, width: Int)? {
    for entry in 0..<directory.count {
      let offset = directory.start + 12 * entry
      guard let found = number(at: offset, bytes: 2) else { return nil }
      guard found == tag else { continue }
      guard let type = number(at: offset + 2, bytes: 2), type == 3 || type == 4,
        number(at: offset + 4, bytes: 4) == 1
      else { return nil }
      let width = type == 3 ? 2 : 4
      return offset + 8 + width <= bytes.count ? (offset + 8, width) : nil
    }
    return nil
  }
}
