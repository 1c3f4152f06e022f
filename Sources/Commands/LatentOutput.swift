import Datasets
import Files

/// Writes a latent stream to a file, in one step, or to standard output, as it comes.
enum LatentOutput {
  /// - Parameters:
  ///   - path: "-" for standard output.
  ///   - count: how many records should come. An npy array is written when all are there, since
  ///     its first bytes say how many they are.
  ///   - origin: whose latents they are.
  ///   - body: makes the records and hands each to its argument.
  static func write(
    to path: String, format: LatentStreamFormat, variance: Bool, count: Int, origin: LatentOrigin,
    _ body: (_ emit: (LatentRecord) throws -> Void) throws -> Void
  ) throws {
    guard path != "-" else {
      return try write(FileOutput.standardOutput, format, variance, count, origin, body)
    }
    var failure: ReportedFailure?
    try AtomicFile.write(to: path) { file in
      do {
        try write(file, format, variance, count, origin, body)
      } catch let error as ReportedFailure {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private static func write(
    _ file: FileOutput, _ format: LatentStreamFormat, _ variance: Bool, _ count: Int,
    _ origin: LatentOrigin,
    _ body: (_ emit: (LatentRecord) throws -> Void) throws -> Void
  ) throws {
    guard format == .npy else {
      var writer = LatentStreamWriter(format: format, variance: variance, origin: origin)
      return try body { record in try file.write(writer.encode(record)) }
    }
    var records: [LatentRecord] = []
    var failure: ReportedFailure?
    do {
      try body { record in records.append(record) }
    } catch let error as ReportedFailure {
      failure = error
    }
    var writer = LatentStreamWriter(format: format, count: records.count, variance: variance)
    for record in records { try file.write(writer.encode(record)) }
    try file.write(writer.finish())
    if let failure { throw failure }
  }
}
