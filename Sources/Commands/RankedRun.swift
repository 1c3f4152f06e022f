import Ranks
import VAE

/// A command that several processes, started by a launcher such as `mpirun`, do together.
struct RankedRun {
  /// nil for this process alone.
  let ranks: Ranks?

  var isFirst: Bool { ranks?.isFirst ?? true }

  /// Runs `body` on all ranks and sees to it that they end together and that one of them says why.
  static func run(_ body: (inout RankedRun) throws -> Void) throws {
    var run = RankedRun(ranks: try Ranks.start())
    do {
      try body(&run)
      run.ranks?.finish()
    } catch {
      guard let ranks = run.ranks else { throw error }
      try end(ranks, error, isShared: !run.hasBegun || isShared(error))
    }
  }

  private init(ranks: Ranks?) { self.ranks = ranks }

  /// Whether all ranks are ready.
  private var hasBegun = false

  /// What has to be done before the ranks work together. Where one cannot, none goes on.
  ///
  /// - Parameter body: waits for no other rank.
  mutating func prepare<Result>(_ body: () throws -> Result) throws -> Result {
    let result =
      try ranks?.together(code: { Failure($0).kind.rawValue }, body) ?? body()
    hasBegun = true
    return result
  }

  /// Whether all ranks come to the same error by themselves.
  private static func isShared(_ error: any Error) -> Bool {
    if error is TrainingError || error is RanksDiffer { return true }
    guard let failure = error as? Failure else { return false }
    return [.interrupted, .terminated, .hungUp].contains(failure.kind)
  }

  private static func end(_ ranks: Ranks, _ error: any Error, isShared: Bool) throws -> Never {
    if case RanksError.failedElsewhere(_, let code) = error {
      ranks.finish()
      throw ReportedFailure(exitCode: code)
    }
    let failure = Failure(error)
    let code = failure.kind.rawValue
    if isShared && !(error is RanksError) {
      let isEverywhere =
        error is TrainingError || error is RanksDiffer || failure.isInterruption
      // Said before any rank ends: the launcher ends the others then.
      if ranks.isFirst || !isEverywhere { StandardError.report(failure.description) }
      ranks.finish()
      throw ReportedFailure(exitCode: code)
    }
    // The first rank speaks for all that lost another.
    if ranks.isFirst || !(error is RanksError) { StandardError.report(failure.description) }
    Ranks.abort(code)
    throw ReportedFailure(exitCode: code)
  }
}

extension Failure {
  fileprivate var isInterruption: Bool {
    [.interrupted, .terminated, .hungUp].contains(kind)
  }
}
