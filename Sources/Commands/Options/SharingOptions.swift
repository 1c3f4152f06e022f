import ArgumentParser
import Batches

/// Which of many pictures a process does.
struct PartOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Process one part of the pictures: 3/16 takes every sixteenth from the third on. auto takes the part \
      from Slurm, Open MPI, PMI or AWS Batch; auto/16 also checks the number of parts.
      """, valueName: "part"))
  var part: PartChoice?

  /// This process's part; nil for all.
  ///
  /// - Parameter sharedFile: one file that results of all parts go to; nil where there is none.
  /// - Throws: `BatchProblem` where a launcher contradicts, or each part would write the file anew.
  func chosen(sharedFile: String? = nil) throws -> Part? {
    try Sharing(part: part).check(sharedFile: sharedFile)
    return try part?.part()
  }
}

extension PartChoice: ExpressibleByArgument {
  package init?(argument: String) { self.init(words: argument) }
}

/// How processes share pictures whose results have files of their own.
struct SharingOptions: ParsableArguments {
  @OptionGroup var parts: PartOption

  @Flag(
    help: """
      Share the pictures with other processes that write to the same folder, on this machine or others: each picture \
      is done by the first to claim it; what a process that died had claimed is done by others.
      """)
  var claim = false

  @Option(
    help: ArgumentHelp(
      "How long a claim holds without a sign of life from its process.", valueName: "time"))
  var claimTimeout = TimeSpan(seconds: 300)

  @Flag(help: "With --claim, retry pictures that failed.")
  var retryFailed = false

  func validate() throws {
    if claimTimeout.seconds < 1 || claimTimeout.seconds > 1e7 {
      throw ValidationError("expected a --claim-timeout of at least 1s")
    }
    if retryFailed && !claim { throw ValidationError("--retry-failed belongs to --claim") }
  }

  var sharing: Sharing {
    Sharing(
      part: parts.part, isClaimed: claim, timeout: claimTimeout.seconds,
      retriesFailed: retryFailed)
  }
}
