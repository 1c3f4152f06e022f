import Files

/// Writes a latent stream to a file, in one step, or to standard output, as it comes.
package enum LatentStreamOutput {
  /// - Parameters:
  ///   - path: "-" for standard output.
  ///   - origin: whose latents they are.
  ///   - body: makes the records and hands each to its argument. An npy array is written when all are
  ///     there, since its first bytes say how many they are.
  /// - Returns: what `body` returns.
  package static func write<Outcome>(
    to path: String, format: LatentStreamFormat, variance: Bool, origin: LatentOrigin,
    _ body: (_ emit: (LatentRecord) throws -> Void) throws -> Outcome
  ) throws -> Outcome {
    guard path != "-" else {
      return try write(FileOutput.standardOutput, format, variance, origin, body)
    }
    return try AtomicFile.write(to: path) { try write($0, format, variance, origin, body) }
  }

  private static func write<Outcome>(
    _ file: FileOutput, _ format: LatentStreamFormat, _ variance: Bool, _ origin: LatentOrigin,
    _ body: (_ emit: (LatentRecord) throws -> Void) throws -> Outcome
  ) throws -> Outcome {
    guard format == .npy else {
      var writer = LatentStreamWriter(format: format, variance: variance, origin: origin)
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
