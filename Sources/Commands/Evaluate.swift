import ArgumentParser
import Batches
import Checkpoints
import Files
import VAE

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how well a model explains pictures.",
    discussion: """
      Prints the evidence lower bound and its two parts, rate KL(q(z|x) || p(z)) and distortion \
      -E[log p(x|z)], in nats per picture: means over the pictures with their standard errors. \
      --importance-samples adds the importance-weighted estimate of log p(x), which is tighter \
      with every sample and needs no more memory for 5000 than for one.

        $ latent evaluate test-images-idx3-ubyte.gz -m aevb --every 10 \\
            --importance-samples 5000
        pictures    1000
        bound        -97.91 nats  (standard error 0.81)
        rate          27.94 nats  (0.14)
        distortion    69.97 nats  (0.70)
        log p(x)     -92.74 nats  (0.75), 5000 importance samples
        bits/dim      0.1707
        active            20 of 20 latents
        aggregate       0.33 nats from the prior

      bits/dim is -log2 P(x) per sample of a picture, from the best of the estimates. Under a \
      Bernoulli likelihood a sample is one of two levels, which is exact for black and white \
      pictures; under the others one of 256. The discretized families give its probability, of \
      Gaussian and continuous Bernoulli ones it is the mass within half a level: a bound for 8-bit \
      pictures. The other figures are densities on [0, 1] under these.

      Active are the latents whose posterior mean differs from picture to picture, with a variance \
      above 0.01. The aggregate posterior, the mean of q(z|x) over the pictures, is as far from the \
      prior as KL(N(m, S) || N(0, I)) says, with its mean and covariance.

      A hierarchical model takes pictures of any size; the rate of every group of latents is \
      printed. A picture of more than 1024 pixels a side is cut into parts, each on its own.
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @OptionGroup var model: ModelOption

  @Option(
    help: ArgumentHelp(
      "Draws for the importance-weighted estimate of log p(x).", valueName: "count"))
  var importanceSamples: Int?

  @Option(help: ArgumentHelp("Draws of the posterior for the bound.", valueName: "count"))
  var samples: Int = 1

  @Option(
    help: ArgumentHelp(
      "Use only every n-th picture: 10 for a tenth of a sorted set.", valueName: "step"))
  var every: Int = 1

  @Option(help: ArgumentHelp("Use only this many pictures, the first ones.", valueName: "count"))
  var limit: Int?

  @Flag(
    name: [.customLong("binarize"), .customLong("binarise")],
    help: "First make each pixel black or white at random, by its intensity and --seed.")
  var binarize = false

  @Option(
    help: ArgumentHelp(
      "First make pixels of at least this level, 1 to 255, white and all others black.",
      valueName: "level"))
  var threshold: Int?

  @Flag(help: "Print a line for every picture before the means.")
  var perImage = false

  @Flag(help: "With --per-image, the least likely pictures first.")
  var sort = false

  @Flag(help: "Print a line for every latent; with --json, the covariance of their means.")
  var latents = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var parts: PartOption
  @OptionGroup var seed: SeedOption
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup(title: "Input options") var fit: ResizeOption
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    for (name, value) in [
      ("--importance-samples", importanceSamples), ("--samples", samples), ("--limit", limit),
      ("--every", every),
    ] {
      if let value, value < 1 { throw ValidationError("expected \(name) of at least 1") }
    }
    try requireCounts([("--threshold", threshold, 1...255)])
    if binarize && threshold != nil {
      throw ValidationError("expected --binarize or --threshold, found both")
    }
    if sort && !perImage { throw ValidationError("--sort belongs to --per-image") }
    if samples > 10_000 { throw ValidationError("expected --samples of at most 10000") }
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    try fit.check(model, named: self.model.name)
    let all = input.pictures(images)
    let inputs = stride(from: 0, to: all.count, by: every).prefix(limit ?? .max).map { all[$0] }
    let fit = fit.pictures(for: model, input)
    var options = EvaluationOptions()
    options.samples = samples
    options.importanceSamples = importanceSamples
    options.binarization = binarize ? .dynamic : threshold.map { .threshold(UInt8($0)) }
    options.seed = seed.value
    let evaluation = try Evaluation(model, options, backend: backend)
    guard !latents || !model.configuration.takesAnySize else {
      throw Failure(.usage, "--latents belongs to models of one picture size")
    }
    let output = FileOutput.standardOutput
    var kept: [EvaluationResult] = []
    func take(_ result: EvaluationResult) throws {
      if perImage && (json || sort) { kept.append(result) }
      if perImage && !json && !sort { try output.write(Array(result.line.utf8)) }
    }
    let outcome = try Batch.forEach(
      inputs, part: parts.chosen(), reporter: BatchDisplay()
    ) { index, input in
      try evaluation.add(fit.whole(input.picture()), at: index, name: input.name).forEach(take)
    }
    try evaluation.finish().forEach(take)
    if sort { kept.sort { $0.logLikelihood < $1.logLikelihood } }
    let report = EvaluationReport(summary: evaluation.summary, pictures: kept)
    if sort && !json { try output.write(Array(kept.map(\.line).joined().utf8)) }
    if report.summary.count > 0 {
      let text =
        json
        ? report.json(withCovariance: latents).description + "\n"
        : (latents ? report.latentTable : "") + report.text
      try output.write(Array(text.utf8))
    }
    try outcome.check()
  }
}
