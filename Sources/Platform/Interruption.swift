import Synchronization

/// Ctrl-C and `kill`, for a program that has something to save: the first asks it to stop, the
/// second ends it at once.
package enum Interruption {
  private static let requests = Atomic<Int>(0)

  /// Whether the program is to stop.
  package static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Takes the signals over from here on.
  package static func observe() {
    // Initialised here, so that the handler does nothing but add.
    _ = isRequested
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if Interruption.requests.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
    unblock([SIGINT, SIGTERM])
  }

  /// Lets signals through that the parent process may have held back: a process inherits that from
  /// the thread that starts it.
  package static func unblock(_ numbers: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }
}
