import ArgumentParser
import Files
import Pictures
import Platform
import Restoration

/// What the commands that restore pictures share: pictures in, in the model's colors; one result
/// or several samples each out, with what their files said beside the pixels.
struct RestorationTask {
  let fit: PictureFit
  /// What is wanted of every picture.
  let wanted: WantedResults
  /// What the arguments named. Pictures that follow in a pipe are not among them: a body is given
  /// its input.
  let inputs: [PictureInput]
  private let output: PictureOutput
  private let batch: BatchOptions
  private let record: Record
  private var uncertainty: UncertaintyOutput?
  /// Which of the inputs are this process's; nil for all.
  private let part: Part?
  private var work: SharedWork?
  /// Whether results keep the transparency of the pictures.
  var keepsAlpha = true

  /// Finds the pictures and the places of the results.
  ///
  /// - Parameters:
  ///   - record: what is written into the results.
  ///   - roles: the files that are read beside the pictures.
  /// - Throws: `Failure` where results have no places of their own, before anything is computed.
  init(
    _ images: [String], fit: PictureFit, _ results: ConditionalOptions, _ seed: SeedOption,
    input: InputOptions, batch: BatchOptions, output: OutputOptions, sheet: Sheet?, record: Record,
    roles: FileRoles
  ) throws {
    self.fit = fit
    wanted = WantedResults(
      samples: results.samples, deviation: results.uncertainty != nil,
      ensemble: results.ensemble, depth: output.depth, seed: seed.value)
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
      output, count: inputs.count * wanted.count, sheet: sheet, background: input.background,
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
  /// - Parameter body: from a picture in the model's colors, with its transparency, to what becomes of
  ///   it: one result, or as many as samples were asked for. What stood under full transparency is not
  ///   there: the colors around it are continued. A result may have other extents than the picture;
  ///   its alpha is scaled then.
  func run(
    _ body: (_ index: Int, _ input: PictureInput, _ picture: Picture) throws -> RestoredPicture
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

  private var count: Int { wanted.count }

  /// Whether a result is one of several with files of their own.
  private var isNumbered: Bool { count > 1 && !output.collects }

  /// The input as the source of each of its results.
  private func results(of input: PictureInput) -> [PictureInput] {
    count == 1 ? [input] : (0..<count).map(input.numbered)
  }

  private func path(_ index: Int, _ sample: Int, _ result: PictureInput) -> String? {
    result.outputName.isEmpty ? nil : output.path(at: index * count + sample, for: result)
  }

  /// Whether all results of an input are there and are to be left alone.
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
    } catch let error as MemoryError where fit.isConditional {
      throw Failure(.noMemory, "\(error); a smaller --tile takes less")
    }
  }

  private func restore(
    _ index: Int, _ input: PictureInput,
    _ body: (_ index: Int, _ input: PictureInput, _ picture: Picture) throws -> RestoredPicture
  ) throws {
    let original = try input.picture()
    let colored = try fit.prepared(original)
    let restored = try withRemedy {
      try body(index, input, keepsAlpha ? colored.continuingColors() : colored)
    }
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
      var picture = original
      picture.takeColors(of: restored.results[sample])
      if original.channels == 1 { picture = picture.meanOfChannels() }
      if keepsAlpha {
        let isGray = picture.channels == 1 && original.channels == 3
        picture.takeTransparency(of: isGray ? original.gray() : original)
      } else {
        picture.alpha = nil
      }
      if original.channels == 3 && picture.channels == 1 { picture.metadata.iccProfile = nil }
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
