import ArgumentParser
import ImageCodecs
import Tensors

/// What the commands that restore pictures share: pictures in, in the model's colours; one result
/// or several samples each out, with what their files said beside the pixels.
struct RestorationTask {
  let fit: ModelFit
  /// What the arguments named. Pictures that follow in a pipe are not among them: a body is given
  /// its input.
  let inputs: [PictureInput]
  private let samples: Int?
  private let output: PictureOutput
  private let batch: BatchOptions
  private let record: Record
  /// Whether results keep the transparency of the pictures.
  var keepsAlpha = true

  /// Finds the pictures and the places of the results.
  ///
  /// - Parameter record: what is written into the results.
  /// - Throws: `Failure` where results have no places of their own, before anything is computed.
  init(
    _ images: [String], fit: ModelFit, input: InputOptions, batch: BatchOptions, samples: Int?,
    output: OutputOptions, sheet: Sheet?, record: Record
  ) throws {
    self.fit = fit
    self.samples = samples
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
    inputs = PictureInput.all(images, limits: input.limits, walk: walk)
    self.output = try PictureOutput(
      output, count: inputs.count * (samples ?? 1), sheet: sheet, background: input.background,
      streamFormat: inputs.first?.streamFormat == .y4m ? .y4m : nil)
    if batch.skipExisting && (self.output.collects || self.output.isStandardOutput) {
      throw Failure(
        .usage, "\(output.path): expected a file for every result with --skip-existing")
    }
    try self.output.prepare(inputs.flatMap { input in results(of: input) })
  }

  /// Restores every picture.
  ///
  /// - Parameter body: from a picture in the model's colours, with its transparency, to the result
  ///   `[C, H, W]`, or as many results one after another along the first dimension as samples were
  ///   asked for. What stood under full transparency is not there: the colours around it are
  ///   continued. A result may have other extents than the picture; its alpha is scaled then.
  func run(
    _ body: (_ index: Int, _ input: PictureInput, _ picture: Picture) throws -> Tensor
  ) throws {
    func prepare(_ picture: Picture) throws -> Picture {
      let coloured = try fit.coloured(picture)
      return keepsAlpha ? coloured.continuingColours() : coloured
    }
    try run(prepare: prepare) { index, input, picture in
      let result = try body(index, input, picture)
      return (0..<count).map { Picture(pixels: result.part($0, of: count)) }
    }
  }

  /// Restores every picture.
  ///
  /// - Parameters:
  ///   - prepare: the picture as `body` takes it.
  ///   - body: from a prepared picture to as many results as samples were asked for, of whose
  ///     colours alone is made use.
  func run(
    prepare: (Picture) throws -> Picture,
    _ body: (_ index: Int, _ input: PictureInput, _ picture: Picture) throws -> [Picture]
  ) throws {
    var failure: ReportedFailure?
    do {
      try Batch.forEach(
        inputs, except: isThere,
        showsProgress: output.isStandardOutput ? !StandardError.sharesOutput : true
      ) { index, input in
        try restore(index, input, prepare, body)
      }
    } catch let error as ReportedFailure {
      failure = error
    }
    if output.isWaiting { try output.finish() }
    if let failure { throw failure }
  }

  private var count: Int { samples ?? 1 }

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

  private func restore(
    _ index: Int, _ input: PictureInput, _ prepare: (Picture) throws -> Picture,
    _ body: (_ index: Int, _ input: PictureInput, _ picture: Picture) throws -> [Picture]
  ) throws {
    let original = try input.picture()
    let prepared = try prepare(original)
    let restored = try body(index, input, prepared)
    for (sample, target) in results(of: input).enumerated() {
      if batch.skipExisting, let path = path(index, sample, target), Paths.exists(path) {
        continue
      }
      var picture = original
      picture.takeColours(of: restored[sample])
      if original.channels == 1 { picture = picture.meanOfChannels() }
      if keepsAlpha {
        let isGrey = picture.channels == 1 && original.channels == 3
        picture.takeTransparency(of: isGrey ? original.grey() : original)
      } else {
        picture.alpha = nil
      }
      if original.channels == 3 && picture.channels == 1 { picture.metadata.iccProfile = nil }
      if !batch.omitsRecord {
        picture.metadata.text.append(record.entry(sample: isNumbered ? sample + 1 : nil))
      }
      try output.write(picture, at: index * count + sample, for: target)
    }
  }
}

extension Picture {
  /// What a colour model makes of a grey picture, grey again.
  fileprivate func meanOfChannels() -> Picture {
    guard channels == 3 else { return self }
    let area = height * width
    var mean = self
    mean.pixels = Tensor(
      [1, height, width],
      (0..<area).map { (pixels[$0] + pixels[area + $0] + pixels[2 * area + $0]) / 3 })
    return mean
  }
}

extension Tensor {
  /// `[C, H, W]` tensors one after another along the first dimension.
  ///
  /// - Precondition: there is one, and all have one shape.
  static func joined(_ tensors: [Tensor]) -> Tensor {
    let shape = tensors[0].shape
    return Tensor(
      shape.replacing(axis: 0, with: shape[0] * tensors.count), tensors.flatMap(\.elements))
  }

  /// One of `count` equal parts along the first dimension.
  fileprivate func part(_ index: Int, of count: Int) -> Tensor {
    if count == 1 { return self }
    let size = elements.count / count
    return Tensor(
      shape.replacing(axis: 0, with: shape[0] / count),
      Array(elements[index * size..<(index + 1) * size]))
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
