import Synchronization

/// Ctrl-C, `kill` and a terminal that goes away, for a program that has something to save: the first asks
/// it to stop, the second ends it at once.
package enum Interruption {
  private static let requests = Atomic<Int>(0)
  private static let lastSignal = Atomic<Int32>(SIGINT)

  /// Whether the program is to stop.
  package static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// The signal that asked last.
  package static var requestingSignal: Int32 { lastSignal.load(ordering: .relaxed) }

  /// Takes the signals over from here on; that of the terminal's end where it is not ignored, as under
  /// `nohup`.
  package static func observe() {
    // Initialized here, so that the handler does nothing but add.
    _ = isRequested
    _ = requestingSignal
    var numbers = [SIGINT, SIGTERM]
    if !isIgnored(SIGHUP) { numbers.append(SIGHUP) }
    for number in numbers {
      signal(number) { number in
        Interruption.lastSignal.store(number, ordering: .relaxed)
        if Interruption.requests.wrappingAdd(1, ordering: .relaxed).newValue > 1 {
          _exit(128 + number)
        }
      }
    }
    unblock(numbers)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    let before = signal(number, SIG_IGN)
    signal(number, before)
    return unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
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
