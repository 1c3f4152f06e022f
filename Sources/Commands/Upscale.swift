import ArgumentParser
import Restoration

struct Upscale: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Enlarge pictures.",
    discussion: """
      Enlarges a picture 2, 3 or 4 times and restores what is missing with a conditional model. \
      What the model was trained to undo is bicubic reduction of a sharp picture; a picture with \
      noise or JPEG artefacts is best cleaned first.

        $ latent upscale -s 2 small.png -o large.png
        $ latent upscale -s 4 icons/ -r -o large/
        $ latent upscale -s 4 small.png --samples 4 -o large-%d.png

      The result has exactly -s times as many pixels on each side.
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @Option(
    name: [.customShort("s"), .customLong("scale")],
    help: ArgumentHelp("How many times larger: 2, 3 or 4.", valueName: "factor"))
  var scale: Int

  @OptionGroup var model: RestorationModelOption
  @OptionGroup(title: "Result options") var conditional: ConditionalOptions
  @OptionGroup(title: "Result options") var seed: SeedOption
  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup var batch: BatchOptions
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard (2...4).contains(scale) else {
      throw ValidationError("expected --scale 2, 3 or 4, found \(scale)")
    }
  }

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    let fit = PictureFit(
      model, sizing: .resize, allowsGray: input.grey, background: input.background)
    let task = try RestorationTask(
      images, fit: fit, conditional, seed, input: input, batch: batch, output: output,
      sheet: sheet.sheet, record: record, roles: self.model.roles())
    let restorer = try ConditionalRestorer(model, tile: conditional.tile, backend: backend)
    try task.run { _, _, picture in try restorer.upscale(picture, by: scale, task.wanted) }
  }

  private var record: Record {
    Record(
      "upscale", ["--model": model.recordedName, "--scale": "\(scale)"], conditional, seed, input)
  }
}
