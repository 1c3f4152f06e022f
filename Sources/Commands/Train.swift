import ArgumentParser
import Batches
import Datasets
import Files
import Graphs
import Platform
import Ranks
import Reports
import VAE

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on pictures.",
    discussion: """
      Pictures are files of any format that denoise takes (PNG, JPEG and others), folders of them \
      (walked through), IDX files, plain or gzip, and NumPy arrays of shape [N, H, W], [N, H, W, C] or \
      [N, C, H, W], in .npy or .npz (all arrays of pictures in it, or one as in digits.npz/train). \
      Files that cannot be read are reported and skipped.

        $ latent train icons/ -o icons.safetensors
        ^C
        latent: interrupted at step ...; icons.safetensors is the model so far; ...
        $ latent train icons/ -o icons.safetensors --resume
        $ latent train icons/ -o icons.safetensors --report icons-report
        $ latent train digits-idx3-ubyte.gz --preset aevb -o aevb.safetensors
        step 407/50000  8496 images/s  bound -142.6 (rate 24.3, distortion 118.3)

      Without a preset the pictures are looked at, and what they call for in the time there is is \
      chosen and told: network, size, likelihood, batch. --dry-run tells without training. \
      A preset is where to start; every option overrides it. The bound is in nats per picture: \
      minus rate, KL(q(z|x) || p(z)), minus distortion, -E[log p(x|z)]. Equal seeds and thread \
      counts give equal files. The state of the run is kept beside the model, as \
      NAME.checkpoint.safetensors, until the run is done; a run continued with --resume ends with \
      exactly the model of an uninterrupted run.

      Started by mpirun, each of its ranks computes its share of every batch \
      (Documentation/many-machines.md):

        $ mpirun -n 8 latent train icons/ --size 64x64 -o icons.safetensors
      """)

  @Argument(help: "Pictures, folders of them, IDX files, or NumPy arrays.")
  var images: [String]

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "The model's file: NAME.safetensors; not needed with --dry-run.", valueName: "file"))
  var output = ""

  @OptionGroup(title: "Model options") var network: NetworkOptions
  @OptionGroup(title: "Bound options") var bound: BoundOptions
  @OptionGroup(title: "Data options") var data: DataOptions
  @OptionGroup(title: "Training options") var optimization: OptimizationOptions
  @OptionGroup(title: "Objective options") var objective: ObjectiveOptions
  @OptionGroup(title: "Training options") var seed: SeedOption

  @Flag(
    help: "Continue from the checkpoint beside the model; without one, start from the beginning.")
  var resume = false

  @Flag(help: "Start anew where there is a checkpoint beside the model.")
  var overwrite = false

  @Flag(help: "Tell what would be trained, how large it is and how long an epoch takes.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Start with the weights of this model, which has the same configuration.", valueName: "model")
  )
  var startFrom: String?

  @Option(
    help: ArgumentHelp(
      """
      How long a photographic model's noise estimator is trained after the network; default: a \
      twentieth of the network's time. With --steps 0 it is all that is trained.
      """, valueName: "time"))
  var noiseEstimator: TimeSpan?

  @Option(
    help: ArgumentHelp(
      """
      What convolutions round their factors to. bfloat16 is several times as fast, on processors \
      with a matrix unit for it (AMX); sums, weights and all the rest stay in float32.
      """, valueName: "precision"))
  var precision: Precision = .float32

  @Option(help: ArgumentHelp("Time between checkpoints.", valueName: "time"))
  var checkpointEvery: TimeSpan = TimeSpan(seconds: 300)

  @Flag(help: "Keep the checkpoint when the run is done, to continue with more --epochs later.")
  var keepCheckpoint = false

  @Option(
    help: ArgumentHelp("Log the run to this file, one JSON object per line.", valueName: "file"))
  var log: String?

  @Option(help: ArgumentHelp("Steps between lines of the log.", valueName: "count"))
  var logEvery = 100

  @Option(
    help: ArgumentHelp(
      """
      Keep a page in this folder, report.html, that shows how the run goes: curves, pictures held out and \
      what the model makes of them, samples.
      """, valueName: "folder"))
  var report: String?

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard output.hasSuffix(".safetensors") || dryRun && output.isEmpty else {
      throw ValidationError("expected --output to end in .safetensors, found '\(output)'")
    }
    if resume && overwrite {
      throw ValidationError("expected --resume or --overwrite, found both")
    }
    if let preset = network.preset, preset == .photograph || preset == .deep,
      let option = bound.firstGiven
    {
      throw ValidationError(Self.refusal(of: option, for: preset))
    }
    try requireCounts([("--log-every", logEvery, 1...1_000_000_000)])
  }

  func run() throws {
    // A terminal that goes away must not take the run with it.
    signal(SIGPIPE, SIG_IGN)
    try RankedRun.run(.program) { try train(&$0) }
  }

  /// What is there when a run begins.
  struct Start {
    let choice: TrainingChoice?
    let data: TrainingData
    let trainer: Trainer
    let backend: any Backend
    let validation: TrainingData.Validation
    let log: AppendedFile?
    /// nil where none is wanted, and on all ranks but the first.
    let report: RunReport?
  }

  private func train(_ run: inout RankedRun) throws {
    let (ranks, isFirst) = (run.ranks, run.isFirst)
    var command = self
    let start = try run.prepare {
      let choice = try command.choose()
      return try command.prepare(ranks, choice)
    }
    if dryRun { return try isFirst ? command.tell(start) : () }
    try command.train(start, ranks, isFirst: isFirst)
  }

  private func train(_ start: Start, _ ranks: Ranks?, isFirst: Bool) throws {
    let (data, trainer, backend, model) = (
      start.data, start.trainer, start.backend, start.trainer.model
    )
    try trainer.share(backend)
    let display = ProgressDisplay(ProgressDisplay.style(isQuiet: quiet || !isFirst))
    var session = TrainingSession(
      trainer, data, validation: start.validation,
      checkpoint: checkpoint, checkpointInterval: checkpointEvery.seconds,
      logInterval: logEvery,
      observer: TrainingDisplay(display: display, logFile: start.log, report: start.report))
    for line in start.choice?.lines ?? [] { display.keep(line) }
    display.keep(
      "\(grouped(data.count)) pictures of \(data.image), "
        + "\(grouped(data.validationCount)) held out; "
        + "\(grouped(model.parameters.parameterCount)) parameters"
        + (ranks.map { "; \($0.count) ranks" } ?? ""))
    Interruption.observe()
    if isFirst { ranks?.whenInDoubt = { saveInDoubt(trainer) } }
    let isDone = try session.run { Interruption.isRequested }
    if isFirst {
      try finish(&session, start, isDone: isDone, display)
    } else if !isDone {
      throw Failure(.interruption(by: Interruption.requestingSignal), "interrupted")
    }
  }

  /// All that needs no other rank.
  private func prepare(_ ranks: Ranks?, _ choice: TrainingChoice?) throws -> Start {
    let isFirst = ranks?.isFirst ?? true
    if !dryRun { try checkOutputs(isFirst: isFirst) }
    let backend = try precision.applied(to: threads.backend())
    let preset = network.preset ?? .aevb
    let options = (preset == .photograph ? data.photographic : data).options
    let data = try TrainingData(images, options, seed: seed.value) {
      if isFirst { StandardError.report("\($0); skipped") }
    }
    var configuration = try network.configuration(image: data.image)
    try bound.apply(to: &configuration)
    let start = TrainingConfiguration(for: preset, prior: configuration.prior)
    var training = objective.configuration(optimization.configuration(start, seed: seed.value))
    training.estimator = bound.estimator(for: configuration)
    if let problem = training.problem(for: configuration) { throw problem }
    guard training.patience == nil || data.validationCount > 0 else {
      throw Failure(.usage, "--patience needs pictures held out; give --validation-share")
    }
    let trainer = try data.trainer(of: configuration, training, ranks: ranks, backend: backend) {
      model in
      try startFrom.map { try takeParameters(of: $0, into: model) }
    }
    trainer.recipe = choice?.recipe
    trainer.fingerprint = data.fingerprint
    // The first rank gives the others what it has.
    if isFirst && !dryRun { try resumeRun(trainer) }
    let log =
      isFirst && !dryRun
      ? try log.map { try TrainingLog.open($0, resumingAt: trainer.state.step) } : nil
    let report =
      isFirst && !dryRun
      ? try report.map {
        try RunReport($0, title: "Training \(Paths.name(output))", data, trainer, backend: backend)
      } : nil
    return Start(
      choice: choice, data: data, trainer: trainer, backend: backend,
      validation: isFirst
        ? try data.validation(trainer.model, training, backend: backend) : { nil }, log: log,
      report: report)
  }

  /// All that is written has a place, and nothing that is wanted is written over.
  private func checkOutputs(isFirst: Bool) throws {
    let folder = Paths.folder(output)
    guard folder.isEmpty || Paths.isFolder(folder) else {
      throw FileError(kind: .cannotCreate, path: output, message: "expected a folder, found none")
    }
    try checkFiles(checkpoint: checkpoint)
    if isFirst && !resume && !overwrite && Paths.exists(checkpoint) && !Paths.isFolder(checkpoint) {
      throw Failure(
        .usage,
        "\(checkpoint): the state of a run that has not ended; give --resume to go on with it, or "
          + "--overwrite to start anew")
    }
  }

  var checkpoint: String {
    output.dropLast(".safetensors".count) + ".checkpoint.safetensors"
  }

  /// Saves the run where the other ranks may be gone and this one may be ended any moment.
  private func saveInDoubt(_ trainer: Trainer) {
    let step = "step \(trainer.state.step): waiting for other ranks, which may be gone"
    guard trainer.isWhole else {
      return StandardError.report("\(step); go on from the last checkpoint with --resume")
    }
    do {
      try trainer.writeCheckpoint(to: checkpoint)
      StandardError.report("\(step); saved, go on with --resume")
    } catch {
      StandardError.report("\(step); \(Failure(error).description)")
    }
  }

  /// Trains the noise estimator and writes the model.
  private func finish(
    _ session: inout TrainingSession<TrainingDisplay>, _ start: Start, isDone: Bool,
    _ display: ProgressDisplay
  ) throws {
    let (data, trainer, backend, model) = (
      start.data, start.trainer, start.backend, start.trainer.model
    )
    let estimatorTime =
      network.preset == .photograph && isDone
      ? noiseEstimator?.seconds ?? trainer.noiseEstimatorSeconds(on: data) : 0
    if estimatorTime > 0 {
      let estimators = NoiseEstimatorSession(
        model: model, data: data, seconds: estimatorTime, seed: seed.value, backend: backend)
      var estimatorDisplay = display
      let result = try estimators.run(
        isReportDue: { estimatorDisplay.isDue }, show: { estimatorDisplay.show($0.bar) },
        shouldStop: { Interruption.isRequested })
      estimatorDisplay.keep(
        result?.line ?? "no noise estimator: interrupted, or the pieces are not of "
          + "\(NoiseEstimator.side)x\(NoiseEstimator.side) pixels")
    }
    let latents = try data.finish(
      trainer, named: images, validation: session.summary, backend: backend)
    if let latents {
      display.keep("\(latents.activeCount) of \(latents.latents) latents are active")
    }
    try trainer.withBest {
      try model.write(to: output, as: optimization.half ? .float16 : .float32)
      session.observer.finishReport(of: trainer, isDone: isDone)
    }
    display.erase()
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
      unlink(checkpoint.systemPath)
    }
  }

  /// Checks that what is written has files of its own, before any of them is opened.
  private func checkFiles(checkpoint: String) throws {
    let roles = FileRoles()
    try roles.reads(
      trainingPictures: images + data.validation, where: [output, checkpoint, log])
    // The model that a run begins with may give way to what became of it.
    try roles.writes(output, as: "the model")
    if let startFrom { roles.reads(startFrom, as: "the model to start from") }
    try roles.writes(checkpoint, as: "the checkpoint")
    if let log { try roles.writes(log, as: "the log") }
    if let report {
      try roles.writes(Paths.joined(report, RunReport.pageName), as: "the report")
      try roles.writes(Paths.joined(report, RunReport.historyName), as: "the report's history")
    }
  }

  private func takeParameters(of path: String, into model: Model) throws {
    let (taken, new) = try model.takeParameters(from: path)
    guard !quiet else { return }
    StandardError.report(
      "\(path): \(grouped(taken)) tensors taken"
        + (new.isEmpty
          ? "" : ", \(grouped(new.count)) new that do nothing at first, \(new[0]) the first"))
  }

  private func resumeRun(_ trainer: Trainer) throws {
    guard resume else { return }
    guard Paths.exists(checkpoint) else {
      return StandardError.report("\(checkpoint): no checkpoint yet; starting from the beginning")
    }
    try trainer.resume(from: checkpoint)
    guard !quiet else { return }
    let (before, now) = (trainer.resumedRanks ?? 1, trainer.ranks?.count ?? 1)
    StandardError.report(
      "going on at step \(trainer.state.step)"
        + (before == now
          ? "" : ", begun on \(before) ranks, now \(now): the same pictures, other rounding"))
  }
}
