/// State that several tasks share. One works with it at a time; the others wait for their turn.
package final class Turns<State>: @unchecked Sendable {
  private let lock: Lock<State>

  /// - Parameter state: nobody else's from now on.
  package init(_ state: State) { lock = Lock(state) }

  /// - Parameter body: takes no turn itself, which would never come.
  package func take<Result: Sendable>(_ body: (inout State) throws -> Result) rethrows -> Result {
    try lock.withLock(body)
  }
}
