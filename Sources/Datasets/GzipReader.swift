import CZlib

/// A file's bytes, decompressed on the way where it starts with gzip's magic number.
final class GzipReader {
  let file: RegularFile
  /// Whether the file is compressed.
  let isCompressed: Bool
  private var stream = z_stream()
  private let input: UnsafeMutableRawBufferPointer
  private var ended = false

  init(_ file: RegularFile) throws {
    self.file = file
    input = .allocate(byteCount: 1 << 16, alignment: 16)
    var magic: [UInt8] = [0, 0]
    let got: Int
    do {
      got = try magic.withUnsafeMutableBytes { try file.read(into: $0) }
    } catch {
      input.deallocate()
      throw error
    }
    file.rewind()
    isCompressed = got == 2 && magic == [0x1F, 0x8B]
    if isCompressed {
      // 15: the largest window; 16: gzip's wrapper with its checksum and nothing else.
      let status = inflateInit2_(
        &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      if status != Z_OK {
        throw DatasetError(path: file.path, reason: "zlib does not start (\(status))")
      }
    }
  }

  deinit {
    if isCompressed { inflateEnd(&stream) }
    input.deallocate()
  }

  /// The next bytes, as many as there are and fit; fewer only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var position = 0
    while position < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[position...])
      let count = isCompressed ? try inflate(into: rest) : try file.read(into: rest)
      if count == 0 { break }
      position += count
    }
    return position
  }

  /// Exactly `count` bytes.
  func read(count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      let target = UnsafeMutableRawBufferPointer(
        start: UnsafeMutableRawPointer(buffer.baseAddress), count: count)
      initialized = try read(into: target)
      if initialized < count {
        throw DatasetError(
          path: file.path, reason: "cut short: expected \(count) bytes, found \(initialized)")
      }
    }
  }

  /// Refuses anything that follows, so that the checksum of a compressed file is seen.
  func requireEnd() throws {
    var byte: [UInt8] = [0]
    if try byte.withUnsafeMutableBytes({ try read(into: $0) }) > 0 {
      throw DatasetError(path: file.path, reason: "longer than its header says")
    }
  }

  /// At least one byte but at the end of the last member.
  private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let capacity = min(buffer.count, 1 << 30)
    stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(capacity)
    while stream.avail_out == UInt32(capacity) {
      if stream.avail_in == 0 {
        let count = try file.read(into: input)
        if count == 0 {
          if ended { return 0 }
          throw DatasetError(path: file.path, reason: "the compressed data end too early")
        }
        stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_in = UInt32(count)
      }
      if ended {
        // Another member may follow; whatever else does, zlib refuses as no gzip header.
        inflateReset(&stream)
        ended = false
      }
      let status = CZlib.inflate(&stream, Z_NO_FLUSH)
      switch status {
      case Z_OK, Z_BUF_ERROR: continue
      case Z_STREAM_END: ended = true
      default:
        let message = stream.msg.map { String(cString: $0) } ?? "error \(status)"
        throw DatasetError(path: file.path, reason: "damaged compressed data: \(message)")
      }
    }
    return capacity - Int(stream.avail_out)
  }
}
