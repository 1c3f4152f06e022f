import ArgumentParser
import Batches
import Restoration
import VAE

struct Reconstruct: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a model keeps of pictures: encode and decode in one.",
    discussion: """
      Writes the very bytes that decode makes of what encode prints. What no latent holds does \
      not come back: transparency, color profile, EXIF. A hierarchical model takes pictures of any \
      size.

        $ latent reconstruct dress.png -m fashion -o dress-reconstructed.png
        $ latent compare dress-reconstructed.png dress.png
        29.81 dB
        $ latent reconstruct icons/ -m emoji --resize -o reconstructed/
      """)

  @Argument(help: "Pictures, or folders of them.")
  var images: [String]

  @OptionGroup var model: ModelOption
  @OptionGroup var sharing: SharingOptions
  @OptionGroup(title: "Output options") var output: OutputOptions
  @OptionGroup(title: "Output options") var sheet: SheetOptions
  @OptionGroup(title: "Input options") var input: InputOptions
  @OptionGroup(title: "Input options") var fit: FitOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let backend = try threads.backend()
    let model = try model.load()
    try fit.check(model, named: self.model.name)
    let autoencoder = Autoencoder(model, backend: backend)
    let fitting = fit.fitting(input)
    var settings = RestorationTask.Settings(output: try output.target)
    settings.sheet = sheet.sheet
    settings.isRecursive = true
    settings.records = false
    settings.sharing = sharing.sharing
    let task = try RestorationTask(
      images, input.reader, Restorer.Options(), settings, isConditional: false,
      record: Record("reconstruct", ["--model": self.model.recordedName]),
      roles: self.model.roles())
    try task.run { _, picture, _ in
      RestoredPicture(results: [try autoencoder.reconstruct(picture, fitting: fitting)])
    }
  }
}
