import CSystem
import Synchronization

/// A thread of this program's own. Dispatch waits for ever where the system grants no thread, as under a limit of
/// processes; this tells.
package final class Worker {
  private let handle: OpaquePointer

  /// Starts to run `body`; nil where no thread can be had.
  package init?(_ body: @escaping @Sendable () -> Void) {
    let context = Unmanaged.passRetained(Body(run: body))
    let handle = csystem_thread_start(
      { context in
        guard let context else { return }
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
      }, context.toOpaque())
    guard let handle else {
      context.release()
      return nil
    }
    self.handle = handle
  }

  /// Waits for the end of `body`.
  deinit { csystem_thread_join(handle) }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

package enum Parallel {
  /// Calls `body` for all numbers from 0 on that are less than `count`, in any order, on as many threads as there
  /// are cores or as the system grants: on this one at least.
  package static func perform(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let next = Counter()
    let run: @Sendable () -> Void = {
      while true {
        let index = next.take()
        guard index < count else { return }
        body(index)
      }
    }
    let helpers = min(count, Int(csystem_core_count())) - 1
    var workers: [Worker] = []
    while workers.count < helpers, let worker = Worker(run) { workers.append(worker) }
    run()
    workers.removeAll()
  }

  private final class Counter: Sendable {
    private let next = Atomic(0)
    func take() -> Int { next.add(1, ordering: .relaxed).oldValue }
  }
}

/// A thread that does what it is handed, one after another.
package final class WorkQueue: Sendable {
  private typealias Job = @Sendable () -> Void

  private struct State {
    var jobs: [Job] = []
    /// There are to be no more.
    var isEnded = false
  }

  private let state = Lock(State())
  private nonisolated(unsafe) let worker: Worker

  /// nil where no thread can be had.
  package init?() {
    guard let worker = Worker({ [state] in Self.run(state) }) else { return nil }
    self.worker = worker
  }

  /// Waits for what has been handed over.
  deinit { state.change { $0.isEnded = true } }

  package func add(_ job: @escaping @Sendable () -> Void) {
    state.change { $0.jobs.append(job) }
  }

  /// Does jobs until there are to be no more.
  private static func run(_ state: Lock<State>) {
    while true {
      let job = state.wait { state -> Job?? in
        // Nothing yet, or one, or the end.
        state.jobs.isEmpty ? (state.isEnded ? .some(nil) : nil) : state.jobs.removeFirst()
      }
      guard let job else { return }
      job()
    }
  }
}

extension WorkQueue {
  /// Hands over what finds a value.
  package func begin<Value>(_ body: @escaping @Sendable () throws -> Value) -> Pending<Value> {
    let pending = Pending<Value>()
    add { pending.take(Result(catching: body)) }
    return pending
  }
}

/// What another thread is still to find.
package final class Pending<Value>: Sendable {
  private let found = Lock<Result<Value, any Error>?>(nil)

  fileprivate func take(_ result: Result<Value, any Error>) { found.change { $0 = result } }

  /// Waits for it.
  ///
  /// - Throws: what it failed with.
  package func value() throws -> Value { try found.wait { $0 }.get() }
}
