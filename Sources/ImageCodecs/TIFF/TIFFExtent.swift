import Files

/// Where a TIFF file ends in a stream (TIFF 6.0, section 2; BigTIFF). Nothing in it tells its length, but whatever belongs
/// to it hangs on its directories: their values, the directories that they point to, strips and tiles.
struct TIFFExtent {
  private enum Tag {
    static let strips = 0x0111
    static let tiles = 0x0144
    static let jpeg = 0x0201
    /// The tag of the lengths of what such a tag tells the places of.
    static let lengths = [strips: 0x0117, tiles: 0x0145, jpeg: 0x0202]
    /// Directories of parts, of EXIF, of the position, of interoperability.
    static let directories: Set<Int> = [0x014A, 0x8769, 0x8825, 0xA005]
  }

  /// Bytes of an element, by type.
  private static let sizes: [Int: Int] = [
    1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8,
    18: 8,
  ]
  /// Entries and places that are read at most: a file of more goes on to the end of the stream.
  private static let most = 1 << 22

  /// An entry of a directory.
  private struct Entry {
    let tag: Int
    let size: Int
    let count: Int
    /// Of its values, in the stream.
    let place: Int
    let isDirectory: Bool
  }

  private let stream: StreamCursor
  private let isBigEndian: Bool
  private let isLarge: Bool
  private var end: Int
  private var left = Self.most

  /// - Returns: the length; nil where directories lead astray, or say too little.
  static func length(in stream: StreamCursor) throws -> Int? {
    guard let order = try stream.byte(at: 0), let version = try stream.number(at: 2, bytes: 2)
    else { return nil }
    var extent = TIFFExtent(
      stream: stream, isBigEndian: order == 0x4D, isLarge: version == 0x2B || version == 0x2B00)
    guard try extent.walk(), extent.end <= stream.limit,
      try stream.byte(at: extent.end - 1) != nil
    else { return nil }
    // Values begin at even places, so that a last byte may be there for the next one.
    let hasPadding = try extent.end % 2 == 1 && stream.byte(at: extent.end) == 0
    return extent.end + (hasPadding ? 1 : 0)
  }

  private init(stream: StreamCursor, isBigEndian: Bool, isLarge: Bool) {
    self.stream = stream
    self.isBigEndian = isBigEndian
    self.isLarge = isLarge
    end = isLarge ? 16 : 8
  }

  /// Bytes of an offset, and of the number of an entry's values.
  private var wide: Int { isLarge ? 8 : 4 }

  /// - Returns: whether all directories could be followed.
  private mutating func walk() throws -> Bool {
    guard let first = try number(at: isLarge ? 8 : 4, bytes: wide) else { return false }
    var directories = [first]
    var seen: Set<Int> = [0]
    while let start = directories.popLast() {
      guard seen.insert(start).inserted else { continue }
      guard let more = try follow(start) else { return false }
      directories += more
    }
    return true
  }

  /// - Returns: the directories that this one leads to; nil where it leads astray.
  private mutating func follow(_ start: Int) throws -> [Int]? {
    let (head, length) = isLarge ? (8, 20) : (2, 12)
    guard let count = try number(at: start, bytes: head), count <= left else { return nil }
    left -= count
    let behind = start + head + length * count
    guard let next = try number(at: behind, bytes: wide) else { return nil }
    end = max(end, behind + wide)
    var entries: [Entry] = []
    for index in 0..<count {
      // Libraries pass over types that they do not know.
      guard let entry = try entry(at: start + head + length * index) else { return nil }
      if entry.size > 0 { entries.append(entry) }
    }
    var directories = [next]
    for entry in entries {
      if entry.isDirectory {
        guard let places = try values(of: entry) else { return nil }
        directories += places
      } else if let lengthTag = Tag.lengths[entry.tag] {
        guard let lengths = entries.first(where: { $0.tag == lengthTag }),
          let places = try values(of: entry), let bytes = try values(of: lengths)
        else { return nil }
        for (place, length) in zip(places, bytes) where length > 0 {
          end = max(end, place + length)
        }
      }
    }
    return directories
  }

  /// - Returns: an entry, of size 0 where its type is unknown; nil where it leads astray.
  private mutating func entry(at place: Int) throws -> Entry? {
    guard let tag = try number(at: place, bytes: 2), let type = try number(at: place + 2, bytes: 2),
      let count = try number(at: place + 4, bytes: wide)
    else { return nil }
    let size = Self.sizes[type] ?? 0
    guard count <= stream.limit else { return nil }
    var start = place + 4 + wide
    if count * size > wide {
      guard let offset = try number(at: start, bytes: wide) else { return nil }
      start = offset
      end = max(end, start + count * size)
    }
    let isDirectory = type == 13 || type == 18 || Tag.directories.contains(tag)
    return Entry(tag: tag, size: size, count: count, place: start, isDirectory: isDirectory)
  }

  private mutating func values(of entry: Entry) throws -> [Int]? {
    guard entry.count <= left else { return nil }
    left -= entry.count
    var values: [Int] = []
    for index in 0..<entry.count {
      guard let value = try number(at: entry.place + entry.size * index, bytes: entry.size) else {
        return nil
      }
      values.append(value)
    }
    return values
  }

  /// nil where the stream ends before it, or it lies beyond what a file may hold.
  private func number(at offset: Int, bytes count: Int) throws -> Int? {
    guard offset <= stream.limit else { return nil }
    var number = 0
    for index in 0..<count {
      let place = isBigEndian ? index : count - 1 - index
      guard let byte = try stream.byte(at: offset + place) else { return nil }
      number = number << 8 | Int(byte)
    }
    return 0...stream.limit ~= number ? number : nil
  }
}
