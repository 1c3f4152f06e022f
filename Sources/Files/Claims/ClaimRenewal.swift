import Platform

/// Keeps claims fresh while they are worked on: touches their files every so often, by the file server's
/// clock, from a thread of its own.
final class ClaimRenewal: Sendable {
  private struct Held {
    // As bytes: two names that Unicode holds for equal are two files.
    var paths: Set<[CChar]> = []
    var isEnded = false
  }

  private let held = Lock(Held())
  /// nil where the system grants no thread: claims then go stale while they are worked on, and what two
  /// processes make of them is written once all the same.
  private nonisolated(unsafe) let worker: Worker?

  /// - Parameter interval: in seconds.
  init(every interval: Double) {
    worker = Worker { [held] in
      while held.wait(seconds: interval, for: { $0.isEnded ? () : nil }) == nil {
        // Within the lock: a claim that is given up must not be freshened afterwards.
        held.withLock { held in
          for path in held.paths { utimensat(AT_FDCWD, path, nil, 0) }
        }
      }
    }
  }

  deinit { held.change { $0.isEnded = true } }

  func add(_ path: String) { held.withLock { _ = $0.paths.insert(path.systemPath) } }

  /// No touch follows, also none that is under way.
  func remove(_ path: String) { held.withLock { _ = $0.paths.remove(path.systemPath) } }
}
