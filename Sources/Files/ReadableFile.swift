import Platform

/// A file open for reading at any offset; closed when the last reference goes.
package final class ReadableFile: Sendable {
  package let path: String
  private let descriptor: Int32
  /// In bytes; `nil` for a pipe or device.
  package let length: Int?

  /// - Throws: `FileError` of kind `noInput`.
  package init(path: String) throws(FileError) {
    let opened = open(path.systemPath, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw FileError(kind: .noInput, path: path, errno: errno) }
    var status = stat()
    guard fstat(opened, &status) == 0 else {
      let code = errno
      close(opened)
      throw FileError(kind: .noInput, path: path, errno: code)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(opened)
      throw FileError(kind: .noInput, path: path, message: "expected a file, found a directory")
    }
    self.path = path
    descriptor = opened
    length = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  deinit { close(descriptor) }

  /// Up to `count` bytes from `offset`; fewer only where the file ends.
  ///
  /// - Throws: `FileError` of kind `inputOutput`; a pipe cannot be read this way.
  package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    guard offset >= 0, count > 0 else { return [] }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if got > 0 {
          filled += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          failure = errno
          break
        }
      }
    }
    guard failure == 0 else { throw FileError(kind: .inputOutput, path: path, errno: failure) }
    return bytes
  }

  /// Everything from the stream's present position on: for a file just opened, all of it.
  package func readAll(limit: Int = FileReader.defaultLimit) throws(FileError) -> [UInt8] {
    try FileReader.readAll(descriptor: descriptor, name: path, limit: limit)
  }
}
