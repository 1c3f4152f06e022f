import ArgumentParser
import Tensors
import VAE

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw new pictures from a model.",
    discussion: """
      Draws z from the prior N(0, I), scaled by the temperature, and writes the mean of p(x|z). \
      Picture i is the same for the same seed, however many are drawn.

        $ latent sample -m digits -n 64 --seed 1 --grid 8x8 -o digits.png
        $ latent sample -m emoji -n 100 --temperature 0.8 -o new/

      --manifold shows all that a model of two latents can draw (AEVB, figure 4): a grid of \
      equal probability, through the inverse Gaussian distribution function.

        $ latent sample -m digits2 --manifold 20x20 -o manifold.png
      """)

  @OptionGroup var model: ModelOption

  @Option(
    name: [.customShort("n"), .customLong("count")],
    help: ArgumentHelp("How many; with --grid as many as fill it, otherwise 1.", valueName: "count")
  )
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "Standard deviation of z: below 1 plainer, above 1 stranger.", valueName: "factor"))
  var temperature: Float = 1

  @Option(
    help: ArgumentHelp(
      "A grid over the plane of two latents, in one picture.", valueName: "colsxrows"))
  var manifold: Extents?

  @OptionGroup var seed: SeedOption
  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if let count, !(1...10_000_000).contains(count) {
      throw ValidationError("expected a count of 1 to 10000000, found \(count)")
    }
    guard temperature.isFinite && temperature >= 0 else {
      throw ValidationError("expected a --temperature of 0 or more, found \(temperature)")
    }
    if manifold != nil && (count != nil || sheet.grid != nil) {
      throw ValidationError("--manifold makes one picture; leave out --count and --grid")
    }
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    let latents = try latents(of: model)
    let layout = manifold.map { Sheet(columns: $0.width, rows: $0.height, gap: sheet.gap) }
    let output = try PictureOutput(output, count: latents.count, sheet: layout ?? sheet.sheet)
    let coder = Coder(model, backend: backend)
    for index in 0..<latents.count {
      try output.write(Picture(pixels: coder.decode(latents.vector(index))), at: index)
    }
    try output.finish()
  }

  private func latents(
    of model: Model
  ) throws -> (count: Int, vector: (Int) -> Tensor) {
    let dimensions = model.configuration.latents
    if let manifold {
      guard dimensions == 2 else {
        throw Failure(
          .usage,
          "--manifold: expected a model of 2 latents, found \(dimensions); "
            + "draw samples instead: -n \(manifold.width * manifold.height) --grid "
            + "\(manifold.width)x\(manifold.height)")
      }
      let grid = LatentManifold(
        columns: manifold.width, rows: manifold.height, temperature: temperature)
      return (manifold.width * manifold.height, grid.vector)
    }
    let (seed, temperature) = (seed, temperature)
    return (
      count ?? sheet.sheet?.capacity ?? 1,
      { index in
        var random = seed.source(index)
        let z = random.normal([dimensions])
        return Tensor(z.shape, z.elements.map { $0 * temperature })
      }
    )
  }
}
