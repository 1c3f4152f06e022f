/// EXIF in TIFF files, where it is no block: its entries stand in the directory of the picture and in
/// directories that hang on it (TIFF 6.0, section 2; Exif 2.3, section 4.5). libtiff knows its tags one by
/// one; here entries are copied as they are, whatever they are. Offsets are not trusted.
enum TIFFDirectories {
  private enum Tag {
    static let details: UInt16 = 0x8769
    static let position: UInt16 = 0x8825
    static let interoperability: UInt16 = 0xA005
    static let software: UInt16 = 0x0131
    /// Maker, model, software, date, artist, copyright.
    static let texts: Set<UInt16> = [0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298]
  }

  /// What of the directories of a page is EXIF, as a block; nil where there is none.
  ///
  /// - Parameters:
  ///   - file: a TIFF file, no BigTIFF.
  ///   - page: from 0, thumbnails among the pages included.
  static func block(of file: [UInt8], page: Int) -> [UInt8]? {
    guard let source = Source(file), let start = source.directory(page) else { return nil }
    let entries = source.entries(at: start).filter(isDescription)
    guard !entries.isEmpty else { return nil }
    return [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0] + serialized(entries, at: 8, next: 0)
  }

  /// The program that a block names; nil where it names none.
  static func software(of block: [UInt8]) -> String? {
    guard let source = Source(block), let main = source.number(at: 4, bytes: 4),
      let entry = source.entries(at: main).first(where: { $0.tag == Tag.software })
    else { return nil }
    let text = TextEncodings.utf8OrLatin1(Array(entry.values.prefix { $0 != 0 }))
    return text.isEmpty ? nil : text
  }

  /// Puts the EXIF of pages into a file.
  ///
  /// - Parameters:
  ///   - file: a little-endian TIFF file, no BigTIFF; it stays as it is where it is another.
  ///   - blocks: of its pages in order; nil for a page that has none.
  static func insert(_ blocks: [[UInt8]?], into file: inout [UInt8]) {
    guard file.starts(with: [0x49, 0x49, 0x2A, 0]) else { return }
    for (page, block) in blocks.enumerated() {
      guard let block, let details = Source(block),
        let main = details.number(at: 4, bytes: 4),
        let source = Source(file), let start = source.directory(page),
        let pointer = source.pointer(to: page),
        let count = source.number(at: start, bytes: 2),
        let next = source.number(at: start + 2 + 12 * count, bytes: 4)
      else { continue }
      let written = source.entries(at: start)
      // What the page says of its software includes what the block says of it.
      let isNamed = written.contains { $0.tag == Tag.software }
      let added = details.entries(at: main).filter {
        isDescription($0) && !(isNamed && $0.tag == Tag.software)
      }
      let own = written.filter { entry in !added.contains { $0.tag == entry.tag } }
      guard !added.isEmpty, own.count + added.count < 1 << 12 else { continue }
      if file.count % 2 != 0 { file.append(0) }
      let place = file.count
      // The picture's own values stay where they are, so that strips keep their places.
      let bytes = serialized(
        (own + added).sorted { $0.tag < $1.tag }, at: place, next: UInt32(next))
      guard place + bytes.count < 1 << 32 else { return }
      file += bytes
      for index in 0..<4 { file[pointer + index] = UInt8(truncatingIfNeeded: place >> (8 * index)) }
    }
  }

  private static func isDescription(_ entry: Entry) -> Bool {
    Tag.texts.contains(entry.tag) || entry.directory != nil
  }

  /// An entry of a directory.
  private struct Entry {
    let tag: UInt16
    let type: UInt16
    let count: UInt32
    /// The values, little-endian.
    let values: [UInt8]
    /// Where the entry points to a directory, its entries.
    var directory: [Entry]?
  }

  /// A directory with what hangs on it, as it stands from an offset on.
  private static func serialized(_ entries: [Entry], at offset: Int, next: UInt32) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var directory = number(entries.count, 2)
    var behind: [UInt8] = []
    let start = offset + 2 + 12 * entries.count + 4
    for entry in entries {
      directory += number(Int(entry.tag), 2)
      if let inner = entry.directory {
        directory += number(4, 2) + number(1, 4) + number(start + behind.count, 4)
        behind += serialized(inner, at: start + behind.count, next: 0)
      } else {
        directory += number(Int(entry.type), 2) + number(Int(entry.count), 4)
        if entry.values.count <= 4 {
          directory += entry.values + [UInt8](repeating: 0, count: 4 - entry.values.count)
        } else {
          directory += number(start + behind.count, 4)
          behind += entry.values
        }
      }
      if behind.count % 2 != 0 { behind.append(0) }
    }
    return directory + number(Int(next), 4) + behind
  }

  /// A TIFF stream that is read.
  private struct Source {
    private let bytes: [UInt8]
    private let isBigEndian: Bool

    /// Entries of a directory, and bytes of an entry, at most.
    private static let mostEntries = 4096
    private static let mostBytes = 1 << 20
    /// Bytes of an element, by type.
    private static let sizes: [UInt16: Int] = [
      1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
    ]

    init?(_ bytes: [UInt8]) {
      switch bytes.prefix(4) {
      case [0x49, 0x49, 0x2A, 0]: isBigEndian = false
      case [0x4D, 0x4D, 0, 0x2A]: isBigEndian = true
      default: return nil
      }
      self.bytes = bytes
    }

    func number(at offset: Int, bytes count: Int) -> Int? {
      guard offset >= 0, offset <= bytes.count - count else { return nil }
      let part = bytes[offset..<offset + count]
      return isBigEndian
        ? part.reduce(0) { $0 << 8 | Int($1) } : part.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Where the offset of a page's directory stands.
    func pointer(to page: Int) -> Int? {
      var pointer = 4
      for _ in 0..<page {
        guard let start = number(at: pointer, bytes: 4), start > 0,
          let count = number(at: start, bytes: 2)
        else { return nil }
        pointer = start + 2 + 12 * count
      }
      return pointer
    }

    func directory(_ page: Int) -> Int? {
      pointer(to: page).flatMap { number(at: $0, bytes: 4) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Those that are whole.
    ///
    /// - Parameter depth: of directories within directories.
    func entries(at start: Int, depth: Int = 0) -> [Entry] {
      guard let count = number(at: start, bytes: 2), count <= Self.mostEntries else { return [] }
      return (0..<count).compactMap { entry(at: start + 2 + 12 * $0, depth: depth) }
    }

    private func entry(at place: Int, depth: Int) -> Entry? {
      guard let tag = number(at: place, bytes: 2), let type = number(at: place + 2, bytes: 2),
        let count = number(at: place + 4, bytes: 4), let size = Self.sizes[UInt16(type)],
        count <= Self.mostBytes / size
      else { return nil }
      let length = count * size
      guard let start = length <= 4 ? place + 8 : number(at: place + 8, bytes: 4),
        start <= bytes.count - length
      else { return nil }
      // Fractions are two numbers.
      let unit = type == 5 || type == 10 ? 4 : size
      var values = Array(bytes[start..<start + length])
      if isBigEndian && unit > 1 {
        for first in stride(from: 0, to: length, by: unit) {
          values[first..<first + unit].reverse()
        }
      }
      var entry = Entry(
        tag: UInt16(tag), type: UInt16(type), count: UInt32(count), values: values)
      let isDirectory = [Tag.details, Tag.position, Tag.interoperability].contains(entry.tag)
      if isDirectory, depth < 2, type == 4 || type == 13, count == 1,
        let offset = number(at: place + 8, bytes: 4), offset > 0
      {
        entry.directory = entries(at: offset, depth: depth + 1)
      }
      return entry
    }
  }
}
