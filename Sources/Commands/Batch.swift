import VAE

/// Works through many inputs: one that fails is reported, and the others are done.
struct Batch {
  private var failures: [Failure] = []
  private var done = 0
  private let start = monotonicSeconds()
  // Nothing but a terminal that shows no results is told how far a batch is.
  private var display = ProgressDisplay(
    StandardError.isTerminal && !StandardError.sharesOutput ? .terminal : .quiet)

  private mutating func show(_ count: Int, of total: Int) {
    guard total > 1, display.isDue else { return }
    let left = (monotonicSeconds() - start) / Double(count) * Double(total - count)
    display.show("\(count)/\(total)  \(duration(left)) left")
  }

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
      batch.show(index + 1, of: inputs.count)
    }
    batch.display.erase()
    try batch.finish()
  }

  mutating func attempt(_ name: String, _ body: () throws -> Void) throws {
    do {
      try body()
      done += 1
    } catch {
      let failure = Failure(error)
      guard failure.isAboutOneInput else { throw failure }
      display.erase()
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
