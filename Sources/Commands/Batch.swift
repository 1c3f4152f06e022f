import VAE

/// Works through many inputs: one that fails is reported, and the others are done.
struct Batch {
  private let total: Int
  private var failures: [Failure] = []
  private var done = 0
  private let start = monotonicSeconds()
  private var display: ProgressDisplay

  private init(total: Int, showsProgress: Bool) {
    self.total = total
    display = ProgressDisplay(total > 1 && showsProgress ? .terminal : .quiet)
  }

  /// Runs `body` for each input in turn.
  ///
  /// - Parameters:
  ///   - indices: which of the inputs; all without it.
  ///   - showsProgress: whether a terminal is told how far the batch is. Without it, none is told
  ///     that shows results.
  /// - Throws: what is no fault of an input, at once; at the end `ReportedFailure` where an input
  ///   failed: with the exit code that all share where none succeeded, with that of bad data
  ///   otherwise.
  static func forEach(
    _ inputs: [PictureInput], only indices: [Int]? = nil,
    showsProgress: Bool = !StandardError.sharesOutput,
    _ body: (_ index: Int, _ input: PictureInput) throws -> Void
  ) throws {
    let indices = indices ?? Array(inputs.indices)
    var batch = Batch(
      total: indices.count, showsProgress: showsProgress && StandardError.isTerminal)
    for index in indices {
      batch.show(inputs[index].name)
      try batch.attempt(inputs[index].name) { try body(index, inputs[index]) }
    }
    batch.display.erase()
    try batch.finish()
  }

  /// "3/12  1m20s left  photos/a.png": what is being worked on.
  private mutating func show(_ name: String) {
    guard display.isDue else { return }
    display.show(
      Self.progress(
        done: done + failures.count, of: total, after: monotonicSeconds() - start, name: name))
  }

  static func progress(done: Int, of total: Int, after seconds: Double, name: String) -> String {
    let left = seconds / Double(done) * Double(total - done)
    let time = done > 0 ? "  \(duration(left)) left" : ""
    return "\(done + 1)/\(total)\(time)  \(name)"
  }

  private mutating func attempt(_ name: String, _ body: () throws -> Void) throws {
    do {
      try body()
      done += 1
    } catch {
      let failure = Failure(error)
      guard failure.isAboutOneInput(name) else {
        display.erase()
        throw failure
      }
      let text = failure.description
      StandardError.report(text.hasPrefix(name) ? text : "\(name): \(text)")
      failures.append(failure)
    }
  }

  private func finish() throws {
    guard let first = failures.first else { return }
    let isShared = done == 0 && failures.allSatisfy { $0.kind == first.kind }
    throw ReportedFailure(exitCode: (isShared ? first.kind : .badData).rawValue)
  }
}
