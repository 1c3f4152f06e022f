import Checkpoints
import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of one JSON object a line that grows while training runs.
final class TrainingLog {
  private let descriptor: Int32
  private let output: FileOutput

  /// - Parameter step: where the run begins: from 1 on, the lines go after those of the run that is
  ///   resumed. What that run wrote of later steps, which come again, is taken out.
  /// - Throws: `FileError` of kind `cannotCreate`.
  init(path: String, resumingAt step: Int) throws {
    if step > 0 { try Self.removeLines(after: step, from: path) }
    descriptor = open(
      path, O_WRONLY | O_CREAT | O_CLOEXEC | (step > 0 ? O_APPEND : O_TRUNC), 0o666)
    guard descriptor >= 0 else {
      throw FileError(kind: .cannotCreate, path: path, message: FileError.systemMessage(errno))
    }
    output = FileOutput(descriptor: descriptor, name: path)
  }

  private static func removeLines(after step: Int, from path: String) throws {
    guard Paths.isRegularFile(path) else { return }
    let bytes = try FileReader.readFile(path)
    let lines = bytes.split(separator: 0x0A)
    let kept = lines.filter { line in
      // A line that was cut off is none.
      guard let value = try? JSONValue(parsing: line) else { return false }
      return value["step"]?.int.map { $0 <= step } ?? true
    }
    guard kept.count < lines.count else { return }
    try AtomicFile.write(Array(kept.map { $0 + [0x0A] }.joined()), to: path)
  }

  deinit { close(descriptor) }

  func write(_ value: JSONValue) throws {
    try output.write(value.encoded() + [UInt8(ascii: "\n")])
  }
}
