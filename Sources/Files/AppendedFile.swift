import Platform

/// A file that grows while a program runs, so that others can follow it.
package final class AppendedFile {
  private let descriptor: Int32
  private let output: FileOutput

  /// - Parameter keepsContent: whether what is there already stays.
  /// - Throws: `FileError` of kind `cannotCreate`.
  package init(path: String, keepsContent: Bool) throws {
    descriptor = open(
      path.systemPath, O_WRONLY | O_CREAT | O_CLOEXEC | (keepsContent ? O_APPEND : O_TRUNC), 0o666)
    guard descriptor >= 0 else {
      throw FileError(kind: .cannotCreate, path: path, message: FileError.systemMessage(errno))
    }
    output = FileOutput(descriptor: descriptor, name: path)
  }

  deinit { close(descriptor) }

  /// - Throws: `FileError` of kind `inputOutput`.
  package func write(_ bytes: [UInt8]) throws { try output.write(bytes) }
}
