import Datasets
import Files

/// Writes a latent stream to a file, in one step, or to standard output, as it comes.
enum LatentOutput {
  /// - Parameters:
  ///   - path: "-" for standard output.
  ///   - body: makes the records and hands each to its argument. An npy array is written when all are
  ///     there, since its first bytes say how many they are.
  static func write(
    to path: String, format: LatentStreamFormat, variance: Bool,
    _ body: (_ emit: (LatentRecord) throws -> Void) throws -> BatchOutcome
  ) throws -> BatchOutcome {
    guard path != "-" else {
      return try write(FileOutput.standardOutput, format, variance, body)
    }
    var outcome = BatchOutcome(failure: nil)
    try AtomicFile.write(to: path) { outcome = try write($0, format, variance, body) }
    return outcome
  }

  private static func write(
    _ file: FileOutput, _ format: LatentStreamFormat, _ variance: Bool,
    _ body: (_ emit: (LatentRecord) throws -> Void) throws -> BatchOutcome
  ) throws -> BatchOutcome {
    guard format == .npy else {
      var writer = LatentStreamWriter(format: format, variance: variance)
      return try body { record in try file.write(writer.encode(record)) }
    }
    var records: [LatentRecord] = []
    let outcome = try body { record in records.append(record) }
    var writer = LatentStreamWriter(format: format, count: records.count, variance: variance)
    for record in records { try file.write(writer.encode(record)) }
    try file.write(writer.finish())
    return outcome
  }
}
