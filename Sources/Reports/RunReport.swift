import Checkpoints
import Files
import Graphs
import Platform
import VAE

/// The report of a training run, kept up to date while it goes on: `report.html` in a folder, and beside it what a
/// run that is gone on with needs of the one before, `history.ndjson` and `samples/`.
///
/// The page is written after every look at the pictures held out, unless looks follow one another so fast that it
/// would hold the run up. Its pictures are made anew when they have taken no more than a small share of the time; until
/// then those before stay, with their moment.
package final class RunReport {
  private let folder: String
  private let data: TrainingData
  private let backend: any Backend
  private let pictures: ModelPictures
  private let activity: (() throws -> [TrainingData.GroupActivity])?
  private var builder: ReportBuilder
  private var history: AppendedFile?
  private var film: SampleFilm
  /// When pictures were made last, and how long it took, in seconds.
  private var made: (time: Double, cost: Double)?
  /// What all of it has taken, in seconds.
  package private(set) var cost = 0.0
  private let start = monotonicSeconds()

  /// The page's name in its folder.
  package static let pageName = "report.html"
  package static let historyName = "history.ndjson"
  package static let samplesName = "samples"
  /// The share of the time that pictures, and the page around them, may take each, about.
  private let share: Double
  /// When the page was written last, and how long it took, in seconds.
  private var written: (time: Double, cost: Double)?
  /// Pictures whose latents are looked at.
  private static let activityPictures = 500

  /// The page of a folder.
  package var path: String { Paths.joined(folder, Self.pageName) }

  /// - Parameters:
  ///   - folder: made where it is not there.
  ///   - title: of the page.
  ///   - trainer: of the run; where it has done steps, it goes on from them, and what the folder holds up to there
  ///     stays.
  ///   - share: of the time, which making pictures may take; the page takes about as much at most.
  /// - Throws: `FileError` where the folder cannot be written to, or `BackendError`.
  package init(
    _ folder: String, title: String, _ data: TrainingData, _ trainer: Trainer,
    share: Double = 0.03, backend: any Backend
  ) throws {
    self.folder = folder
    self.share = share
    self.data = data
    self.backend = backend
    let (model, step) = (trainer.model, trainer.state.step)
    try Paths.makeFolder(folder)
    try Paths.checkIsWritable(folder)
    pictures = try ModelPictures(
      model, data, trainer.configuration, effort: .quick, backend: backend)
    activity = try data.activity(model, pictures: Self.activityPictures, backend: backend)
    builder = ReportBuilder(title, model.configuration)
    builder.stepsPerEpoch = trainer.stepsPerEpoch
    builder.showsTrainingPictures = data.showsTrainingPictures
    builder.refreshSeconds = 15
    film = SampleFilm(
      Paths.joined(folder, Self.samplesName), resumingAt: step > 0 ? step : nil)
    builder.film = film.rows
    let path = Paths.joined(folder, Self.historyName)
    if step > 0, Paths.isRegularFile(path) {
      builder.history = RunHistory(log: try FileReader.readFile(path), upTo: step)
    }
    // What a broken-off run wrote of steps that come again is taken out.
    let lines = builder.history.entries.flatMap { Self.line($0) }
    try AtomicFile.write(lines, to: path)
    history = try AppendedFile(path: path, keepsContent: true)
  }

  private static func line(_ entry: RunHistory.Entry) -> [UInt8] {
    entry.json.encoded() + [UInt8(ascii: "\n")]
  }

  /// A look at the pictures held out is over, and the model's parameters are those of the run's result.
  ///
  /// - Parameter report: of the steps since the look before; nil where nobody knows.
  /// - Returns: whether the page was written; it waits for a later look where it would hold the run up.
  /// - Throws: where something cannot be written; the next look tries again.
  package func look(
    _ validation: ValidationSummary?, since report: TrainingReport?, _ trainer: Trainer
  ) throws -> Bool {
    let start = monotonicSeconds()
    defer { cost += monotonicSeconds() - start }
    if builder.history.entries.last?.step != trainer.state.step {
      try record(validation, report, trainer)
    }
    if isDue(made) {
      try makePictures(trainer.state.step, by: pictures, from: start)
    } else if !isDue(written) {
      return false
    }
    tell(trainer)
    try write()
    return true
  }

  /// Whether what was done at a time has cost so little that it may be done again.
  private func isDue(_ last: (time: Double, cost: Double)?) -> Bool {
    guard let last else { return true }
    return monotonicSeconds() - last.time >= last.cost / share
  }

  /// The run is over: the page shows its result and changes no more.
  ///
  /// - Parameters:
  ///   - trainer: whose model's parameters are those of the result.
  ///   - isDone: whether the run came to its end.
  /// - Throws: as `look`.
  package func finish(_ trainer: Trainer, isDone: Bool) throws {
    let start = monotonicSeconds()
    defer { cost += monotonicSeconds() - start }
    let step = trainer.state.best?.step ?? trainer.state.step
    try makePictures(step, by: pictures, from: start)
    builder.refreshSeconds = nil
    tell(trainer)
    builder.footer += isDone ? " The run is done." : " The run was interrupted."
    try write()
  }

  private func write() throws {
    let start = monotonicSeconds()
    defer { written = (monotonicSeconds(), monotonicSeconds() - start) }
    let page = try builder.page
    try Paths.makeFolder(folder)
    try AtomicFile.write(Array(page.html().utf8), to: path)
  }

  // MARK: What was measured

  private func record(
    _ validation: ValidationSummary?, _ report: TrainingReport?, _ trainer: Trainer
  ) throws {
    var entry = RunHistory.Entry(step: trainer.state.step)
    entry.epoch = trainer.epoch
    entry.seconds = trainer.state.seconds
    entry.learningRate = trainer.learningRate
    entry.rateWeight = Double(trainer.rateWeight)
    entry.training = trainer.runningBound.map {
      BoundSummary(rate: $0.rate, distortion: $0.distortion)
    }
    entry.heldOut = validation?.bound
    entry.heldOutRatio = validation?.priorPathRatio
    entry.groupRates = validation?.groupRates ?? []
    if isDue(made), let activity {
      builder.activity = try activity()
      entry.activeUnits = builder.activity.map(\.active)
    }
    entry.imagesPerSecond = report?.imagesPerSecond
    entry.trainingRatio = report?.priorPathRatio
    builder.history.add(entry)
    try history?.write(Self.line(entry))
  }

  // MARK: Pictures

  private func makePictures(_ step: Int, by pictures: ModelPictures, from start: Double) throws {
    builder.sheets = try pictures.make()
    builder.sheetsMoment = builder.moment(ofStep: step)
    defer {
      let now = monotonicSeconds()
      made = (now, now - start)
    }
    // Shown even where it cannot be kept.
    let kept = Result { try film.add(builder.sheets.samples, step: step) }
    builder.film = film.rows
    try builder.makePictures()
    try kept.get()
  }

  // MARK: Words

  private func tell(_ trainer: Trainer) {
    let configuration = trainer.model.configuration
    let last = builder.history.entries.last
    builder.facts = ReportFacts.ofRun(builder, trainer, data)
    let time = last?.seconds ?? trainer.state.seconds
    let passed = monotonicSeconds() - start
    let share = passed > 0 ? 100 * cost / passed : 0
    builder.footer =
      "latent \(latentVersion): \(configuration.preset.rawValue), \(Figures.time(time)) of training. "
      + "This report has taken \(Figures.time(cost)), \(Figures.number(share, 1)) % of the time."
  }
}
