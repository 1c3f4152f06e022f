import ArgumentParser

/// Which of many pictures a process does.
struct PartOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Process one part of the pictures: 3/16 takes every sixteenth from the third on. auto takes the part \
      from Slurm, Open MPI, PMI or AWS Batch; auto/16 also checks the number of parts.
      """, valueName: "part"))
  var part: PartChoice?

  /// - Throws: `Failure` of usage where a launcher contradicts.
  func chosen() throws -> Part? { try part?.part() }

  /// Refuses outputs that each part would write anew.
  ///
  /// - Parameter path: one file of many pictures; nil where every picture has its own, or nothing is written.
  func check(sharedFile path: String?) throws {
    guard case .automatic? = part, let path else { return }
    throw Failure(
      .usage,
      "\(path): expected a file for every result with --part auto, found one that each part would "
        + "replace; write to a folder or to standard output, or say --part 3/16")
  }
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

  /// The part of the pictures that is this process's; nil for all.
  ///
  /// - Parameter path: of the output, for messages.
  /// - Throws: `Failure` of usage where processes would write one file.
  func part(of output: PictureOutput, at path: String) throws -> Part? {
    if claim && !output.writesAtOnce {
      throw Failure(
        .usage,
        "\(path): expected a file for every result with --claim; write to a folder or to a pattern such as "
          + "out-%04d.png")
    }
    let sharesFile = !output.writesAtOnce && !output.isStandardOutput
    try parts.check(sharedFile: sharesFile ? path : nil)
    return try parts.chosen()
  }
}
