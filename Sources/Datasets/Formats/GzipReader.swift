import CZlib
import Files

/// A regular file's bytes from first to last, decompressed on the way where it starts with
/// gzip's magic number.
final class GzipReader {
  let path: String
  /// The file's size in bytes, as it is stored.
  let fileSize: Int
  /// Whether the file is compressed.
  let isCompressed: Bool
  private let file: ReadableFile
  private var offset = 0
  private var stream = z_stream()
  private let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
  private var ended = false

  init(path: String) throws {
    let file = try ReadableFile(path: path)
    guard let size = file.length else {
      throw FileError(kind: .badData, path: path, message: "expected a regular file")
    }
    self.path = path
    self.file = file
    fileSize = size
    isCompressed = try file.read(at: 0, count: 2) == [0x1F, 0x8B]
    if isCompressed {
      // 15: the largest window; 16: gzip's wrapper with its checksum and nothing else.
      let status = inflateInit2_(
        &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      if status != Z_OK { throw damage("zlib does not start (\(status))") }
    }
  }

  deinit {
    if isCompressed { inflateEnd(&stream) }
    input.deallocate()
  }

  /// Exactly `count` bytes.
  func read(count: Int) throws -> [UInt8] {
    let bytes: [UInt8]
    if isCompressed {
      bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        while initialized < count {
          let rest = UnsafeMutableBufferPointer(rebasing: buffer[initialized..<count])
          let got = try inflate(into: rest)
          if got == 0 { break }
          initialized += got
        }
      }
    } else {
      bytes = try file.read(at: offset, count: count)
      offset += bytes.count
    }
    guard bytes.count == count else {
      throw damage("cut short: expected \(count) more bytes, found \(bytes.count)")
    }
    return bytes
  }

  /// Refuses anything that follows. A compressed file's checksum is verified by this.
  func requireEnd() throws {
    let byte = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1)
    defer { byte.deallocate() }
    if isCompressed ? try inflate(into: byte) > 0 : offset < fileSize {
      throw damage("longer than its header says")
    }
  }

  private func damage(_ message: String) -> FileError {
    FileError(kind: .badData, path: path, message: message)
  }

  /// At least one byte, but none at the end of the last member.
  private func inflate(into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    let capacity = min(buffer.count, 1 << 30)
    stream.next_out = buffer.baseAddress
    stream.avail_out = UInt32(capacity)
    while stream.avail_out == UInt32(capacity) {
      if stream.avail_in == 0 {
        let bytes = try file.read(at: offset, count: input.count)
        if bytes.isEmpty {
          if ended { return 0 }
          throw damage("the compressed data end too early")
        }
        offset += bytes.count
        stream.avail_in = UInt32(input.update(fromContentsOf: bytes))
        stream.next_in = input.baseAddress
      }
      if ended {
        // Another member may follow; anything else zlib refuses, as it is no gzip header.
        inflateReset(&stream)
        ended = false
      }
      switch CZlib.inflate(&stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: continue
      case Z_STREAM_END: ended = true
      case let status:
        let message = stream.msg.map { String(cString: $0) } ?? "error \(status)"
        throw damage("damaged compressed data: \(message)")
      }
    }
    return capacity - Int(stream.avail_out)
  }
}
