/// State that threads share: one works with it at a time, and others may wait for what it becomes.
///
/// Over a POSIX mutex and condition: ThreadSanitizer sees those; `Synchronization.Mutex` it takes for a race.
package final class Lock<State>: @unchecked Sendable {
  private struct Handle {
    var mutex = pthread_mutex_t()
    var changed = pthread_cond_t()
  }

  // Apart, as the system may keep their addresses.
  private let handle: UnsafeMutablePointer<Handle>
  private var state: State

  /// - Parameter state: nobody else's from now on.
  package init(_ state: State) {
    self.state = state
    handle = .allocate(capacity: 1)
    handle.initialize(to: Handle())
    pthread_mutex_init(&handle.pointee.mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    #if !canImport(Darwin)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    #endif
    pthread_cond_init(&handle.pointee.changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(&handle.pointee.changed)
    pthread_mutex_destroy(&handle.pointee.mutex)
    handle.deallocate()
  }

  /// - Parameter body: does not lock this again, for which it would wait for ever.
  package func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(&handle.pointee.mutex)
    defer { pthread_mutex_unlock(&handle.pointee.mutex) }
    return try body(&state)
  }

  /// As `withLock`; those that wait look at the state anew afterwards.
  package func change(_ body: (inout State) -> Void) {
    withLock { body(&$0) }
    pthread_cond_broadcast(&handle.pointee.changed)
  }

  /// Waits until `body` finds what it looks for in the state: at once, or after a `change`.
  package func wait<Result>(for body: (inout State) -> Result?) -> Result {
    pthread_mutex_lock(&handle.pointee.mutex)
    defer { pthread_mutex_unlock(&handle.pointee.mutex) }
    while true {
      // Lent for each look alone: others change it in between.
      if let result = body(&state) { return result }
      pthread_cond_wait(&handle.pointee.changed, &handle.pointee.mutex)
    }
  }

  /// As `wait(for:)`, but not longer than some seconds.
  ///
  /// - Returns: nil where `body` has not found what it looks for by then.
  package func wait<Result>(seconds: Double, for body: (inout State) -> Result?) -> Result? {
    let end = monotonicSeconds() + seconds
    pthread_mutex_lock(&handle.pointee.mutex)
    defer { pthread_mutex_unlock(&handle.pointee.mutex) }
    while true {
      if let result = body(&state) { return result }
      guard monotonicSeconds() < end else { return nil }
      sleep(until: end)
    }
  }

  /// Lets the lock go until there is a change, or it is time.
  private func sleep(until end: Double) {
    #if canImport(Darwin)
      var left = timespec(seconds: max(0, end - monotonicSeconds()))
      pthread_cond_timedwait_relative_np(&handle.pointee.changed, &handle.pointee.mutex, &left)
    #else
      var time = timespec(seconds: end)
      pthread_cond_timedwait(&handle.pointee.changed, &handle.pointee.mutex, &time)
    #endif
  }
}

extension timespec {
  fileprivate init(seconds: Double) {
    let whole = seconds.rounded(.down)
    self.init(tv_sec: Int(whole), tv_nsec: Int((seconds - whole) * 1e9))
  }
}
