import ArgumentParser
import Batches
import Restoration
import VAE

struct Inpaint: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fill holes in pictures.",
    discussion: """
      Every pixel is filled where the mask is light: from its middle level on, or from that of \
      --mask-threshold. The others come back bit for bit, unless the output is JPEG, which codes all of \
      them anew. What of a mask is transparent hides nothing; where one color was drawn on \
      transparency, whichever it is, the strokes hide. Soft edges blend, but for those of JPEG masks. With --mask alpha the \
      transparent pixels are filled. Masks of any shape will do: scratches, text, lost pixels, pieces of \
      a border; --grow widens one that was drawn too narrow.

        $ latent inpaint torn.png --mask hole.png -o whole.png
        $ latent inpaint torn.png --mask hole.png --samples 4 -o whole-%d.png
        $ latent inpaint scans/ --mask masks/ -o repaired/

      The model photo, which is used without --model, takes pictures of any size. A hole that is \
      wider than what the model sees at once (about 40 pixels) is filled from the outside inwards, \
      coarse to fine: in a picture reduced until the hole is narrow, whose result, enlarged, is \
      refined at the next size. The inside of a large hole comes out smooth: nothing in the picture \
      determines it.

        $ latent inpaint torn.png --mask hole.png -m fashion -o whole.png
        $ latent inpaint torn.png --mask hole.png -m fashion --samples 4 -o t-%d.png
        $ latent inpaint masked.npy --mask mask.npy -m digits -o filled.npy
        $ latent inpaint -r torn/ --mask masks/ -m fashion -o whole/

      Methods of models of one picture size: metropolis (Metropolis-within-Gibbs, Mattei and \
      Frellsen 2018) and gibbs (pseudo-Gibbs, Rezende et al. 2014) average over Markov chains that fill the hole again and \
      again; map takes the most probable latents. Arrays (.npy) are on the scale 0 to 255.

      Transparency, depth, color profile, EXIF, texts and resolution stay with a picture.
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @Option(
    help: ArgumentHelp(
      """
      A picture or array that is light where to fill, of the picture's size; a folder of masks that \
      are called as their pictures; or alpha.
      """, valueName: "file"))
  var mask: String

  @OptionGroup var maskOptions: MaskOptions
  @OptionGroup var model: RestorationModelOption

  @OptionGroup(title: "Result options") var conditional: ConditionalOptions
  @OptionGroup(title: "Result options") var seed: SeedOption

  @Option(
    help: ArgumentHelp(
      "For models of one size: metropolis, gibbs or map (default: metropolis).",
      valueName: "method"))
  var method: Inpainter.Method?

  @Option(
    help: ArgumentHelp(
      """
      For such models: steps toward the start of every chain, and of map (default: \
      \(Inpainter.Options().steps)).
      """, valueName: "count"))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "Markov chains per picture (default: \(Inpainter.Options().chains)).", valueName: "count"))
  var chains: Int?

  @Option(
    help: ArgumentHelp(
      "Steps of every chain (default: \(Inpainter.Options().iterations)).", valueName: "count"))
  var iterations: Int?

  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup var batch: BatchOptions
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup(title: "Input options") var fit: FitOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    try requireCounts([
      ("--steps", steps, 0...100_000),
      ("--chains", chains, 1...1000), ("--iterations", iterations, 1...1_000_000),
    ])
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    let mask = try MaskInput(mask, input.reader, options: maskOptions.options)
    try refuseOptions(model)
    var task = try RestorationTask(
      images, model, fitting: fit.fitting(input),
      conditional, seed, input: input, batch: batch, output: output, sheet: sheet,
      record: record, roles: self.model.roles(mask.files.map { ($0, "a mask") }))
    task.options.keepsTransparency = self.mask != "alpha"
    if let method { task.options.completion.method = method }
    if let steps { task.options.completion.steps = steps }
    if let chains { task.options.completion.chains = chains }
    if let iterations { task.options.completion.iterations = iterations }
    let restorer = Restorer(model, backend: backend)
    try restorer.prepare(for: .holes(.none), options: task.options)
    try task.run { input, picture, options in
      let hidden = try mask.mask(for: picture, at: options.index, from: input)
      return try restorer.restore(picture, from: .holes(hidden), options: options)
    }
  }

  /// Refuses what is given of options that the model has no use for.
  private func refuseOptions(_ model: Model) throws {
    if model.configuration.isConditional {
      try refuse(
        [
          fit.firstGiven, method.map { _ in "--method" }, steps.map { _ in "--steps" },
          chains.map { _ in "--chains" }, iterations.map { _ in "--iterations" },
        ], with: self.model.name, which: "that takes pictures of any size")
    } else {
      try refuse([conditional.firstGiven], with: self.model.name, which: "of one picture size")
      try model.requireRealLatents(named: self.model.name)
    }
  }
}

extension Inpaint {
  private var record: Record {
    Record(
      "inpaint",
      [
        "--model": model.recordedName, "--mask": mask == "alpha" ? mask : nil,
        "--mask-threshold": Record.number(maskOptions.maskThreshold, unless: 128),
        "--grow": Record.number(maskOptions.grow, unless: 0),
        "--method": method?.rawValue, "--steps": steps.map { "\($0)" },
        "--chains": chains.map { "\($0)" }, "--iterations": iterations.map { "\($0)" },
      ], conditional, seed, input, fit)
  }
}

extension Inpainter.Method: ExpressibleByArgument {}
