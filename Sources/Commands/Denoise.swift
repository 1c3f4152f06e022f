import ArgumentParser
import Restoration
import Tensors

struct Denoise: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take noise off pictures.",
    discussion: """
      Finds the latents that explain the noisy picture, starting at the encoder's posterior and \
      refining it, and writes the mean of what was seen and what the model expects, each weighted \
      by its variance.

        $ latent denoise dress-noisy-100.png -m fashion --sigma 100 -o dress.png
        $ latent denoise dress-noisy-100.png -m fashion -o dress.png
        latent: dress-noisy-100.png: sigma 60.4, estimated
        $ latent denoise noisy.npy -m digits --sigma 100 -o clean.npy
        $ latent denoise -r scans/ -m fashion --sigma 50 -o clean/ --skip-existing
        latent: 112 of 400 left alone: what comes of them is there already

      The noise is Gaussian, its standard deviation --sigma on the scale 0 to 255; without it, it \
      is estimated from the picture. A file has lost what noise lay beyond black and white: arrays \
      (.npy, [N, H, W] or [N, C, H, W] on the scale 0 to 255) keep it, and their results are \
      neither rounded nor clipped. The model sees pictures like those it was trained on; with \
      --resize, sigma is that of the scaled picture.

      Transparency, depth, colour profile, EXIF, texts and resolution stay with a picture. From - \
      come any number of pictures, one after another.
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @OptionGroup var model: ModelOption

  @Option(
    help: ArgumentHelp(
      "The noise's standard deviation on the scale 0 to 255; estimated without it.",
      valueName: "deviation"))
  var sigma: Float?

  @Option(
    help: ArgumentHelp(
      "Write this many plausible pictures instead of the best estimate.", valueName: "count"))
  var samples: Int?

  @Option(help: ArgumentHelp("Steps of the refinement.", valueName: "count"))
  var steps: Int = Denoiser.Options().steps

  @Option(help: ArgumentHelp("Draws of every refined posterior.", valueName: "count"))
  var draws: Int = Denoiser.Options().draws

  @OptionGroup var seed: SeedOption
  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup var batch: BatchOptions
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup(title: "Input options") var fit: FitOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if let sigma, !(sigma.isFinite && sigma >= 0) {
      throw ValidationError("expected a --sigma of 0 or more, found \(sigma)")
    }
    try requireCounts([("--samples", samples, 1...10_000)])
    try requireCounts([("--steps", steps, 0...100_000), ("--draws", draws, 1...10_000)])
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    var options = Denoiser.Options()
    (options.steps, options.draws) = (steps, draws)
    let denoiser = try Denoiser(model, options: options, backend: backend)
    let record = record
    let task = try RestorationTask(
      images, fit: ModelFit(model, input, fit), input: input, batch: batch, samples: samples,
      output: output, sheet: sheet.sheet, record: record)
    try task.run { index, input, picture in
      var random = seed.source(index)
      return try task.fit.apply(picture, [picture.pixels] + picture.alphaLayers) { layers in
        let deviation =
          sigma.map { $0 / 255 } ?? NoiseEstimate.deviation(OpaquePart.of(layers))
        if sigma == nil {
          let estimate = decimal(Double(deviation) * 255, 1)
          StandardError.report("\(input.name): sigma \(estimate), estimated")
          record.set("--sigma", estimate)
        }
        guard let samples else {
          return try denoiser.denoise(layers[0], sigma: deviation, using: &random)
        }
        return try .joined(
          denoiser.samples(layers[0], sigma: deviation, count: samples, using: &random))
      }
    }
  }
}

extension Denoise {
  private var record: Record {
    let standard = Denoiser.Options()
    return Record(
      "denoise",
      [
        "--model": model.recordedName, "--sigma": sigma.map(Record.number),
        "--steps": Record.number(steps, unless: standard.steps),
        "--draws": Record.number(draws, unless: standard.draws),
        "--samples": samples.map { "\($0)" }, "--seed": "\(seed.value)",
        "--resize": Record.flag(fit.resize), "--tile": Record.flag(fit.tile),
      ])
  }
}
