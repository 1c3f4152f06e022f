import CZlib
import Files

/// The files in a ZIP archive, stored or deflated, of any size (ZIP64): what NumPy's `savez` writes. Read by
/// PKWARE's APPNOTE.TXT 6.3.
struct ZipArchive: Sendable {
  struct Entry: Sendable {
    let name: String
    /// In bytes, as it comes out.
    let size: Int
    fileprivate let storedSize: Int
    fileprivate let isDeflated: Bool
    fileprivate let checksum: UInt32
    /// Where its local header begins.
    fileprivate let offset: Int
  }

  let path: String
  let entries: [Entry]

  /// How such a file begins: with an entry, or with its end where it has none.
  static func isArchive(_ head: [UInt8]) -> Bool {
    head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6])
  }

  /// The largest list of entries that is read, in bytes.
  private static let largestDirectory = 1 << 26

  /// Reads the list of entries.
  ///
  /// - Throws: `FileError` where the file cannot be read or is no such archive.
  init(path: String) throws {
    let file = try ReadableFile(path: path)
    func refuse(_ reason: String) -> FileError {
      FileError(kind: .badData, path: path, message: reason)
    }
    guard let length = file.length else { throw refuse("expected a regular file") }
    guard let directory = try Directory(file, length: length),
      directory.size <= Self.largestDirectory, directory.offset >= 0,
      directory.offset <= length - directory.size
    else { throw refuse("damaged ZIP archive: its list of files is not where it should be") }
    let bytes = Fields(try file.read(at: directory.offset, count: directory.size))
    var entries: [Entry] = []
    var place = 0
    while entries.count < directory.count {
      guard bytes.has(place, 46), bytes.number(place, 4) == 0x0201_4B50 else {
        throw refuse(
          "damaged ZIP archive: expected \(directory.count) files in its list, found "
            + "\(entries.count)")
      }
      let lengths = [28, 30, 32].map { bytes.number(place + $0, 2) }
      let next = place + 46 + lengths.reduce(0, +)
      guard bytes.has(place, next - place) else {
        throw refuse("damaged ZIP archive: its list of files is cut off")
      }
      let name = String(decoding: bytes.bytes[place + 46..<place + 46 + lengths[0]], as: UTF8.self)
      guard let entry = Entry(bytes, place, name, extra: (place + 46 + lengths[0], lengths[1]))
      else {
        throw refuse("\(name): expected a file that is stored or deflated, and not encrypted")
      }
      entries.append(entry)
      place = next
    }
    self.path = path
    self.entries = entries
  }

  /// What an entry holds. Its size is checked against what so many bytes can hold before memory is taken.
  ///
  /// - Parameter limit: in bytes.
  /// - Throws: `FileError`.
  func bytes(_ entry: Entry, limit: Int) throws -> [UInt8] {
    func refuse(_ reason: String) -> FileError {
      FileError(kind: .badData, path: "\(path)/\(entry.name)", message: reason)
    }
    let file = try ReadableFile(path: path)
    let length = file.length ?? 0
    guard entry.size <= limit else {
      throw refuse("\(entry.size) bytes, expected at most \(limit)")
    }
    let header = Fields(try file.read(at: entry.offset, count: 30))
    guard header.has(0, 30), header.number(0, 4) == 0x0403_4B50 else {
      throw refuse("damaged ZIP archive: expected the file's header")
    }
    let start = entry.offset + 30 + header.number(26, 2) + header.number(28, 2)
    // Deflate stores at most 1,032 bytes in one.
    let possible =
      entry.isDeflated ? entry.storedSize.multipliedReportingOverflow(by: 1032).0 : entry.storedSize
    guard start <= length - entry.storedSize, entry.size <= possible + 1032,
      entry.isDeflated || entry.size == entry.storedSize
    else { throw refuse("damaged ZIP archive: the file is cut off") }
    let stored = try file.read(at: start, count: entry.storedSize)
    guard stored.count == entry.storedSize else {
      throw refuse("damaged ZIP archive: the file is cut off")
    }
    guard let bytes = entry.isDeflated ? Self.inflated(stored, count: entry.size) : stored else {
      throw refuse("damaged compressed data")
    }
    guard Self.checksum(bytes) == entry.checksum else {
      throw refuse("damaged: the checksum is another")
    }
    return bytes
  }

  /// Exactly `count` bytes out of a whole deflate stream; nil where it is none of them.
  private static func inflated(_ stored: [UInt8], count: Int) -> [UInt8]? {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { inflateEnd(&stream) }
    var input = stored
    var (fed, status) = (0, Z_OK)
    // Room for one byte more shows whether the stream is longer.
    var bytes = [UInt8](unsafeUninitializedCapacity: count + 1) { output, filled in
      output.initialize(repeating: 0)
      input.withUnsafeMutableBufferPointer { input in
        while status == Z_OK {
          let (given, room) = (
            min(input.count - fed, 1 << 30), min(output.count - filled, 1 << 30)
          )
          guard room > 0, let source = input.baseAddress, let target = output.baseAddress else {
            break
          }
          stream.next_in = source + fed
          stream.avail_in = UInt32(given)
          stream.next_out = target + filled
          stream.avail_out = UInt32(room)
          status = CZlib.inflate(&stream, Z_NO_FLUSH)
          fed += given - Int(stream.avail_in)
          filled += room - Int(stream.avail_out)
        }
      }
    }
    guard status == Z_STREAM_END, fed == stored.count, bytes.count == count else { return nil }
    bytes.reserveCapacity(0)
    return bytes
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { buffer in
      var sum = crc32(0, nil, 0)
      for start in stride(from: 0, to: buffer.count, by: 1 << 30) {
        let part = UnsafeBufferPointer(rebasing: buffer[start..<min(start + 1 << 30, buffer.count)])
        sum = crc32(sum, part.baseAddress, UInt32(part.count))
      }
      return UInt32(truncatingIfNeeded: sum)
    }
  }

  /// Little-endian numbers.
  fileprivate struct Fields {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func has(_ place: Int, _ count: Int) -> Bool { place >= 0 && place + count <= bytes.count }

    /// - Precondition: `has(place, count)`, `count` at most 8. What does not fit an `Int` is its greatest.
    func number(_ place: Int, _ count: Int) -> Int {
      let value = (0..<count).reduce(UInt64(0)) {
        $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1))
      }
      return Int(clamping: value)
    }
  }

  /// Where the list of entries is.
  private struct Directory {
    var count: Int
    var size: Int
    var offset: Int

    /// nil where the file has no end of an archive.
    init?(_ file: ReadableFile, length: Int) throws {
      // The end is followed by a comment of at most 65,535 bytes.
      let start = max(0, length - 22 - 65_535)
      let tail = Fields(try file.read(at: start, count: length - start))
      guard
        let end = stride(from: tail.bytes.count - 22, through: 0, by: -1).first(where: {
          tail.number($0, 4) == 0x0605_4B50
            && $0 + 22 + tail.number($0 + 20, 2) == tail.bytes.count
        })
      else { return nil }
      count = tail.number(end + 10, 2)
      size = tail.number(end + 12, 4)
      offset = tail.number(end + 16, 4)
      guard count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF else { return }
      // The end of large archives stands before, and what says where before this one.
      guard tail.has(end - 20, 20), tail.number(end - 20, 4) == 0x0706_4B50 else { return nil }
      let large = Fields(try file.read(at: tail.number(end - 12, 8), count: 56))
      guard large.has(0, 56), large.number(0, 4) == 0x0606_4B50 else { return nil }
      count = large.number(32, 8)
      size = large.number(40, 8)
      offset = large.number(48, 8)
    }
  }
}

extension ZipArchive.Entry {
  /// nil for one that cannot be read.
  fileprivate init?(
    _ bytes: ZipArchive.Fields, _ place: Int, _ name: String, extra: (start: Int, length: Int)
  ) {
    let method = bytes.number(place + 10, 2)
    guard bytes.number(place + 8, 2) & 1 == 0, method == 0 || method == 8 else { return nil }
    var (stored, size, offset) = (
      bytes.number(place + 20, 4), bytes.number(place + 24, 4), bytes.number(place + 42, 4)
    )
    // Of large files the numbers stand in a field of their own, those that do not fit one after another.
    var field = extra.start
    while field + 4 <= extra.start + extra.length {
      let length = bytes.number(field + 2, 2)
      let end = min(field + 4 + length, extra.start + extra.length)
      if bytes.number(field, 2) == 1 {
        var next = field + 4
        func large(_ value: inout Int) {
          guard value == 0xFFFF_FFFF, next + 8 <= end else { return }
          value = bytes.number(next, 8)
          next += 8
        }
        large(&size)
        large(&stored)
        large(&offset)
      }
      field += 4 + length
    }
    let limit = 1 << 60
    guard size < limit, stored < limit, offset < limit else { return nil }
    self.init(
      name: name, size: size, storedSize: stored, isDeflated: method == 8,
      checksum: UInt32(truncatingIfNeeded: bytes.number(place + 16, 4)), offset: offset)
  }
}
