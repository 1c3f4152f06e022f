import Batches
import Files
import Platform
import VAE

/// Tells a person of a batch's course.
final class BatchDisplay: BatchReporter {
  private let showsProgress: Bool
  private var display = ProgressDisplay(.quiet)
  private var start = 0.0

  /// - Parameter showsProgress: whether a terminal is told how far the batch is. Without it, none is told
  ///   that shows results.
  init(showsProgress: Bool = !StandardError.sharesOutput) {
    self.showsProgress = showsProgress && StandardError.isTerminal
  }

  func report(_ event: BatchEvent) {
    switch event {
    case .begins(let total):
      display = ProgressDisplay(total != 1 && showsProgress ? .terminal : .quiet)
      start = monotonicSeconds()
    case .turn(let name, let done, let total):
      guard display.isDue else { return }
      display.show(
        Self.progress(done: done, of: total, after: monotonicSeconds() - start, name: name))
    case .ends: display.erase()
    default: Self.tell(event)
    }
  }

  /// Tells of what does not belong to a batch under way.
  static func tell(_ event: BatchEvent) {
    if let words = words(event) { StandardError.report(words) }
  }

  private static func words(_ event: BatchEvent) -> String? {
    switch event {
    case .begins, .turn, .ends: nil
    case .remark(let words): words
    case .foldersLeftOut(let folder, let count): "\(folder): \(recursion(count))"
    case .grayPictures(let array, let shape):
      "\(array): \(shape) is read as \(shape[0]) gray pictures; --array-axes chw reads one in color"
    case .nothingHidden(let mask, let threshold, let highest):
      "\(mask): hides no pixel: expected levels of \(threshold) or more of 255, found at most \(highest)"
        + (highest > 0 ? "; --mask-threshold says from which level on" : "")
    case .part(let part, let count, let total):
      part.words + (count.map { ": \(grouped($0)) of \(grouped(total))" } ?? "")
    case .failure(let name, let message):
      message.hasPrefix(name) ? message : "\(name): \(message)"
    case .waiting(let count): "waiting for \(grouped(count)) that others work on"
    case .takenOver(let name):
      "\(name): left to another process, which took it over while this one stood still"
    case .skipped(let count, let all): "\(count) of \(all) skipped: output exists"
    case .shared(let own, let others, let all):
      "\(grouped(own)) of \(grouped(all)) done here, \(grouped(others)) by others or before"
    }
  }

  /// How to have what is in folders of a folder.
  static func recursion(_ count: Int) -> String {
    "-r takes those of its \(count == 1 ? "folder" : "\(count) folders") too"
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

  func judge(_ error: any Error, in name: String) -> BatchFault {
    let failure = Failure(error)
    return BatchFault(
      message: failure.description, isAboutPicture: failure.isAboutOneInput(name),
      isFinal: failure.kind == .badData || failure.kind == .noInput)
  }
}

extension BatchOutcome {
  /// - Throws: `ReportedFailure` where a picture failed: with the exit code that all share where none
  ///   succeeded, with that of bad data otherwise.
  func check() throws {
    let kinds = errors.map { Failure($0).kind }
    guard let first = kinds.first else { return }
    let isShared = succeeded == 0 && kinds.allSatisfy { $0 == first }
    throw ReportedFailure(exitCode: (isShared ? first : .badData).rawValue)
  }
}
