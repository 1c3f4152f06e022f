import Dispatch
import Platform
import Synchronization

/// Keeps claims fresh while they are worked on: touches their files every so often, by the file server's
/// clock, from a thread of its own.
final class ClaimRenewal: Sendable {
  private let paths = Mutex<Set<String>>([])
  // Dispatch lets every thread use a source.
  private nonisolated(unsafe) let timer: any DispatchSourceTimer

  /// - Parameter interval: in seconds.
  init(every interval: Double) {
    timer = DispatchSource.makeTimerSource(
      queue: DispatchQueue(label: "latent.claims", qos: .userInteractive))
    timer.schedule(deadline: .now() + interval, repeating: interval)
    timer.setEventHandler { [weak self] in self?.renew() }
    timer.resume()
  }

  deinit { timer.cancel() }

  func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  /// No touch follows, also none that is under way.
  func remove(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  private func renew() {
    // Within the lock: a claim that is given up must not be freshened afterwards.
    paths.withLock { paths in
      for path in paths { utimensat(AT_FDCWD, path, nil, 0) }
    }
  }
}
