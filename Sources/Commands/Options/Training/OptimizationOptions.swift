import ArgumentParser
import Networks
import VAE

/// How a model is trained.
struct OptimizationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Stop after this many passes over the data (default without any limit: 20; 3280 with --schedule \
      iwae; 20 minutes where the preset is chosen from the pictures).
      """, valueName: "count"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Stop after this many steps.", valueName: "count"))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "Stop after this time of training, as in 90s, 10m or 1h30m.", valueName: "time"))
  var time: TimeSpan?

  @Option(
    help: ArgumentHelp(
      """
      Stop when the bound on the held-out pictures has not risen for this many epochs, and keep the \
      best weights.
      """, valueName: "epochs"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "adam, adamw, adamax, adagrad, momentum or sgd.", valueName: "name"))
  var optimizer: OptimizerName = .adam

  @Option(
    help: ArgumentHelp(
      "Learning rate (default: 0.001; 0.01 for adagrad).", valueName: "rate"))
  var learningRate: Float?

  @Option(
    help: ArgumentHelp(
      """
      How the rate changes over the run: constant, cosine (down to 0), step (see --drop-every) or \
      iwae (10^(-i/7) over 3^i epochs, i = 0 to 7) (default: constant; cosine with --preset deep \
      or photograph).
      """, valueName: "name"))
  var schedule: ScheduleName?

  @Option(
    help: ArgumentHelp(
      "With --schedule step, the epochs between drops of the rate.", valueName: "epochs"))
  var dropEvery: Double?

  @Option(
    help: ArgumentHelp(
      "With --schedule step, factor of each drop of the rate (default: 0.1).", valueName: "factor"))
  var dropFactor: Float?

  @Option(
    help: ArgumentHelp(
      "Momentum of --optimizer momentum, 0 to below 1 (default: 0.9).", valueName: "factor"))
  var momentum: Float?

  @Option(
    help: ArgumentHelp(
      "Keeps adam, adamw, adamax and adagrad from dividing by 0 (default: 1e-8).",
      valueName: "number"))
  var epsilon: Float?

  @Option(
    help: ArgumentHelp(
      "Weight decay of --optimizer adamw, which is multiplied by the learning rate (default: 0.01).",
      valueName: "decay"))
  var weightDecay: Float?

  @Option(
    help: ArgumentHelp(
      "Pictures per step (default: 100; 32 with --preset deep, 8 with photograph).",
      valueName: "count"))
  var batchSize: Int?

  @Option(help: ArgumentHelp("Draws of the posterior per picture.", valueName: "count"))
  var samples: Int = 1

  @Option(
    help: ArgumentHelp(
      """
      Largest norm of the gradient; a larger one is scaled down to it (default: no limit; 1 with \
      --preset deep or photograph).
      """, valueName: "norm"))
  var clipGradient: Float?

  @Option(
    help: ArgumentHelp(
      """
      Use an average of the weights as the model, of which each step keeps this share (default: no \
      average; 0.999 with --preset deep or photograph).
      """, valueName: "decay"))
  var average: Float?

  @Option(
    help: ArgumentHelp(
      "The bound's weight beside direct restoration, for a conditional model: 0 to 1.",
      valueName: "weight"))
  var boundWeight: Float?

  @Option(
    help: ArgumentHelp(
      """
      On several ranks, average the weights every this many steps instead of the gradients at each \
      step; for slow networks.
      """, valueName: "steps"))
  var syncEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Change only parameters whose names begin so, with commas between, as in decoder.error.",
      valueName: "names"))
  var trainOnly: String?

  @Flag(help: "Write the model in half precision.")
  var half = false

  @Flag(help: "Put a prior N(0, 1) on the weights: maximum a posteriori.")
  var weightPrior = false

  /// Whether the run's length is settled.
  var hasLimit: Bool { epochs != nil || steps != nil || time != nil || schedule == .iwae }

  func validate() throws {
    guard [epochs != nil, steps != nil, time != nil].filter(\.self).count <= 1 else {
      throw ValidationError("expected one of --epochs, --steps and --time")
    }
    try requireCounts([
      ("--epochs", epochs, 1...10_000_000), ("--steps", steps, 0...10_000_000_000),
      ("--batch-size", batchSize, 1...65_536), ("--samples", samples, 1...1000),
      ("--patience", patience, 1...10_000_000), ("--sync-every", syncEvery, 1...1_000_000),
    ])
    for (name, value) in [("--learning-rate", learningRate), ("--clip-gradient", clipGradient)] {
      guard let value, !(value > 0 && (value.isFinite || name == "--clip-gradient")) else {
        continue
      }
      throw ValidationError("expected a positive \(name), found \(value)")
    }
    for (name, value) in [("--average", average), ("--bound-weight", boundWeight)] {
      guard let value, !(0..<1).contains(value) else { continue }
      throw ValidationError("expected \(name) of 0 to below 1, found \(value)")
    }
    try validateOptimizer()
    try validateSchedule()
  }

  private func validateOptimizer() throws {
    if let momentum {
      guard optimizer == .sgd || optimizer == .momentum else {
        throw ValidationError("--momentum belongs to --optimizer momentum")
      }
      guard (0..<1).contains(momentum) else {
        throw ValidationError("expected a --momentum of 0 to below 1, found \(momentum)")
      }
    }
    if let epsilon {
      guard optimizer != .sgd && optimizer != .momentum else {
        throw ValidationError("--epsilon belongs to --optimizer adam, adamw, adamax or adagrad")
      }
      guard epsilon.isFinite && epsilon > 0 else {
        throw ValidationError("expected a positive --epsilon, found \(epsilon)")
      }
    }
    if let weightDecay {
      guard optimizer == .adamw else {
        throw ValidationError("--weight-decay belongs to --optimizer adamw; see --weight-prior")
      }
      guard weightDecay.isFinite && weightDecay >= 0 else {
        throw ValidationError("expected a --weight-decay of at least 0, found \(weightDecay)")
      }
    }
  }

  private func validateSchedule() throws {
    guard (schedule == .step) == (dropEvery != nil), schedule == .step || dropFactor == nil else {
      throw ValidationError("--schedule step and --drop-every belong together")
    }
    if let dropEvery, !(dropEvery.isFinite && dropEvery > 0) {
      throw ValidationError("expected a positive --drop-every, found \(dropEvery)")
    }
    if let dropFactor, !(dropFactor > 0 && dropFactor <= 1) {
      throw ValidationError("expected a --drop-factor above 0 and at most 1, found \(dropFactor)")
    }
  }

  /// - Parameter start: what the options go over.
  func configuration(_ start: TrainingConfiguration, seed: UInt64) -> TrainingConfiguration {
    var configuration = start
    if let batchSize { configuration.batchSize = batchSize }
    configuration.samples = samples
    switch schedule {
    case nil: break
    case .constant: configuration.schedule = .constant
    case .cosine: configuration.schedule = .cosine
    case .step: configuration.schedule = .step(epochs: dropEvery ?? 1, factor: dropFactor ?? 0.1)
    case .iwae:
      configuration.schedule = .iwae
      configuration.limit = .epochs(Schedule.iwaeEpochs)
    }
    configuration.patience = patience
    if let clipGradient { configuration.gradientLimit = clipGradient }
    if let average { configuration.averageDecay = average }
    if let boundWeight { configuration.boundWeight = boundWeight }
    configuration.weightPrior = weightPrior
    configuration.syncInterval = syncEvery
    configuration.trained = trainOnly?.split(separator: ",").map(String.init)
    configuration.seed = seed
    let epsilon = epsilon ?? 1e-8
    switch optimizer {
    case .adam: configuration.optimizer = .adam(beta1: 0.9, beta2: 0.999, epsilon: epsilon)
    case .adamw:
      configuration.optimizer = .adamW(
        beta1: 0.9, beta2: 0.999, epsilon: epsilon, decay: weightDecay ?? 0.01)
    case .adamax: configuration.optimizer = .adamax(beta1: 0.9, beta2: 0.999, epsilon: epsilon)
    case .adagrad:
      configuration.optimizer = .adagrad(epsilon: epsilon)
      configuration.learningRate = 0.01
    case .momentum: configuration.optimizer = .sgd(momentum: momentum ?? 0.9)
    case .sgd: configuration.optimizer = .sgd(momentum: momentum ?? 0)
    }
    if let learningRate { configuration.learningRate = learningRate }
    if let epochs { configuration.limit = .epochs(epochs) }
    if let steps { configuration.limit = .steps(steps) }
    if let time { configuration.limit = .seconds(time.seconds) }
    return configuration
  }
}

enum OptimizerName: String, CaseIterable, ExpressibleByArgument {
  case adam, adamw, adamax, adagrad, momentum, sgd
}

enum ScheduleName: String, CaseIterable, ExpressibleByArgument {
  case constant, cosine, step, iwae
}
