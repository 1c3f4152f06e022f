import ArgumentParser
import Batches
import Pictures
import VAE

struct Interpolate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the pictures between pictures.",
    discussion: """
      Encodes the pictures, walks from each one's latents to the next one's in even steps, and \
      decodes on the way. Into one file the frames stand side by side; a pattern, a folder or - \
      takes them one by one.

        $ latent interpolate boot.png sneaker.png -m fashion --frames 9 -o strip.png
        $ latent interpolate a.png b.png c.png -m digits --frames 60 -o f-%03d.png
        $ latent interpolate a.png b.png -m digits --frames 90 -o - \\
            | ffmpeg -f image2pipe -i - film.mp4

      A hierarchical model takes pictures of any size, all of one size. The groups of latents of a \
      deep or hierarchical model go their ways one by one; with --levels 2 only those of the two \
      coarsest grids do, and the finer ones stay the first picture's: the shape of one picture, the \
      texture of another.

        $ latent interpolate cat.png tiger.png -m emoji --levels 3 -o shape.png

      The given pictures show as the model reconstructs them, or as they are with --exact-ends.
      """)

  @Argument(help: "Two or more pictures.")
  var images: [String]

  @OptionGroup var model: ModelOption

  @Option(help: ArgumentHelp("How many pictures, the ends included.", valueName: "count"))
  var frames: Int = 9

  @Option(
    help: ArgumentHelp(
      "linear, or spherical: along a great circle, where the prior has its mass.",
      valueName: "path"))
  var path: Interpolation = .linear

  @Flag(help: "Show the given pictures themselves, not their reconstructions.")
  var exactEnds = false

  @Option(
    help: ArgumentHelp(
      "How many levels change, from the coarsest; the others stay the first picture's.",
      valueName: "count"))
  var levels: Int?

  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup(title: "Input options") var fit: ResizeOption
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    try requireCounts([("--frames", frames, 1...1_000_000), ("--levels", levels, 1...64)])
    if levels != nil && exactEnds {
      throw ValidationError(
        "expected --levels or --exact-ends, found both: the ends are mixtures of pictures")
    }
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    try fit.check(model, named: self.model.name)
    let available = model.configuration.levels
    if let levels, levels > available {
      throw Failure(
        .usage,
        "--levels: expected 1 to \(available), the levels of \(self.model.name), "
          + "found \(levels)")
    }
    let inputs = input.pictures(images)
    guard inputs.count >= 2 else {
      throw Failure(.usage, "expected two or more pictures, found \(inputs.count)")
    }
    let strip =
      try output.target.isSingleFile ? Sheet(columns: frames, rows: 1, gap: sheet.gap) : nil
    let roles = try self.model.roles()
    roles.reads(inputs)
    let output = try PictureOutput(
      output.target, count: frames, sheet: sheet.sheet ?? strip, roles: roles)
    try output.claim()
    let autoencoder = Autoencoder(model, backend: backend)
    var options = InterpolationOptions()
    options.frames = frames
    options.path = path
    options.keepsEnds = exactEnds
    options.levels = levels
    options.fitting = fit.fitting(self.input)
    var stops: [Autoencoder.Stop] = []
    try Batch.forEach(inputs, reporter: BatchDisplay()) { _, input in
      let stop = try autoencoder.stop(input.picture(), fitting: options.fitting)
      if let first = stops.first?.shape, first != stop.shape {
        throw Failure(
          .badData,
          "expected \(first[2])x\(first[1]) pixels, as of the first picture, found "
            + "\(stop.shape[2])x\(stop.shape[1]); crop or scale the pictures to one size")
      }
      stops.append(stop)
    }.check()
    var index = 0
    try autoencoder.interpolate(stops, options: options) { picture in
      try output.write(picture, at: index)
      index += 1
    }
    try output.finish()
  }
}

extension Interpolation: ExpressibleByArgument {}
