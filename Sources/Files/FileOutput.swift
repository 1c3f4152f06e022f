import Platform

/// An open descriptor to write to. It does not own the descriptor.
package struct FileOutput {
  private let descriptor: Int32
  private let name: String

  /// - Parameter name: what error messages call it.
  package init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  package static var standardOutput: FileOutput {
    FileOutput(descriptor: STDOUT_FILENO, name: "standard output")
  }

  /// Writes all the bytes, unbuffered.
  ///
  /// - Throws: `FileError` of kind `inputOutput`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let written = writeOnce(piece, to: descriptor)
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        throw FileError(kind: .inputOutput, path: name, errno: errno)
      }
    }
  }

  package func write(_ bytes: [UInt8]) throws(FileError) {
    let outcome = bytes.withUnsafeBytes { buffer -> Result<Void, FileError> in
      do throws(FileError) {
        return .success(try write(buffer))
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
  }
}
