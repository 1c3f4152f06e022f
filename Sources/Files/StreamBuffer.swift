import Platform

/// Reads a descriptor or a file piece by piece, as its bytes come.
package final class StreamBuffer {
  /// A line that is longer than it may be.
  package struct LongLine: Error {
    /// In bytes.
    package let limit: Int
  }

  private let descriptor: Int32
  private let name: String
  private let ownsDescriptor: Bool
  private var bytes: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  /// - Parameters:
  ///   - descriptor: is not closed here.
  ///   - name: what error messages call the stream.
  package init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
    ownsDescriptor = false
  }

  /// - Throws: `FileError` of kind `noInput`.
  package init(path: String) throws(FileError) {
    descriptor = open(path.systemPath, O_RDONLY | O_CLOEXEC)
    name = path
    ownsDescriptor = true
    guard descriptor >= 0 else { throw FileError(kind: .noInput, path: path, errno: errno) }
  }

  deinit {
    if ownsDescriptor, descriptor >= 0 { close(descriptor) }
  }

  /// The next bytes without taking them, at most `count`; fewer only at the end.
  ///
  /// - Throws: `FileError` of kind `inputOutput`, as all of these do.
  package func peek(_ count: Int) throws -> ArraySlice<UInt8> {
    while bytes.count - position < count, try fill() {}
    return bytes[position...].prefix(count)
  }

  /// As many of the next bytes as have come, at most `count`, without taking them or waiting for more.
  package func buffered(_ count: Int) -> ArraySlice<UInt8> { bytes[position...].prefix(count) }

  /// The byte that stands `offset` bytes further on, without taking it; nil behind the end.
  package func byte(at offset: Int) throws -> UInt8? {
    while bytes.count - position <= offset {
      guard try fill() else { return nil }
    }
    return bytes[position + offset]
  }

  /// Takes up to `count` bytes; fewer only at the end.
  package func take(_ count: Int) throws -> ArraySlice<UInt8> {
    let slice = try peek(count)
    position += slice.count
    return slice
  }

  /// Takes a line without its end; nil at the end of the stream.
  ///
  /// - Throws: `LongLine` where the line is longer than `limit` bytes.
  package func line(limit: Int = 64 << 20) throws -> ArraySlice<UInt8>? {
    var searched = 0
    while true {
      if let length = lineLength(from: searched) {
        defer { position += length + 1 }
        return bytes[position..<position + length]
      }
      searched = bytes.count - position
      if searched > limit { throw LongLine(limit: limit) }
      if try !fill() {
        defer { position = bytes.count }
        return position < bytes.count ? bytes[position...] : nil
      }
    }
  }

  /// How many bytes stand before the next line feed, `searched` of which are known to be none.
  private func lineLength(from searched: Int) -> Int? {
    bytes.withUnsafeBytes { buffer in
      let count = buffer.count - position - searched
      guard count > 0, let base = buffer.baseAddress,
        let found = memchr(base + position + searched, 0x0A, count)
      else { return nil }
      return base.distance(to: UnsafeRawPointer(found)) - position
    }
  }

  /// Waits for more bytes; false at the end of the stream.
  private func fill() throws -> Bool {
    if isAtEnd { return false }
    if position > 0 {
      bytes.removeFirst(position)
      position = 0
    }
    var failure: Int32 = 0
    // Long records come in large pieces, short ones as they come.
    let room = max(1 << 16, min(bytes.count, 1 << 22))
    let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
      while true {
        let count = read(descriptor, buffer.baseAddress, room)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { failure = errno }
        initialized = max(0, count)
        return
      }
    }
    if failure != 0 {
      throw FileError(
        kind: .inputOutput, path: name, message: FileError.systemMessage(failure))
    }
    isAtEnd = piece.isEmpty
    bytes += piece
    return !isAtEnd
  }
}
