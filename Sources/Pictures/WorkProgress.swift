/// How far a call has got.
public struct WorkProgress: Hashable, Sendable {
  /// Of `total`: pixels, steps or pictures.
  public let completed: Int
  public let total: Int

  /// From 0 to 1.
  public var fraction: Double { total > 0 ? Double(completed) / Double(total) : 1 }

  /// Called between two pieces of work.
  ///
  /// - Throws: `CancellationError` in a task that was canceled; what the handler throws.
  package static func report(
    _ completed: Int, of total: Int, to handler: ProgressHandler?
  ) throws {
    try Task.checkCancellation()
    try handler?(WorkProgress(completed: completed, total: total))
  }
}

/// Is told how far a call has got. An error that it throws ends the call, which throws it in turn. It
/// must not call the object that is at work, which would wait for itself.
public typealias ProgressHandler = (WorkProgress) throws -> Void
