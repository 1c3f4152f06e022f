import ArgumentParser
import Batches
import Datasets
import Files
import ImageCodecs
import Pictures
import Reports
import VAE

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show on a page what a model makes of pictures.",
    discussion: """
      Writes report.html into a folder: pictures beside their reconstructions, new pictures, a strip \
      from one to another, a hole filled, what the latents carry; of a model that restores, pictures \
      with damage, restored and clean. The page holds all it shows; any browser opens it. Its path is \
      printed.

        $ latent report icons.safetensors icons-held-out/ -o icons-report
        icons-report/report.html

      Pictures are brought to the model's size and colors as training does. --log adds the curves of \
      the run that made the model: the file of train --log, or history.ndjson beside the page that \
      train --report keeps.

        $ latent report emoji samples/emoji -o emoji-report
        $ latent report icons.safetensors new/ --log run.log -o new-report
      """)

  @Argument(help: "The model: a name such as digits, or a file.")
  var model: String

  @Argument(help: "Pictures, folders of them, IDX files, or NumPy arrays.")
  var images: [String]

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The page's folder, made where it is not there.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp("The log of the run that made the model, for its curves.", valueName: "file")
  )
  var log: String?

  @Option(
    help: ArgumentHelp(
      "The damage that a conditional model is shown (default: photograph).", valueName: "kind"))
  var damage: DamageMixture?

  @Option(
    help: ArgumentHelp(
      "Background of transparent pixels: white, black or a gray level of 0 to 255.",
      valueName: "level"))
  var background: Background = .white

  @Option(help: ArgumentHelp("Largest picture to read, in pixels.", valueName: "count"))
  var maxPixels: Int = ImageLimits.default.maximumPixels

  @OptionGroup var seed: SeedOption
  @OptionGroup var threads: ThreadOptions

  func validate() throws { try requireCounts([("--max-pixels", maxPixels, 1...Int.max)]) }

  func run() throws {
    let backend = try threads.backend()
    let chosen = ChosenModel(name: model)
    let model = try chosen.load()
    let page = Paths.joined(output, RunReport.pageName)
    let roles = try chosen.roles((log.map { [($0, "the log")] } ?? []))
    try roles.writes(page, as: "the report")
    let history = try log.map { try RunHistory(path: $0) } ?? RunHistory()
    try Paths.makeFolder(output)
    try Paths.checkIsWritable(output)
    var options = TrainingData.Options(showing: model.configuration, damage: damage)
    options.dataset.background = background.level
    options.dataset.limits = ImageLimits(maximumPixels: maxPixels)
    let data = try TrainingData(heldOut: images, options) {
      StandardError.report("\($0); skipped")
    }
    let report = try FinishedReport.page(
      of: model, title: "What \(chosen.recordedName) makes of pictures", data, history: history,
      seed: seed.value, backend: backend)
    try AtomicFile.write(Array(report.html().utf8), to: page)
    try FileOutput.standardOutput.write(Array((Printable.escaped(page) + "\n").utf8))
  }
}
