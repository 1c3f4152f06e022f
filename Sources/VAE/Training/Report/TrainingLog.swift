import Checkpoints
import Files

/// A run's course: a JSON object a line.
package enum TrainingLog {
  /// - Parameter step: where the run begins: from 1 on, the lines go after those of the run that is
  ///   resumed. What that run wrote of later steps, which come again, is taken out.
  /// - Throws: `FileError` of kind `cannotCreate`.
  package static func open(_ path: String, resumingAt step: Int) throws -> AppendedFile {
    if step > 0 { try removeLines(after: step, from: path) }
    return try AppendedFile(path: path, keepsContent: step > 0)
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
}
