import Files
import Pictures
import Platform
import Restoration
import VAE

/// Restores many pictures: pictures in, in the model's colors; one result or several samples each out,
/// with what their files said beside the pixels.
package struct RestorationTask {
  /// What is wanted of a batch, beside what is wanted of each picture.
  package struct Settings {
    package var output: PictureOutput.Options
    /// Puts all results into one picture.
    package var sheet: Sheet?
    /// What transparent pixels are laid on where the output cannot keep them.
    package var background = Background.white
    /// Where standard deviations go; nil where they are not wanted.
    package var deviations: String?
    /// Whether they are written in colors.
    package var colorsDeviations = false
    /// Whether folders in folders are gone into.
    package var isRecursive = false
    /// Whether pictures are passed over whose results exist.
    package var skipsExisting = false
    /// Whether results tell what was done to them.
    package var records = true
    package var sharing = Sharing()

    package init(output: PictureOutput.Options) { self.output = output }
  }

  /// What is wanted of every picture.
  package var options: Restorer.Options
  /// What the arguments named. Pictures that follow in a pipe are not among them: a body is given
  /// its input.
  private let inputs: [PictureInput]
  private let output: PictureOutput
  private let settings: Settings
  /// Whether the model takes pictures of any size tile by tile.
  private let isConditional: Bool
  private let record: Record
  private var uncertainty: UncertaintyOutput?
  /// Which of the inputs are this process's; nil for all.
  private let part: Part?
  private var work: SharedWork?
  /// Reads the next picture and writes the last one while one is worked on; nil where no thread can be had.
  private let besides = (reading: WorkQueue(), writing: WorkQueue())

  /// Finds the pictures and the places of the results.
  ///
  /// - Parameters:
  ///   - isConditional: whether the model takes pictures of any size tile by tile.
  ///   - record: what is written into the results.
  ///   - roles: the files that are read beside the pictures.
  /// - Throws: `BatchError`, `BatchProblem` where results have no places of their own, before anything is
  ///   computed.
  package init(
    _ images: [String], _ reader: PictureReader, _ options: Restorer.Options, _ settings: Settings,
    isConditional: Bool, record: Record, roles: FileRoles
  ) throws {
    (self.options, self.settings) = (options, settings)
    (self.isConditional, self.record) = (isConditional, record)
    // Folders in, folders out: what looks like no file is a folder that is not there yet.
    var output = settings.output
    let sharesFile = settings.sheet != nil || output.format == .array
    if output.hasBareName && !sharesFile && images.contains(where: Paths.isFolder) {
      output.path += "/"
    }
    var reader = reader
    reader.isRecursive = settings.isRecursive
    reader.excluded = Paths.isFolder(output.path) ? Paths.identity(output.path) : nil
    let inputs = reader.inputs(images)
    self.inputs = inputs
    roles.reads(inputs)
    self.output = try PictureOutput(
      output, count: inputs.count * (options.samples ?? 1), sheet: settings.sheet,
      background: settings.background,
      streamFormat: inputs.first?.streamFormat == .y4m ? .y4m : nil, roles: roles)
    if settings.skipsExisting && (self.output.collects || self.output.isStandardOutput) {
      throw BatchProblem.skippingNeedsFiles(path: output.path)
    }
    part = try settings.sharing.part(of: self.output)
    try self.output.prepare(inputs.flatMap { input in self.results(of: input) })
    uncertainty = try settings.deviations.map {
      try UncertaintyOutput(
        $0, inputs: inputs, isColored: settings.colorsDeviations, roles: roles, tell: reader.tell)
    }
    if settings.sharing.isClaimed { try uncertainty?.checkIsSharable() }
    work = try settings.sharing.work(
      on: inputs.enumerated().map { index, input in
        results(of: input).enumerated().compactMap { path(index, $0, $1) }
      }, to: self.output, description: record.line)
  }

  /// Restores every picture.
  ///
  /// - Parameter body: from a picture to what becomes of it, one result or as many as samples were asked
  ///   for, with the options of this picture.
  /// - Returns: which pictures failed.
  package func run(
    _ reporter: any BatchReporter,
    _ body: (_ input: PictureInput, _ picture: Picture, _ options: Restorer.Options) throws ->
      RestoredPicture
  ) throws -> BatchOutcome {
    let outcome =
      if let work {
        try Batch.forEach(inputs, part: part, sharing: work, reporter: reporter) { index, input in
          try write(restored(index, input, body), index, input)
        }
      } else {
        try inTurn(reporter, body)
      }
    if output.isWaiting { try output.finish() }
    try uncertainty?.finish()
    return outcome
  }

  /// Whether results go to standard output, one after another.
  package var isPiped: Bool { output.isStandardOutput }

  private var count: Int { options.samples ?? 1 }

  /// Whether a result is one of several with files of their own.
  private var isNumbered: Bool { count > 1 && !output.collects }

  /// The input as the source of each of its results.
  private func results(of input: PictureInput) -> [PictureInput] {
    count == 1 ? [input] : (0..<count).map(input.numbered)
  }

  private func path(_ index: Int, _ sample: Int, _ result: PictureInput) -> String? {
    result.outputName.isEmpty ? nil : output.path(at: index * count + sample, for: result)
  }

  /// Whether all results of an input exist and are to be skipped.
  private func isThere(_ index: Int, _ input: PictureInput) -> Bool {
    guard settings.skipsExisting else { return false }
    return results(of: input).enumerated().allSatisfy { sample, result in
      path(index, sample, result).map(Paths.exists) ?? false
    }
  }

  private typealias Body = (
    _ input: PictureInput, _ picture: Picture, _ options: Restorer.Options
  ) throws -> RestoredPicture

  /// Restores every picture, while the one after it is read and the one before it written.
  private func inTurn(_ reporter: any BatchReporter, _ body: Body) throws -> BatchOutcome {
    var ahead: (index: Int, input: PictureInput)?
    return try Batch.overlap(
      inputs, part: part, except: isThere, reporter: reporter
    ) { index, input in
      let input = ahead?.index == index ? ahead?.input ?? input : input
      let restored = try restored(index, input) {
        ahead = readingNext(after: index)
        return try body($0, $1, $2)
      }
      guard let queue = besides.writing, writesBesides(restored) else {
        try write(restored, index, input)
        return nil
      }
      // Pictures are written one at a time, and nobody looks at the output until that is over.
      nonisolated(unsafe) let job = { try write(restored, index, input) }
      let written = queue.begin { try job() }
      return { try written.value() }
    }
  }

  /// The next picture of this process, which another thread begins to read; nil where there is none, or where places
  /// in the batch are not those of the arguments.
  private func readingNext(after index: Int) -> (index: Int, input: PictureInput)? {
    guard let queue = besides.reading, !inputs.contains(where: \.isPiped) else { return nil }
    let next = inputs.indices.dropFirst(index + 1).first {
      part?.contains($0) ?? true && !isThere($0, inputs[$0])
    }
    guard let next, let input = inputs[next].read(on: queue) else { return nil }
    return (next, input)
  }

  /// Whether results are written while the next picture is worked on.
  private func writesBesides(_ restored: RestoredPicture) -> Bool {
    guard output.writesAtOnce || output.isStandardOutput && !output.collects, uncertainty == nil
    else { return false }
    return restored.results.reduce(0) { $0 + $1.region.area } <= PictureInput.largestBesides
  }

  private func restored(
    _ index: Int, _ input: PictureInput, _ body: Body
  ) throws -> RestoredPicture {
    let picture = try input.picture()
    var options = options
    options.index = index
    do {
      return try body(input, picture, options)
    } catch let error as MemoryError where isConditional {
      throw BatchProblem.largeTile(error)
    }
  }

  private func write(_ restored: RestoredPicture, _ index: Int, _ input: PictureInput) throws {
    try work?.checkClaim()
    if let deviation = restored.deviation {
      try uncertainty?.write(deviation, at: index, for: input)
    }
    for (sample, target) in results(of: input).enumerated() {
      if settings.skipsExisting || work != nil, let path = path(index, sample, target),
        Paths.exists(path)
      {
        continue
      }
      var picture = restored.results[sample]
      if settings.records {
        picture.metadata.text.append(record.entry(sample: isNumbered ? sample + 1 : nil))
      }
      try work?.checkClaim()
      try output.write(picture, at: index * count + sample, for: target)
    }
  }
}
