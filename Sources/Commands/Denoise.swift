import ArgumentParser
import Batches
import Pictures
import Restoration
import VAE

struct Denoise: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove noise from pictures.",
    discussion: """
      The default model, photo-denoise, takes pictures of any size, gray and color: photographs \
      with the noise of cameras and film, white noise, and JPEG files, whose artifacts go with the \
      noise. It reads off the whole picture how strong the noise of luma and chroma is in dark, \
      middle and bright areas; --noise gives it by hand, --sigma where it is white. Levels are \
      standard deviations on the scale 0 to 255, luma's that of (R + G + B) / sqrt 3.

        $ latent denoise photo.jpg -o clean.jpg
        latent: photo.jpg: noise luma=4.81/4.02/3.1,chroma=2.4/2.12/1.9, estimated
        $ latent denoise photo.jpg --strength 1.5 -o cleaner.jpg
        $ latent denoise photo.jpg --noise luma=6,chroma=4 -o clean.jpg
        $ latent denoise noisy.png --sigma 25 --strength 0.8 -o clean.png
        $ latent denoise --jpeg blocky.jpg -o smooth.png
        $ latent denoise -r shots/ -o clean/
        $ latent denoise noisy.png --uncertainty unsure.png --color-map -o clean.png

      Models of one picture size find the latents that explain the noisy picture, starting at the \
      encoder's posterior and refining it, and write the mean of what was seen and what the model \
      expects, each weighted by its variance.

        $ latent denoise dress-noisy-100.png -m fashion --sigma 100 -o dress.png
        $ latent denoise dress-noisy-100.png -m fashion -o dress.png
        latent: dress-noisy-100.png: sigma 96.1, estimated
        $ latent denoise noisy.npy -m digits --sigma 100 -o clean.npy
        $ latent denoise -r scans/ -m fashion --sigma 50 -o clean/ --skip-existing
        latent: 112 of 400 skipped: output exists

      A file has lost what noise lay beyond black and white: arrays \
      (.npy, [N, H, W] or [N, C, H, W] on the scale 0 to 255) keep it, and their results are \
      neither rounded nor clipped. With --resize, sigma is that of the scaled picture.

      Transparency, depth, color profile, EXIF, texts and resolution stay with a picture. From - \
      come any number of pictures, one after another.
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @OptionGroup var model: DenoisingModelOption

  @OptionGroup var noise: NoiseLevelOptions

  @Option(
    help: ArgumentHelp(
      """
      The noise of every pixel: a gray picture whose levels are the deviations (257 times them in 16 \
      bits), or an array of deviations.
      """, valueName: "file"))
  var sigmaMap: String?

  @Option(
    help: ArgumentHelp(
      """
      How much of the change to make: below 1 keeps some grain, above 1 treats the noise as that many \
      times stronger.
      """, valueName: "factor"))
  var strength: Float = 1

  @Flag(help: "Remove JPEG artifacts; without --sigma, nothing else.")
  var jpeg = false

  @Option(
    help: ArgumentHelp(
      "JPEG quality of the picture, if the file does not record it.",
      valueName: "percent"))
  var jpegQuality: Int?

  @OptionGroup(title: "Result options") var conditional: ConditionalOptions
  @OptionGroup(title: "Result options") var seed: SeedOption

  @Option(
    help: ArgumentHelp(
      "Steps of the refinement, for models of one size (default: \(Denoiser.Options().steps)).",
      valueName: "count"))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "Draws of every refined posterior, for such models (default: \(Denoiser.Options().draws)).",
      valueName: "count"))
  var draws: Int?

  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup var batch: BatchOptions
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup(title: "Input options") var fit: FitOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard (0...4).contains(strength) else {
      throw ValidationError("expected a --strength of 0 to 4, found \(strength)")
    }
    try noise.requireOne(beside: ("--sigma-map", sigmaMap != nil))
    if jpegQuality != nil && !jpeg { throw ValidationError("--jpeg-quality belongs to --jpeg") }
    try requireCounts([
      ("--steps", steps, 0...100_000), ("--draws", draws, 1...10_000),
      ("--jpeg-quality", jpegQuality, 1...100),
    ])
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    try refuseOptions(model)
    let level = try noise.level()
    let record = record
    if case .model(let levels) = level { record.set("--noise", levels.text) }
    let map = try sigmaMap.map { try SigmaMap($0, input.reader) }
    var task = try RestorationTask(
      images, model, fitting: fit.fitting(input),
      conditional, seed, input: input, batch: batch, output: output, sheet: sheet,
      record: record,
      roles: self.model.roles(
        (map?.files ?? []).map { ($0, "a map of sigma") }
          + noise.files))
    task.options.strength = strength
    if let steps { task.options.refinement.steps = steps }
    if let draws { task.options.refinement.draws = draws }
    let restorer = Restorer(model, backend: backend)
    try restorer.prepare(for: .noise(.estimated), options: task.options)
    try task.run { input, picture, options in
      var description = NoiseDescription(level ?? (jpeg ? .none : .estimated))
      if jpeg {
        let quality = try quality(of: picture, input.name)
        description.jpegQuality = quality
        record.set("--jpeg-quality", "\(quality)")
      }
      if let map { description.level = .map(try map.layer(for: picture, at: options.index)) }
      return try restorer.restore(
        picture, from: .noise(description), options: options,
        estimated: { $0.report(of: input.name, in: record) })
    }
  }

  /// Refuses what is given of options that the model has no use for.
  private func refuseOptions(_ model: Model) throws {
    if model.configuration.isConditional {
      try refuse(
        [fit.firstGiven, steps.map { _ in "--steps" }, draws.map { _ in "--draws" }],
        with: self.model.name, which: "that takes pictures of any size")
    } else {
      try refuse(
        [
          conditional.firstGiven, sigmaMap.map { _ in "--sigma-map" },
          noise.noise.map { _ in "--noise" }, strength != 1 ? "--strength" : nil,
          jpeg ? "--jpeg" : nil,
        ], with: self.model.name, which: "of one picture size")
      try model.requireRealLatents(named: self.model.name)
    }
  }

  /// The JPEG quality of a picture, from its file or as given.
  private func quality(of picture: Picture, _ name: String) throws -> Int {
    guard let quality = jpegQuality ?? picture.metadata.jpegQuality else {
      throw Failure(
        .badData, "\(name): expected a JPEG file for --jpeg; say --jpeg-quality for others")
    }
    return quality
  }
}

/// Refuses options that a model has no use for.
///
/// - Parameters:
///   - options: their names where they are given.
///   - kind: what kind of a model it is, as in "of one picture size".
func refuse(_ options: [String?], with model: String, which kind: String) throws {
  guard let option = options.compactMap(\.self).first else { return }
  throw Failure(.usage, "\(option): not for \(model), a model \(kind)")
}

extension Denoise {
  private var record: Record {
    Record(
      "denoise",
      [
        "--model": model.recordedName, "--sigma": noise.sigma.map(Record.number),
        "--sigma-map": Record.flag(sigmaMap != nil), "--noise": nil,
        "--strength": strength != 1 ? Record.number(strength) : nil,
        "--jpeg": Record.flag(jpeg), "--jpeg-quality": jpegQuality.map { "\($0)" },
        "--steps": steps.map { "\($0)" }, "--draws": draws.map { "\($0)" },
      ], conditional, seed, input, fit)
  }
}
