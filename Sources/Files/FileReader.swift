import Platform

/// Reads whole files and streams into memory, up to a limit.
package enum FileReader {
  /// 4 GiB: more than any picture or model this program handles.
  package static let defaultLimit = 1 << 32

  /// The content of a file (or of a pipe or device that has a path).
  ///
  /// - Parameter limit: in bytes; a longer file is refused, where its length is known before
  ///   memory is taken.
  /// - Throws: `FileError` of kind `noInput` (missing, a directory, no permission), `badData`
  ///   (longer than `limit`) or `inputOutput`.
  package static func readFile(
    _ path: String, limit: Int = defaultLimit
  ) throws(FileError) -> [UInt8] {
    let file = try ReadableFile(path: path)
    return try file.readAll(limit: limit)
  }

  /// Everything up to the end of an open stream, such as standard input (0).
  ///
  /// - Parameter name: what error messages call the stream.
  package static func readAll(
    descriptor: Int32, name: String = "standard input", limit: Int = defaultLimit
  ) throws(FileError) -> [UInt8] {
    var status = stat()
    let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    let expected = isRegular ? Int(status.st_size) : 0
    guard expected <= limit else { throw tooLong(name, limit) }
    var bytes: [UInt8] = []
    // One byte more than expected lets the read that finds the end stay within the buffer.
    var room = max(expected + 1, 1 << 16)
    while true {
      var failure: Int32 = 0
      var count = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
        while count < buffer.count {
          let got = read(descriptor, buffer.baseAddress! + count, buffer.count - count)
          if got > 0 {
            count += got
          } else if got == 0 {
            break
          } else if errno != EINTR {
            failure = errno
            break
          }
        }
        filled = count
      }
      guard failure == 0 else {
        throw FileError(
          kind: failure == EISDIR ? .noInput : .inputOutput, path: name, errno: failure)
      }
      guard bytes.count + count <= limit else { throw tooLong(name, limit) }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      if count < room { return bytes }
      room = min(max(bytes.count, 1 << 16), 1 << 26)
    }
  }

  private static func tooLong(_ name: String, _ limit: Int) -> FileError {
    FileError(kind: .badData, path: name, message: "longer than the limit of \(limit) bytes")
  }
}
