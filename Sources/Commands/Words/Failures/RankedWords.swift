import Ranks
import VAE

extension RankedRun.Words {
  /// The program's: one line for standard error and an exit code.
  static let program = RankedRun.Words(
    code: { Failure($0).kind.rawValue },
    report: { StandardError.report(Failure($0).description) },
    reach: { error in
      let isInterruption = [.interrupted, .terminated, .hungUp].contains(Failure(error).kind)
      return isInterruption || error is TrainingError || error is RanksDiffer ? .all : .one
    })
}
