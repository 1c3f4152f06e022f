import Dispatch
import Platform
import Synchronization

/// Keeps claims fresh while they are worked on: touches their files every so often, by the file server's
/// clock, from a thread of its own.
final class ClaimRenewal: Sendable {
  private let held = Held()
  /// nil where the system grants no thread: claims then go stale while they are worked on, and what two
  /// processes make of them is written once all the same.
  private nonisolated(unsafe) let worker: Worker?

  /// - Parameter interval: in seconds.
  init(every interval: Double) {
    worker = Worker { [held] in
      while held.ended.wait(timeout: .now() + interval) == .timedOut { held.renew() }
    }
  }

  deinit { held.ended.signal() }

  func add(_ path: String) { held.paths.withLock { _ = $0.insert(path.systemPath) } }

  /// No touch follows, also none that is under way.
  func remove(_ path: String) { held.paths.withLock { _ = $0.remove(path.systemPath) } }

  private final class Held: Sendable {
    // As bytes: two names that Unicode holds for equal are two files.
    let paths = Mutex<Set<[CChar]>>([])
    let ended = DispatchSemaphore(value: 0)

    func renew() {
      // Within the lock: a claim that is given up must not be freshened afterwards.
      paths.withLock { paths in
        for path in paths { utimensat(AT_FDCWD, path, nil, 0) }
      }
    }
  }
}
