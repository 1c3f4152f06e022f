import Platform
import VAE

/// Works through many inputs: one that fails is reported, and the others are done.
struct Batch {
  private let total: Int?
  private var failures: [Failure] = []
  var succeeded = 0
  private(set) var passedOver = 0
  private let start = monotonicSeconds()
  private var display: ProgressDisplay

  init(total: Int?, showsProgress: Bool) {
    self.total = total
    display = ProgressDisplay(total != 1 && showsProgress ? .terminal : .quiet)
  }

  /// Runs `body` for each input in turn, and for those that follow them in a pipe.
  ///
  /// - Parameters:
  ///   - part: of the inputs, where not all are this process's.
  ///   - isDone: tells which inputs are passed over, which is told in the end. An index is an
  ///     input's place among all.
  ///   - showsProgress: whether a terminal is told how far the batch is. Without it, none is told
  ///     that shows results.
  /// - Returns: whether an input failed: with the exit code that all share where none succeeded, with
  ///   that of bad data otherwise.
  /// - Throws: what is no fault of an input, at once.
  static func forEach(
    _ inputs: [PictureInput], part: Part? = nil,
    except isDone: (Int, PictureInput) -> Bool = { _, _ in false },
    showsProgress: Bool = !StandardError.sharesOutput,
    _ body: (_ index: Int, _ input: PictureInput) throws -> Void
  ) throws -> BatchOutcome {
    let areDone = inputs.enumerated().map { isDone($0, $1) }
    let isPiped = inputs.contains(where: \.isPiped)
    let isOurs = { (index: Int) in part?.contains(index) ?? true }
    let total = areDone.indices.count { isOurs($0) && !areDone[$0] }
    if let part {
      tell(part, isPiped ? nil : inputs.indices.count(where: isOurs), of: inputs.count)
    }
    var batch = Batch(
      total: isPiped ? nil : total,
      showsProgress: showsProgress && StandardError.isTerminal)
    var index = 0
    var others = 0
    for (first, isFirstDone) in zip(inputs, areDone) {
      var next: PictureInput? = first
      var isPassedOver = isFirstDone
      while let input = next {
        if !isOurs(index) {
          others += 1
        } else if isPassedOver {
          batch.passOver()
        } else {
          batch.show(input.name)
          try batch.attempt(input.name) { try body(index, input) }
        }
        index += 1
        next = input.following()
        isPassedOver = next.map { isDone(index, $0) } ?? false
      }
    }
    batch.erase()
    if batch.passedOver > 0 {
      StandardError.report(
        "\(batch.passedOver) of \(index - others) skipped: output exists")
    }
    return BatchOutcome(failure: batch.failure)
  }

  /// "part 3 of 16: 250 of 4,000".
  ///
  /// - Parameter count: nil where nobody knows how many there are.
  static func tell(_ part: Part, _ count: Int?, of total: Int) {
    StandardError.report(
      part.words + (count.map { ": \(grouped($0)) of \(grouped(total))" } ?? ""))
  }

  func erase() { display.erase() }

  mutating func passOver() { passedOver += 1 }

  mutating func show(_ name: String) {
    guard display.isDue else { return }
    display.show(
      Self.progress(
        done: succeeded + failures.count, of: total, after: monotonicSeconds() - start, name: name))
  }

  /// "3/12  1m20s left  photos/a.png" behind a bar: what is being worked on. Of a pipe nobody knows the end.
  static func progress(
    done: Int, of total: Int?, after seconds: Double, name: String
  ) -> ProgressBar {
    guard let total else {
      return ProgressBar(parts: ["\(done + 1)"], name: name, plain: "\(done + 1)  \(name)")
    }
    let left = done > 0 ? [duration(seconds / Double(done) * Double(total - done)) + " left"] : []
    let parts = ["\(done + 1)/\(total)"] + left
    return ProgressBar(
      share: total > 0 ? Double(done) / Double(total) : 0, parts: parts, name: name,
      plain: (parts + [name]).joined(separator: "  "))
  }

  private mutating func attempt(_ name: String, _ body: () throws -> Void) throws {
    do {
      try body()
      succeeded += 1
    } catch {
      try report(Failure(error), name)
    }
  }

  /// - Throws: the failure where it is no fault of the input.
  mutating func report(_ failure: Failure, _ name: String) throws {
    guard failure.isAboutOneInput(name) else {
      display.erase()
      throw failure
    }
    let text = failure.description
    StandardError.report(text.hasPrefix(name) ? text : "\(name): \(text)")
    failures.append(failure)
  }

  var failure: ReportedFailure? {
    guard let first = failures.first else { return nil }
    let isShared = succeeded == 0 && failures.allSatisfy { $0.kind == first.kind }
    return ReportedFailure(exitCode: (isShared ? first.kind : .badData).rawValue)
  }
}
