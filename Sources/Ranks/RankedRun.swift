/// A command that several processes, started by a launcher such as `mpirun`, do together.
package struct RankedRun {
  /// What the program makes of an error.
  package struct Words: Sendable {
    /// The exit code, not 0.
    let code: @Sendable (any Error) -> Int32
    /// Tells the user.
    let report: @Sendable (any Error) -> Void
    /// Which ranks come to an error by themselves.
    let reach: @Sendable (any Error) -> Reach

    package init(
      code: @escaping @Sendable (any Error) -> Int32,
      report: @escaping @Sendable (any Error) -> Void,
      reach: @escaping @Sendable (any Error) -> Reach
    ) {
      (self.code, self.report, self.reach) = (code, report, reach)
    }
  }

  /// Which ranks come to an error by themselves.
  package enum Reach {
    /// This one alone: the others have to be ended.
    case one
    /// All of them.
    case all
  }

  /// The end of a run whose error has been told.
  package struct Ended: Error {
    package let code: Int32
  }

  /// nil for this process alone.
  package let ranks: Ranks?
  private let words: Words
  /// Whether all ranks are ready.
  private var hasBegun = false

  package var isFirst: Bool { ranks?.isFirst ?? true }

  /// Runs `body` on all ranks and sees to it that they end together and that one of them says why.
  ///
  /// - Throws: `Ended` where there are several ranks and one has failed; of a process alone what `body` throws.
  package static func run(_ words: Words, _ body: (inout RankedRun) throws -> Void) throws {
    var run = RankedRun(ranks: try Ranks.start(), words: words)
    do {
      try body(&run)
      run.ranks?.finish()
    } catch {
      guard let ranks = run.ranks else { throw error }
      throw Ended(code: run.end(ranks, error))
    }
  }

  private init(ranks: Ranks?, words: Words) { (self.ranks, self.words) = (ranks, words) }

  /// What has to be done before the ranks work together. Where one cannot, none goes on.
  ///
  /// - Parameter body: waits for no other rank.
  package mutating func prepare<Result>(_ body: () throws -> Result) throws -> Result {
    let result = try ranks?.together(code: words.code, body) ?? body()
    hasBegun = true
    return result
  }

  /// Ends this rank and, where they do not know of the error, all others.
  ///
  /// - Returns: the exit code.
  private func end(_ ranks: Ranks, _ error: any Error) -> Int32 {
    if case RanksError.failedElsewhere(_, let code) = error {
      ranks.finish()
      return code
    }
    let isOfRanks = error is RanksError
    let isEverywhere = words.reach(error) == .all
    if !isOfRanks && (isEverywhere || !hasBegun) {
      // Said before any rank ends: the launcher ends the others then.
      if ranks.isFirst || !isEverywhere { words.report(error) }
      ranks.finish()
      return words.code(error)
    }
    // The first rank speaks for all that lost another.
    if ranks.isFirst || !isOfRanks { words.report(error) }
    Ranks.abort(words.code(error))
    return words.code(error)
  }
}
