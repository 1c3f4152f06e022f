import ArgumentParser
import Batches
import Restoration
import VAE

struct Upscale: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Enlarge pictures.",
    discussion: """
      Enlarges a picture by any factor above 1 and up to 4, and restores what is missing with a \
      conditional model. What the model was trained to undo is bicubic reduction of a sharp picture.

        $ latent upscale -s 2 small.png -o large.png
        $ latent upscale -s 1.5 icons/ -r -o large/
        $ latent upscale --size 3840x2160 frame.png -o frame-4k.png
        $ latent upscale -s 4 small.png --samples 4 -o large-%d.png

      The result has -s times as many pixels on each side, rounded. With --size it is the largest \
      of the picture's shape that fits.

      Noise would be enlarged too. --denoise estimates and removes it first, with JPEG artifacts; \
      --sigma and --noise give its strength instead. The model for this is the default of denoise, \
      unless --model names one.

        $ latent upscale -s 2 --denoise old.jpg -o large.png
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @Option(
    name: [.customShort("s"), .customLong("scale")],
    help: ArgumentHelp("How many times larger: above 1, up to 4.", valueName: "factor"))
  var scale: Float?

  @Option(
    help: ArgumentHelp(
      "Enlarge to the largest size that fits into this one.", valueName: "widthxheight"))
  var size: Extents?

  @OptionGroup var modelOption: EnlargingModelOption

  @Flag(help: "Estimate the noise of the picture and remove it first.")
  var denoise = false

  @OptionGroup var noise: NoiseLevelOptions
  @OptionGroup(title: "Result options") var conditional: ConditionalOptions
  @OptionGroup(title: "Result options") var seed: SeedOption
  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup var batch: BatchOptions
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    let factors = Enlargement.factors
    if let scale, !(scale > factors.lowerBound && scale <= factors.upperBound) {
      throw ValidationError(
        "expected a --scale above 1, up to 4, found \(Record.number(scale))")
    }
    if (scale == nil) == (size == nil) {
      throw ValidationError(
        scale == nil ? "expected --scale or --size" : "expected --scale or --size, found both")
    }
    try noise.requireOne(beside: ("--denoise", denoise))
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    let fitting = PictureFitting(
      sizing: .resize, dropsColor: input.gray, background: input.background)
    let level = try noise.level() ?? (denoise ? .estimated : nil)
    let record = record
    if case .model(let levels) = level { record.set("--noise", levels.text) }
    let task = try RestorationTask(
      images, model, fitting: fitting, conditional,
      seed, input: input, batch: batch, output: output, sheet: sheet, record: record,
      roles: self.model.roles(noise.files))
    let hasOwnDenoiser = level != nil && denoisingModel.name != self.model.name
    let restorer = Restorer(
      model, denoisingModel: hasOwnDenoiser ? try denoisingModel.load() : nil, backend: backend)
    let damage = Restorer.Damage.smallSize(enlargement, level.map { NoiseDescription($0) })
    try restorer.prepare(for: damage, options: task.options)
    try task.run { input, picture, options in
      try restorer.restore(
        picture, from: damage, options: options,
        estimated: { $0.report(of: input.name, in: record) })
    }
  }

  private var model: ChosenModel { ChosenModel(name: modelOption.name ?? "photo") }

  /// What takes the noise off.
  private var denoisingModel: ChosenModel { modelOption.name.map(ChosenModel.init) ?? .denoising }

  private var enlargement: Enlargement {
    if let size { return .within(width: size.width, height: size.height) }
    return .factor(scale ?? Enlargement.factors.upperBound)
  }

  private var record: Record {
    Record(
      "upscale",
      [
        "--model": model.recordedName, "--scale": scale.map(Record.number),
        "--size": size.map { "\($0.width)x\($0.height)" },
        "--sigma": noise.sigma.map(Record.number),
        "--noise": nil,
      ], conditional, seed, input)
  }
}
