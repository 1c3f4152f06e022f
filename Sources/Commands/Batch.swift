/// Works through many inputs: one that fails is reported, and the others are done.
struct Batch {
  private var failures: [Failure] = []
  private var done = 0

  /// Runs `body` for each input in turn.
  ///
  /// - Throws: what is no fault of an input, at once; at the end `ReportedFailure` where an input
  ///   failed: with its own exit code where it was the only one, with that of bad data otherwise.
  static func forEach(
    _ inputs: [PictureInput], _ body: (_ index: Int, _ input: PictureInput) throws -> Void
  ) throws {
    var batch = Batch()
    for (index, input) in inputs.enumerated() {
      try batch.attempt(input.name) { try body(index, input) }
    }
    try batch.finish()
  }

  mutating func attempt(_ name: String, _ body: () throws -> Void) throws {
    do {
      try body()
      done += 1
    } catch {
      let failure = Failure(error)
      guard failure.isAboutOneInput else { throw failure }
      let text = failure.description
      StandardError.report(text.hasPrefix(name) ? text : "\(name): \(text)")
      failures.append(failure)
    }
  }

  func finish() throws {
    guard let first = failures.first else { return }
    let alone = failures.count == 1 && done == 0
    throw ReportedFailure(exitCode: (alone ? first.kind : .badData).rawValue)
  }
}
