import ArgumentParser
import Files
import Pictures
import Platform
import Restoration
import VAE

/// What the commands that restore pictures share: pictures in, in the model's colors; one result
/// or several samples each out, with what their files said beside the pixels.
struct RestorationTask {
  /// What is wanted of every picture.
  var options: Restorer.Options
  /// What the arguments named. Pictures that follow in a pipe are not among them: a body is given
  /// its input.
  let inputs: [PictureInput]
  private let output: PictureOutput
  private let batch: BatchOptions
  /// Whether the model takes pictures of any size tile by tile.
  private let isConditional: Bool
  private let record: Record
  private var uncertainty: UncertaintyOutput?
  /// Which of the inputs are this process's; nil for all.
  private let part: Part?
  private var work: SharedWork?

  /// Finds the pictures and the places of the results.
  ///
  /// - Parameters:
  ///   - isConditional: whether the model takes pictures of any size tile by tile.
  ///   - record: what is written into the results.
  ///   - roles: the files that are read beside the pictures.
  /// - Throws: `Failure` where results have no places of their own, before anything is computed.
  init(
    _ images: [String], isConditional: Bool, fitting: PictureFitting, _ results: ConditionalOptions,
    _ seed: SeedOption, input: InputOptions, batch: BatchOptions, output: OutputOptions,
    sheet: Sheet?, record: Record,
    roles: FileRoles
  ) throws {
    options = Restorer.Options()
    options.samples = results.samples
    options.measuresDeviation = results.uncertainty != nil
    options.ensemble = results.ensemble
    options.tile = results.tile
    options.depth = output.depth
    options.seed = seed.value
    options.fitting = fitting
    self.isConditional = isConditional
    self.batch = batch
    self.record = record
    // Folders in, folders out: what looks like no file is a folder that is not there yet.
    var output = output
    let sharesFile = sheet != nil || output.format == .array
    if output.hasBareName && !sharesFile && images.contains(where: Paths.isFolder) {
      output.path += "/"
    }
    let walk = PictureWalk(
      limits: input.limits, isRecursive: batch.isRecursive, excluded: output.folderIdentity)
    let inputs = input.pictures(images, walk: walk)
    self.inputs = inputs
    roles.reads(inputs)
    self.output = try PictureOutput(
      output, count: inputs.count * (results.samples ?? 1), sheet: sheet,
      background: input.background,
      streamFormat: inputs.first?.streamFormat == .y4m ? .y4m : nil, roles: roles)
    if batch.skipExisting && (self.output.collects || self.output.isStandardOutput) {
      throw Failure(
        .usage, "\(output.path): expected a file for every result with --skip-existing")
    }
    part = try batch.sharing.part(of: self.output, at: output.path)
    let uncertainty = results.uncertainty
    self.uncertainty = nil
    try self.output.prepare(inputs.flatMap { input in self.results(of: input) })
    self.uncertainty = try uncertainty.map {
      try UncertaintyOutput($0, inputs: inputs, isColored: results.colourMap, roles: roles)
    }
    guard batch.sharing.claim else { return }
    try self.uncertainty?.checkIsSharable()
    self.output.isShared = true
    work = try SharedWork(
      inputs.enumerated().map { index, input in
        self.results(of: input).enumerated().compactMap { path(index, $0, $1) }
      }, in: self.output.folder, description: record.line, batch.sharing)
  }

  /// Restores every picture.
  ///
  /// - Parameter body: from a picture to what becomes of it, one result or as many as samples were asked
  ///   for, with the options of this picture.
  func run(
    _ body: (_ input: PictureInput, _ picture: Picture, _ options: Restorer.Options) throws ->
      RestoredPicture
  ) throws {
    let outcome =
      if let work {
        try Batch.forEach(inputs, part: part, sharing: work) { index, input in
          try restore(index, input, body)
        }
      } else {
        try Batch.forEach(
          inputs, part: part, except: isThere,
          showsProgress: output.isStandardOutput ? !StandardError.sharesOutput : true
        ) { index, input in
          try restore(index, input, body)
        }
      }
    if output.isWaiting { try output.finish() }
    try uncertainty?.finish()
    try outcome.check()
  }

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
    guard batch.skipExisting else { return false }
    return results(of: input).enumerated().allSatisfy { sample, result in
      path(index, sample, result).map(Paths.exists) ?? false
    }
  }

  /// Where memory is short, says what takes less.
  private func withRemedy(_ body: () throws -> RestoredPicture) throws -> RestoredPicture {
    do {
      return try body()
    } catch let error as MemoryError where isConditional {
      throw Failure(.noMemory, "\(error); a smaller --tile takes less")
    }
  }

  private func restore(
    _ index: Int, _ input: PictureInput,
    _ body: (_ input: PictureInput, _ picture: Picture, _ options: Restorer.Options) throws ->
      RestoredPicture
  ) throws {
    let picture = try input.picture()
    var options = options
    options.index = index
    let restored = try withRemedy { try body(input, picture, options) }
    try work?.checkClaim()
    if let deviation = restored.deviation {
      try uncertainty?.write(deviation, at: index, for: input)
    }
    for (sample, target) in results(of: input).enumerated() {
      if batch.skipExisting || work != nil, let path = path(index, sample, target),
        Paths.exists(path)
      {
        continue
      }
      var picture = restored.results[sample]
      if !batch.omitsRecord {
        picture.metadata.text.append(record.entry(sample: isNumbered ? sample + 1 : nil))
      }
      try work?.checkClaim()
      try output.write(picture, at: index * count + sample, for: target)
    }
  }
}

/// Checks whole numbers from the command line.
func requireCounts(_ options: [(name: String, value: Int?, range: ClosedRange<Int>)]) throws {
  for option in options {
    guard let value = option.value, !option.range.contains(value) else { continue }
    throw ValidationError(
      "expected \(option.name) of \(option.range.lowerBound) to \(option.range.upperBound), "
        + "found \(value)")
  }
}
