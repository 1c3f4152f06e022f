import ArgumentParser
import Restoration
import Tensors

struct Inpaint: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fill holes in pictures.",
    discussion: """
      Every pixel where the mask is not black is filled; the others come back bit for bit. With \
      --mask alpha the transparent pixels are filled.

        $ latent inpaint torn.png --mask hole.png -m fashion -o whole.png
        $ latent inpaint torn.png --mask hole.png -m fashion --samples 4 -o t-%d.png
        $ latent inpaint masked.npy --mask mask.npy -m digits -o filled.npy
        $ latent inpaint -r torn/ --mask masks/ -m fashion -o whole/

      Methods: metropolis (Metropolis-within-Gibbs, Mattei and Frellsen 2018) and gibbs \
      (pseudo-Gibbs, Rezende et al. 2014) average over Markov chains that fill the hole again and \
      again; map takes the most probable latents. Arrays (.npy) are on the scale 0 to 255.

      Transparency, depth, colour profile, EXIF, texts and resolution stay with a picture.
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @Option(
    help: ArgumentHelp(
      """
      A picture or array that is not black where to fill, of the picture's size; a folder of \
      masks that are called as their pictures; or alpha.
      """, valueName: "file"))
  var mask: String

  @OptionGroup var model: ModelOption

  @Option(help: ArgumentHelp("metropolis, gibbs or map.", valueName: "method"))
  var method: Inpainter.Method = Inpainter.Options().method

  @Option(
    help: ArgumentHelp(
      "Write this many plausible pictures instead of the best estimate.", valueName: "count"))
  var samples: Int?

  @Option(
    help: ArgumentHelp("Steps towards the start of every chain, and of map.", valueName: "count"))
  var steps: Int = Inpainter.Options().steps

  @Option(help: ArgumentHelp("Markov chains a picture.", valueName: "count"))
  var chains: Int = Inpainter.Options().chains

  @Option(help: ArgumentHelp("Steps of every chain.", valueName: "count"))
  var iterations: Int = Inpainter.Options().iterations

  @OptionGroup var seed: SeedOption
  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup var batch: BatchOptions
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup(title: "Input options") var fit: FitOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    try requireCounts([
      ("--samples", samples, 1...10_000), ("--steps", steps, 0...100_000),
      ("--chains", chains, 1...1000), ("--iterations", iterations, 1...1_000_000),
    ])
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    let mask = try Mask(mask, limits: input.limits)
    var options = Inpainter.Options()
    options.method = method
    (options.steps, options.chains, options.iterations) = (steps, chains, iterations)
    let inpainter = try Inpainter(model, options: options, backend: backend)
    var task = try RestorationTask(
      images, fit: ModelFit(model, input, fit), input: input, batch: batch, samples: samples,
      output: output, sheet: sheet.sheet, record: record)
    task.keepsAlpha = self.mask != "alpha"
    try task.run { index, input, picture in
      var random = seed.source(index)
      let hidden = try mask.layer(for: picture, at: index, from: input)
      let filled = try task.fit.apply(picture, [picture.pixels, hidden]) { layers in
        let (pixels, known) = (layers[0].clipped(), layers[1].complement(layers[0].shape[0]))
        guard let samples else {
          return try inpainter.inpaint(pixels, known: known, using: &random)
        }
        return try .joined(inpainter.samples(pixels, known: known, count: samples, using: &random))
      }
      return picture.pixels.replaced(by: filled, where: hidden)
    }
  }
}

extension Inpaint {
  private var record: Record {
    let standard = Inpainter.Options()
    return Record(
      "inpaint",
      [
        "--model": model.recordedName, "--mask": mask == "alpha" ? mask : nil,
        "--method": method.rawValue, "--steps": Record.number(steps, unless: standard.steps),
        "--chains": Record.number(chains, unless: standard.chains),
        "--iterations": Record.number(iterations, unless: standard.iterations),
        "--samples": samples.map { "\($0)" }, "--seed": "\(seed.value)",
        "--resize": Record.flag(fit.resize), "--tile": Record.flag(fit.tile),
      ])
  }
}

extension Inpainter.Method: ExpressibleByArgument {}

extension Tensor {
  /// Limited to [0, 1].
  fileprivate func clipped() -> Tensor { Tensor(shape, elements.map { min(max($0, 0), 1) }) }

  /// From a mask `[1, H, W]` to 1 where it is 0, and 0 elsewhere, in `channels` channels. What a
  /// scaled mask hides in part is hidden.
  fileprivate func complement(_ channels: Int) -> Tensor {
    let known = elements.map { abs($0) < 1e-3 ? Float(1) : 0 }
    return Tensor(
      shape.replacing(axis: 0, with: channels), (0..<channels).flatMap { _ in known })
  }

  /// These pixels, and where `hidden` is not 0 those of each of the results in `filled`.
  fileprivate func replaced(by filled: Tensor, where hidden: Tensor) -> Tensor {
    let area = hidden.elements.count
    return Tensor(
      filled.shape,
      filled.elements.indices.map { index in
        hidden[index % area] != 0 ? filled[index] : elements[index % elements.count]
      })
  }
}
