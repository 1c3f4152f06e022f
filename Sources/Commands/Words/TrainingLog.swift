import Checkpoints
import Files
import Platform

/// A file of one JSON object a line that grows while training runs.
final class TrainingLog {
  private let descriptor: Int32
  private let output: FileOutput

  /// - Parameter appends: whether the lines go after those of the run that is resumed.
  /// - Throws: `FileError` of kind `cannotCreate`.
  init(path: String, appends: Bool) throws {
    descriptor = open(
      path, O_WRONLY | O_CREAT | O_CLOEXEC | (appends ? O_APPEND : O_TRUNC), 0o666)
    guard descriptor >= 0 else {
      throw FileError(kind: .cannotCreate, path: path, message: FileError.systemMessage(errno))
    }
    output = FileOutput(descriptor: descriptor, name: path)
  }

  deinit { close(descriptor) }

  func write(_ value: JSONValue) throws {
    try output.write(value.encoded() + [UInt8(ascii: "\n")])
  }
}
