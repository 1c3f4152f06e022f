import ArgumentParser
import Batches
import Pictures
import VAE

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw new pictures from a model.",
    discussion: """
      Draws z from the prior, N(0, I) unless the model was trained with another, its deviations \
      scaled by the temperature, and writes the mean of p(x|z). \
      Picture i is the same for the same seed, however many are drawn.

        $ latent sample -m digits -n 64 --seed 1 --grid 8x8 -o digits.png
        $ latent sample -m emoji -n 100 --temperature 0.8 -o new/

      A deep or hierarchical model draws its groups of latents from the coarsest grid to the finest, \
      each given those before; --temperature may then be one number a level, from the finest. A \
      hierarchical one makes pictures of any --size.

        $ latent sample -m emoji -n 16 --temperature 0.9,0.9,0.8,0.8,0.7 -o new/

        $ latent sample -m photo --size 256x192 --seed 3 -o dream.png

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
      """
      Standard deviation of z: below 1 plainer, above 1 stranger; of a model with levels also one \
      number each, from the finest grid.
      """, valueName: "factors"))
  var temperature = Factors([1])

  @Option(
    help: ArgumentHelp(
      "A grid over the plane of two latents, in one picture.", valueName: "colsxrows"))
  var manifold: Extents?

  @OptionGroup var size: SizeOption
  @OptionGroup var seed: SeedOption
  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    try requireCounts([("--count", count, 1...10_000_000)])
    guard temperature.values.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw ValidationError("expected a --temperature of 0 or more, found \(temperature)")
    }
    if manifold != nil && (count != nil || sheet.grid != nil) {
      throw ValidationError("--manifold makes one picture; leave out --count and --grid")
    }
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    let image = try size.image(of: model)
    let manifold = try manifold(of: model)
    let levels = model.configuration.levels
    guard temperature.values.count == 1 || temperature.values.count == levels else {
      throw Failure(
        .usage,
        "--temperature: expected one number"
          + (levels > 1 ? " or \(levels), one a level of \(self.model.name)" : "")
          + ", found \(temperature.values.count)")
    }
    let count = manifold?.count ?? count ?? sheet.sheet?.capacity ?? 1
    let layout = manifold.map { Sheet(columns: $0.columns, rows: $0.rows, gap: sheet.gap) }
    let output = try PictureOutput(
      output.target, count: count, sheet: layout ?? sheet.sheet, roles: self.model.roles())
    try output.claim()
    let autoencoder = Autoencoder(model, backend: backend)
    var options = SamplingOptions()
    options.temperatures = temperature.values
    options.image = image
    options.seed = seed.value
    for index in 0..<count {
      let picture =
        try manifold.map { try autoencoder.decode($0.vector(index)) }
        ?? autoencoder.sample(at: index, options: options)
      try output.write(picture, at: index)
    }
    try output.finish()
  }

  private func manifold(of model: Model) throws -> LatentManifold? {
    guard let manifold else { return nil }
    let (width, height) = (manifold.width, manifold.height)
    if let misfit = LatentManifold.misfit(model.configuration) {
      throw Failure(
        .usage,
        "--manifold: expected a model with \(misfit.expected), found \(misfit.found); "
          + "draw samples instead: -n \(width * height) --grid \(width)x\(height)")
    }
    return LatentManifold(columns: width, rows: height, temperature: temperature.values[0])
  }
}
