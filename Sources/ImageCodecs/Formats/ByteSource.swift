import Files

/// Bytes at any offset, of a file or in memory; what lies behind the end comes back short.
struct ByteSource {
  private let file: ReadableFile?
  /// All bytes in memory, or the first of the file.
  private let start: [UInt8]

  init(bytes: [UInt8]) {
    file = nil
    start = bytes
  }

  /// - Throws: `FileError`.
  init(file: ReadableFile) throws(FileError) {
    self.file = file
    start = try file.read(at: 0, count: 4096)
  }

  /// Up to `count` bytes from `offset`.
  func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    guard offset >= 0, count > 0 else { return [] }
    if let file, offset + count > start.count {
      return try file.read(at: offset, count: count)
    }
    guard offset < start.count else { return [] }
    return Array(start[offset..<min(offset + count, start.count)])
  }

  /// Everything, for formats whose header may stand anywhere in the file.
  func all() throws(FileError) -> [UInt8] {
    guard let file else { return start }
    return try file.read(at: 0, count: file.length ?? 0)
  }
}
