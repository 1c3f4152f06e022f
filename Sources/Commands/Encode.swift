import ArgumentParser
import Batches
import Datasets
import Files
import VAE

struct Encode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn pictures into latent vectors.",
    discussion: """
      Prints for every picture the mean of its posterior q(z|x): a line of numbers with tabs \
      between them, shortest decimals that read back exactly.

        $ latent encode ankle-boot.png sandal.png -m fashion | cut -f 1-3
        -0.116806604  -1.292294  1.4973184
        0.4892766  -0.010252176  -0.15563935
        $ latent encode photos/ -m emoji --format npy > vectors.npy
        $ latent encode a.png -m digits | latent decode -m digits -o a2.png

      A hierarchical model takes pictures of any size; their latents are its groups one after \
      another, from the finest grid to the coarsest. ndjson tells decode the picture's size too.

        $ latent encode photo.png -m photo --format ndjson \\
            | latent decode -m photo -o p.png

      The mean of a model trained with --posterior iaf is where its flow takes the mean of its \
      Gaussian.

      Pictures are PNG, JPEG and other files, folders of them, IDX files (plain or gzip), NumPy arrays \
      of shape [N, H, W], [N, C, H, W] or [H, W] on the scale 0 to 255, or - for standard input.
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @OptionGroup var model: ModelOption

  @Option(
    help: ArgumentHelp(
      """
      text (a vector a line), ndjson (an object a line, with the picture's name and the \
      log-variance) or npy (one NumPy array).
      """, valueName: "format"))
  var format: LatentStreamFormat = .text

  @Flag(help: "Draw from the posterior instead of taking its mean.")
  var sample = false

  @Flag(help: "Write log-variances too: in text and npy after the means.")
  var variance = false

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
  var output: String = "-"

  @OptionGroup var parts: PartOption
  @OptionGroup var seed: SeedOption
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup(title: "Input options") var fit: ResizeOption
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    try fit.check(model, named: self.model.name)
    let hasVariance = model.configuration.posterior.hasTractableDensity
    guard hasVariance || !variance else {
      throw Failure(
        .usage,
        "--variance: the posterior of \(self.model.name), an inverse autoregressive flow, has none "
          + "in closed form; draw from it with --sample")
    }
    let part = try parts.chosen(sharedFile: output == "-" ? nil : output)
    let autoencoder = Autoencoder(model, backend: backend)
    var options = CodingOptions()
    options.draws = sample
    options.fitting = fit.fitting(input)
    options.seed = seed.value
    let inputs = input.pictures(images)
    let roles = try self.model.roles()
    roles.reads(inputs)
    try roles.writes(output, as: "the latents")
    try LatentStreamOutput.write(
      to: output, format: format, variance: hasVariance && (variance || format == .ndjson),
      origin: LatentOrigin(model: self.model.recordedName, fingerprint: model.fingerprint)
    ) { emit in
      try Batch.forEach(inputs, part: part, reporter: BatchDisplay()) { index, input in
        options.index = index
        let code = try autoencoder.encode(input.picture(), options: options)
        try emit(code.record(of: model, source: Printable.path(input.name)))
      }
    }.check()
  }
}

extension LatentStreamFormat: ExpressibleByArgument {}
