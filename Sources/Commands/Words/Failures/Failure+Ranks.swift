import Ranks
import VAE

/// What is wrong with training on several ranks, in the program's words.
extension Failure {
  init(_ error: RanksError) {
    switch error {
    case .notCompiledIn(let count):
      self.init(
        .unavailable,
        "started as one of \(count) ranks, but this latent was built without MPI; install libopenmpi-dev "
          + "or libmpich-dev and build it again")
    case .otherLibrary(let count, let found):
      self.init(
        .unavailable,
        "started as one of \(count) ranks, of which \(Ranks.implementation ?? "MPI") sees \(found); start it with the "
          + "mpirun of \(Ranks.implementation ?? "the MPI"), with which it was built")
    case .broken(let message):
      self.init(.unavailable, "\(Ranks.implementation ?? "MPI"): \(message)")
    case .lost:
      self.init(.unavailable, "another rank does not answer any more; go on with --resume")
    case .failedElsewhere(let rank, _):
      self.init(.unavailable, "rank \(rank) cannot begin")
    }
  }
}

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
