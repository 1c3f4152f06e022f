/// How processes do the pictures of a batch together.
package struct Sharing {
  /// Which part of the pictures is this process's; nil for all.
  package var part: PartChoice?
  /// Whether each picture is done by the first to claim it.
  package var isClaimed = false
  /// How long a claim holds without a sign of life, in seconds.
  package var timeout: Double
  /// Whether pictures that failed are tried again.
  package var retriesFailed = false

  package init(
    part: PartChoice? = nil, isClaimed: Bool = false, timeout: Double = 300,
    retriesFailed: Bool = false
  ) {
    (self.part, self.isClaimed) = (part, isClaimed)
    (self.timeout, self.retriesFailed) = (timeout, retriesFailed)
  }

  /// Refuses outputs that each part would write anew.
  ///
  /// - Parameter path: one file of many pictures; nil where every picture has its own, or nothing is written.
  /// - Throws: `BatchProblem`.
  package func check(sharedFile path: String?) throws {
    guard case .automatic? = part, let path else { return }
    throw BatchProblem.partsShareFile(path: path)
  }

  /// The part of the pictures that is this process's; nil for all.
  ///
  /// - Throws: `BatchProblem` where processes would write one file, or a launcher contradicts.
  package func part(of output: PictureOutput) throws -> Part? {
    if isClaimed && !output.writesAtOnce {
      throw BatchProblem.sharingNeedsFiles(path: output.options.path)
    }
    let sharesFile = !output.writesAtOnce && !output.isStandardOutput
    try check(sharedFile: sharesFile ? output.options.path : nil)
    return try part?.part()
  }

  /// What this process does of shared pictures; nil where they are not shared.
  ///
  /// - Parameters:
  ///   - results: paths, of each picture.
  ///   - description: of what is done to the pictures, for the list of the work.
  /// - Throws: `BatchError` where others do something else in the folder; `FileError`.
  package func work(
    on results: @autoclosure () -> [[String]], to output: PictureOutput, description: String
  ) throws -> SharedWork? {
    guard isClaimed else { return nil }
    output.isShared = true
    return try SharedWork(results(), in: output.folder, description: description, self)
  }
}
