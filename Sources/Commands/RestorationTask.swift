import ArgumentParser
import ImageCodecs
import Tensors

/// What denoising and inpainting share: pictures in, in the model's colours; one result or several
/// samples each out, with what their files said beside the pixels.
struct RestorationTask {
  let fit: ModelFit
  private let inputs: [PictureInput]
  private let samples: Int?
  private let output: PictureOutput
  /// Whether results keep the transparency of the pictures.
  var keepsAlpha = true

  init(
    _ images: [String], fit: ModelFit, limits: ImageLimits, samples: Int?, output: OutputOptions,
    sheet: Sheet?
  ) throws {
    self.fit = fit
    self.samples = samples
    inputs = PictureInput.all(images, limits: limits)
    self.output = try PictureOutput(output, count: inputs.count * (samples ?? 1), sheet: sheet)
  }

  /// Restores every picture.
  ///
  /// - Parameter body: from a picture in the model's colours, with its transparency, to the result
  ///   `[C, H, W]`, or as many results one after another along the first dimension as samples were
  ///   asked for.
  func run(_ body: (_ index: Int, _ name: String, _ picture: Picture) throws -> Tensor) throws {
    try Batch.forEach(inputs) { index, input in
      let original = try input.picture()
      let result = try body(index, input.name, fit.coloured(original))
      let count = samples ?? 1
      for sample in 0..<count {
        var picture = original
        picture.pixels = result.part(sample, of: count)
        if !keepsAlpha { picture.alpha = nil }
        if original.channels == 1 {
          picture = picture.meanOfChannels()
        } else if picture.channels == 1 {
          picture.metadata.iccProfile = nil
        }
        try output.write(
          picture, at: index * count + sample, for: count == 1 ? input : input.numbered(sample))
      }
    }
    try output.finish()
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

extension PictureInput {
  /// The input as the source of one sample of several.
  fileprivate func numbered(_ sample: Int) -> PictureInput {
    let name = outputName
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    return PictureInput(
      name: self.name, outputName: "\(name[..<dot])-\(sample + 1)\(name[dot...])", load: picture)
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
