import ArgumentParser
import Datasets
import Files
import Graphs
import Platform
import VAE

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on pictures.",
    discussion: """
      Pictures are files of any format that denoise takes (PNG, JPEG and others), folders of them \
      (walked through), and IDX files, plain or gzip. What cannot be read is named and left out.

        $ latent train train-images-idx3-ubyte.gz -o aevb.safetensors --epochs 100
        step 407/50000  8496 images/s  bound -142.6 (rate 24.3, distortion 118.3)
        $ latent train icons/ --size 64x64 --colour -o icons.safetensors
        ^C
        latent: interrupted at step ...; icons.safetensors is the model so far; ...
        $ latent train icons/ --size 64x64 --colour -o icons.safetensors --resume

      A preset is where to start; every option goes over it. The bound is in nats per picture: \
      minus rate, KL(q(z|x) || p(z)), minus distortion, -E[log p(x|z)]. Equal seeds and thread \
      counts give equal files. The state of the run is kept beside the model, as \
      NAME.checkpoint.safetensors, until the run is done; --resume goes on to the very bits of a \
      run without interruption.
      """)

  @Argument(help: "Pictures, folders of them, or IDX files.")
  var images: [String]

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The model's file: NAME.safetensors.", valueName: "file"))
  var output: String

  @OptionGroup(title: "Model options") var network: NetworkOptions
  @OptionGroup(title: "Bound options") var bound: BoundOptions
  @OptionGroup(title: "Data options") var data: DataOptions
  @OptionGroup(title: "Training options") var optimization: OptimizationOptions
  @OptionGroup(title: "Objective options") var objective: ObjectiveOptions
  @OptionGroup(title: "Training options") var seed: SeedOption

  @Flag(help: "Go on from the checkpoint beside the model; from the start where there is none.")
  var resume = false

  @Option(
    help: ArgumentHelp(
      "Begin with the weights of this model, which has the same form.", valueName: "model"))
  var startFrom: String?

  @Option(
    help: ArgumentHelp(
      """
      How long a photographic model's noise estimator is trained after the network; default: a \
      twentieth of the network's time. With --steps 0 it is all that is trained.
      """, valueName: "time"))
  var noiseEstimator: TimeSpan?

  @Option(help: ArgumentHelp("Time between checkpoints.", valueName: "time"))
  var checkpointEvery: TimeSpan = TimeSpan(seconds: 300)

  @Flag(help: "Keep the checkpoint when the run is done, to go on with more --epochs later.")
  var keepCheckpoint = false

  @Option(help: ArgumentHelp("Write the run's course as a JSON object a line.", valueName: "file"))
  var log: String?

  @Option(help: ArgumentHelp("Steps between two lines of the log.", valueName: "count"))
  var logEvery = 100

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard output.hasSuffix(".safetensors") else {
      throw ValidationError("expected --output to end in .safetensors, found '\(output)'")
    }
    if network.preset == .photograph, let option = bound.firstGiven {
      throw ValidationError(
        "\(option) is for flat models; a hierarchical one as of --preset photograph has posteriors "
          + "and priors that its decoder makes, and estimator B")
    }
    guard logEvery > 0 else {
      throw ValidationError("expected --log-every of 1 or more, found \(logEvery)")
    }
  }

  func run() throws {
    let folder = Paths.folder(output)
    guard folder.isEmpty || Paths.isFolder(folder) else {
      throw FileError(kind: .cannotCreate, path: output, message: "expected a folder, found none")
    }
    let checkpoint = output.dropLast(".safetensors".count) + ".checkpoint.safetensors"
    try checkFiles(checkpoint: String(checkpoint))
    // A terminal that goes away must not take the run with it.
    signal(SIGPIPE, SIG_IGN)
    let backend = try threads.backend()
    let isPhotographic = network.preset == .photograph
    let options = (isPhotographic ? data.photographic : data).options
    let data = try TrainingData(images, options, seed: seed.value) {
      StandardError.report("\($0); left out")
    }
    var configuration = try network.configuration(image: data.image)
    try bound.apply(to: &configuration)
    let start = TrainingConfiguration(for: network.preset, prior: configuration.prior)
    var training = objective.configuration(optimization.configuration(start, seed: seed.value))
    training.estimator = bound.estimator(for: configuration)
    if let problem = training.problem(for: configuration) { throw problem }
    guard training.patience == nil || data.validationCount > 0 else {
      throw Failure(.usage, "--patience needs pictures held out; give --validation-share")
    }
    let model = Model(configuration, seed: seed.value)
    model.startPseudoInputs(from: try data.pictures(model.pseudoInputCount, seed: seed.value))
    try startFrom.map { try takeParameters(of: $0, into: model) }
    let trainer = try Trainer(model, training, exampleCount: data.count, backend: backend)
    try resumeRun(trainer, from: String(checkpoint))
    let display = ProgressDisplay(ProgressDisplay.style(isQuiet: quiet))
    let log = try log.map { try TrainingLog.open($0, resumingAt: trainer.state.step) }
    var session = TrainingSession(
      trainer, data, validation: try data.validation(model, training, backend: backend),
      checkpoint: String(checkpoint), checkpointInterval: checkpointEvery.seconds,
      logInterval: logEvery, observer: TrainingDisplay(display: display, logFile: log))
    display.keep(
      "\(grouped(data.count)) pictures of \(data.image), "
        + "\(grouped(data.validationCount)) held out; "
        + "\(grouped(model.parameters.parameterCount)) parameters")
    Interruption.observe()
    let isDone = try session.run { Interruption.isRequested }
    let estimatorTime =
      isPhotographic && isDone
      ? noiseEstimator?.seconds ?? (data.hasUnknownNoise ? trainer.state.seconds / 20 : 0) : 0
    if estimatorTime > 0 {
      let estimators = NoiseEstimatorSession(
        model: model, data: data, seconds: estimatorTime, seed: seed.value, backend: backend)
      var estimatorDisplay = display
      let result = try estimators.run(
        isReportDue: { estimatorDisplay.isDue }, show: { estimatorDisplay.show($0.line) },
        shouldStop: { Interruption.isRequested })
      estimatorDisplay.keep(
        result?.line ?? "no noise estimator: interrupted, or the pieces are not of "
          + "\(NoiseEstimator.side)x\(NoiseEstimator.side) pixels")
    }
    let latents = try trainer.withBest { try data.latentStatistics(model, backend: backend) }
    if let latents {
      display.keep("\(latents.activeCount) of \(latents.latents) latents are active")
    }
    trainer.recordHistory(
      data: images.map(Paths.name), backend: backend.name, threads: Threads.count,
      validation: session.summary, activeLatents: latents?.activeCount)
    try trainer.withBest {
      try model.write(to: output, as: optimization.half ? .float16 : .float32)
    }
    display.close()
    guard isDone else {
      // The model comes first: where there is no room for both, it is what the run was for.
      let isSaved = session.writeCheckpoint()
      throw Failure(
        .interruption(by: Interruption.requestingSignal),
        "interrupted at step \(trainer.state.step); \(output) is the model so far; "
          + (isSaved ? "go on with --resume" : "--start-from begins with its weights"))
    }
    if keepCheckpoint {
      session.writeCheckpoint()
    } else {
      unlink(String(checkpoint))
    }
  }

  /// Checks that what is written has files of its own, before any of them is opened.
  private func checkFiles(checkpoint: String) throws {
    let roles = FileRoles()
    let outputs = Set([output, checkpoint, log].compactMap { $0.flatMap(Paths.place) })
    if outputs.contains(where: { if case .file = $0 { true } else { false } }) {
      // A model or a log may lie in the folder of the pictures: it is none of them.
      for file in try ImageScan.files(images + data.validation) {
        guard let place = Paths.place(file), outputs.contains(place), Self.holdsPictures(file)
        else { continue }
        roles.reads(file, as: "a training picture")
      }
    }
    // The model that a run begins with may give way to what became of it.
    try roles.writes(output, as: "the model")
    if let startFrom { roles.reads(startFrom, as: "the model to start from") }
    try roles.writes(checkpoint, as: "the checkpoint")
    if let log { try roles.writes(log, as: "the log") }
  }

  private static func holdsPictures(_ path: String) -> Bool {
    if PictureReport.isPicture(path) { return true }
    let first = try? ReadableFile(path: path).read(at: 0, count: 3)
    return first == [0, 0, 8] || first?.starts(with: [0x1F, 0x8B]) ?? false
  }

  private func takeParameters(of path: String, into model: Model) throws {
    let start = try Model(path: path)
    guard model.configuration.extends(start.configuration) else {
      throw FileError(
        kind: .badData, path: path,
        message: "expected a model of the configuration \(model.configuration.json), found "
          + "\(start.configuration.json); choose the model options of that model")
    }
    model.takeParameters(of: start)
  }

  private func resumeRun(_ trainer: Trainer, from checkpoint: String) throws {
    guard resume else { return }
    guard Paths.exists(checkpoint) else {
      return StandardError.report("\(checkpoint): no checkpoint yet; starting from the beginning")
    }
    try trainer.resume(from: checkpoint)
    if !quiet { StandardError.report("going on at step \(trainer.state.step)") }
  }
}
