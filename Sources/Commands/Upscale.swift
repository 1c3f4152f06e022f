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

  @Option(
    help: ArgumentHelp(
      "Remove white noise of this standard deviation first, on the scale 0 to 255.",
      valueName: "deviation"))
  var sigma: Float?

  @Option(
    help: ArgumentHelp(
      """
      Remove noise of these levels first, as in luma=6.1,chroma=4, or of the levels in a file that \
      latent info PICTURE --json wrote.
      """, valueName: "levels|file"))
  var noise: NoiseOption?

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
    if let sigma, !(sigma.isFinite && sigma >= 0) {
      throw ValidationError("expected a --sigma of 0 or more, found \(sigma)")
    }
    let given = [("--denoise", denoise), ("--sigma", sigma != nil), ("--noise", noise != nil)]
      .filter(\.1).map(\.0)
    if given.count > 1 {
      throw ValidationError("expected \(given[0]) or \(given[1]), found both")
    }
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    let fitting = PictureFitting(
      sizing: .resize, dropsColor: input.gray, background: input.background)
    let description = try description()
    let record = record
    if case .model(let levels) = description?.level { record.set("--noise", levels.text) }
    let task = try RestorationTask(
      images, model, fitting: fitting, conditional,
      seed, input: input, batch: batch, output: output, sheet: sheet, record: record,
      roles: self.model.roles(noise?.file.map { [($0, "a description of noise")] } ?? []))
    let hasOwnDenoiser = description != nil && denoisingModel.name != self.model.name
    let restorer = Restorer(
      model, denoisingModel: hasOwnDenoiser ? try denoisingModel.load() : nil, backend: backend)
    let damage = Restorer.Damage.smallSize(enlargement, description)
    try restorer.prepare(for: damage, options: task.options)
    try task.run { input, picture, options in
      try restorer.restore(
        picture, from: damage, options: options,
        estimated: { $0.report(of: input.name, in: record) })
    }
  }

  private var model: ChosenModel { ChosenModel(name: modelOption.name ?? "photo") }

  /// What takes the noise off.
  private var denoisingModel: ChosenModel {
    modelOption.name.map(ChosenModel.init) ?? .denoising
  }

  private var enlargement: Enlargement {
    if let size { return .within(width: size.width, height: size.height) }
    return .factor(scale ?? Enlargement.factors.upperBound)
  }

  /// The noise that is taken off first; nil for none.
  private func description() throws -> NoiseDescription? {
    if let noise { return NoiseDescription(.model(try noise.model())) }
    if let sigma { return NoiseDescription(.deviation(sigma / 255)) }
    return denoise ? NoiseDescription(.estimated) : nil
  }

  private var record: Record {
    Record(
      "upscale",
      [
        "--model": model.recordedName, "--scale": scale.map(Record.number),
        "--size": size.map { "\($0.width)x\($0.height)" }, "--sigma": sigma.map(Record.number),
        "--noise": nil,
      ], conditional, seed, input)
  }
}
