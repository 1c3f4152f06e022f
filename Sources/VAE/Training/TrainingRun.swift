import Datasets
import Files
import Graphs
import Pictures
import Platform
import Ranks

/// How a model is trained by one call.
public struct TrainingOptions: Sendable {
  /// Where the model and its training start from.
  public var preset: Configuration.Preset
  /// Changes the preset's hyperparameters, for pictures of the extents that were found.
  public var configure: @Sendable (inout Configuration) -> Void = { _ in }
  /// How the model is trained, its seed too.
  public var training: TrainingConfiguration
  /// What is made of the pictures, and which are held out.
  public var data: TrainingData.Options
  /// How long a conditional model's noise estimator is trained after the network, in seconds; nil for a
  /// twentieth of the network's time.
  public var noiseEstimatorSeconds: Double?
  /// Where the state of the run is kept every five minutes; nil for nowhere. A file that is there is gone
  /// on from.
  public var checkpoint: String?

  /// What a preset starts from.
  public init(_ preset: Configuration.Preset = .aevb) {
    self.preset = preset
    training = TrainingConfiguration(for: preset)
    var dataset = DatasetOptions()
    if preset == .photograph { dataset.size = .pieces(width: 64, height: 64) }
    data = TrainingData.Options(dataset)
    if preset == .photograph { data.damage = .photograph }
  }
}

extension Model {
  /// Trains a model.
  ///
  /// Equal pictures, options, seeds and numbers of threads give equal models.
  ///
  /// - Parameters:
  ///   - paths: pictures, folders of them, and IDX files.
  ///   - progress: is told a few times a second where the run stands. What it throws ends the run.
  ///   - leftOut: is told of files that cannot be used; from any thread.
  /// - Throws: `ConfigurationError` for hyperparameters that make no model, `TrainingProblem` where model and options do not go together, `TrainingError` where the
  ///   run diverges, `FileError` and `ImageError` where there is nothing to train on,
  ///   `CancellationError` in a task that was canceled; a run that ends so leaves its checkpoint.
  public static func train(
    on paths: [String], options: TrainingOptions = TrainingOptions(),
    progress: ((TrainingReport) throws -> Void)? = nil,
    leftOut: @escaping @Sendable (DatasetWarning) -> Void = { _ in }
  ) throws -> Model {
    let (backend, seed) = (try Backends.selected, options.training.seed)
    let data = try TrainingData(paths, options.data, seed: seed, leftOut: leftOut)
    var configuration = options.preset.configuration(image: data.image)
    options.configure(&configuration)
    if let problem = configuration.problem { throw ConfigurationError(problem) }
    let trainer = try data.trainer(
      of: configuration, options.training, backend: backend)
    if let path = options.checkpoint, Paths.exists(path) { try trainer.resume(from: path) }
    let watch = TrainingWatch(progress)
    var session = TrainingSession(
      trainer, data,
      validation: try data.validation(trainer.model, options.training, backend: backend),
      checkpoint: options.checkpoint, checkpointInterval: 300, logInterval: .max, observer: watch)
    let isDone = try session.run { watch.isToStop }
    guard isDone else {
      session.writeCheckpoint()
      if let failure = watch.failure { throw failure }
      throw CancellationError()
    }
    try trainer.trainNoiseEstimator(
      on: data, seconds: options.noiseEstimatorSeconds, backend: backend)
    try data.finish(trainer, named: paths, validation: session.summary, backend: backend)
    // The average of the parameters, or the best, becomes the model.
    let model = Model(configuration, seed: seed)
    _ = trainer.withBest { model.takeParameters(of: trainer.model) }
    model.history = trainer.model.history
    return model
  }
}

extension TrainingData {
  /// A trainer of a new model.
  ///
  /// - Parameter prepare: is given the model before anything is computed.
  package func trainer(
    of configuration: Configuration, _ training: TrainingConfiguration, ranks: Ranks? = nil,
    backend: any Backend, _ prepare: (Model) throws -> Void = { _ in }
  ) throws -> Trainer {
    let model = Model(configuration, seed: training.seed)
    model.startPseudoInputs(
      from: try pictures(model.pseudoInputCount, seed: training.seed))
    try prepare(model)
    return try Trainer(
      model, training, exampleCount: count, ranks: ranks, backend: backend)
  }

  /// Puts into the model's history what its file tells of the run.
  ///
  /// - Parameter paths: those of the pictures, of which the last names are told.
  /// - Returns: what the posteriors say together; nil for models without such statistics.
  @discardableResult
  package func finish(
    _ trainer: Trainer, named paths: [String], validation: ValidationSummary?,
    backend: any Backend
  ) throws -> LatentStatistics? {
    let latents = try trainer.withBest {
      try latentStatistics(trainer.model, backend: backend)
    }
    trainer.recordHistory(
      data: paths.map(Paths.name), backend: backend.name, threads: Threads.count,
      validation: validation, activeLatents: latents?.activeCount)
    return latents
  }
}

extension Trainer {
  /// How long a noise estimator is trained after the network, in seconds, where nothing else is said.
  package func noiseEstimatorSeconds(on data: TrainingData) -> Double {
    let isWhole = configuration.trained == nil
    return model.configuration.isConditional && data.hasUnknownNoise && isWhole
      ? state.seconds / 20 : 0
  }

  fileprivate func trainNoiseEstimator(
    on data: TrainingData, seconds: Double?, backend: any Backend
  ) throws {
    let seconds = seconds ?? noiseEstimatorSeconds(on: data)
    guard seconds > 0, model.configuration.isConditional else { return }
    let session = NoiseEstimatorSession(
      model: model, data: data, seconds: seconds, seed: configuration.seed, backend: backend)
    _ = try session.run(
      isReportDue: { false }, show: { _ in }, shouldStop: { Task.isCancelled })
    try Task.checkCancellation()
  }
}

/// Hands a run's reports on.
private final class TrainingWatch: TrainingObserver {
  private let progress: ((TrainingReport) throws -> Void)?
  private(set) var failure: (any Error)?
  private var nextTime = monotonicSeconds()

  init(_ progress: ((TrainingReport) throws -> Void)?) { self.progress = progress }

  var isToStop: Bool { failure != nil || Task.isCancelled }
  var isReportDue: Bool { progress != nil && monotonicSeconds() >= nextTime }

  func show(_ report: TrainingReport) {
    nextTime = monotonicSeconds() + 0.2
    do { try progress?(report) } catch { failure = error }
  }

  func log(_ report: TrainingReport) {}
  func show(_ validation: ValidationSummary, of trainer: Trainer) {}
  func endLook(
    _ validation: ValidationSummary?, since report: TrainingReport?, of trainer: Trainer
  ) {}
  func warnOfCheckpoint(_ error: any Error) {}
  func warn(of fault: TrainingFault, in trainer: Trainer) {}
  func showEndOfPatience(of trainer: Trainer) {}
}
