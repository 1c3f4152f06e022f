import ArgumentParser
import Pictures
import VAE

struct Reconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a model keeps of pictures: encode and decode in one.",
    discussion: """
      Writes the very bytes that decode makes of what encode prints. What no latent holds does \
      not come back: transparency, colour profile, EXIF. A hierarchical model takes pictures of any \
      size.

        $ latent reconstruct dress.png -m fashion -o dress-reconstructed.png
        $ latent compare dress-reconstructed.png dress.png
        29.81 dB
        $ latent reconstruct icons/ -m emoji --resize -o reconstructed/
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @OptionGroup var model: ModelOption
  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup(title: "Input options") var fit: FitOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    try fit.check(model, named: self.model.name)
    let coder = Coder(model, backend: backend)
    let fit = fit.pictures(for: model, input)
    let inputs = input.pictures(images)
    let roles = try self.model.roles()
    roles.reads(inputs)
    let output = try PictureOutput(
      output, count: inputs.count, sheet: sheet.sheet, roles: roles)
    try output.prepare(inputs)
    try Batch.forEach(inputs) { index, input in
      let picture = try fit.colored(input.picture().flattened(on: fit.background))
      let pixels = try fit.apply(picture, [picture.pixels]) { layers in
        let shape = layers[0].shape
        let image = ImageShape(channels: shape[0], height: shape[1], width: shape[2])
        return try coder.decode(coder.encode(layers[0]).mean, image: image)
      }
      try output.write(Picture(pixels: pixels), at: index, for: input)
    }.check()
    try output.finish()
  }
}
