import ArgumentParser
import Networks
import VAE

/// How a model is trained.
struct OptimizationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Stop after this many passes over the data; 20 without any limit.", valueName: "count"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Stop after this many steps.", valueName: "count"))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "Stop after this time of training, as in 90s, 10m or 1h30m.", valueName: "time"))
  var time: TimeSpan?

  @Option(help: ArgumentHelp("adam, adagrad or sgd.", valueName: "name"))
  var optimizer: OptimizerName = .adam

  @Option(
    help: ArgumentHelp(
      "The optimiser's rate; 0.001 without it, 0.01 for adagrad.", valueName: "rate"))
  var learningRate: Float?

  @Option(
    help: ArgumentHelp(
      "How the rate changes over the run: constant, or cosine, down to 0.", valueName: "name"))
  var schedule: Schedule?

  @Option(help: ArgumentHelp("Momentum of sgd, 0 to 1.", valueName: "factor"))
  var momentum: Float?

  @Option(
    help: ArgumentHelp(
      "Pictures a step; 100 without it, 8 with --preset photograph.", valueName: "count"))
  var batchSize: Int?

  @Option(help: ArgumentHelp("Draws of the posterior per picture.", valueName: "count"))
  var samples: Int = 1

  @Option(
    help: ArgumentHelp(
      "The longest gradient; a longer one is scaled down to it.", valueName: "norm"))
  var clipGradient: Float?

  @Option(
    help: ArgumentHelp(
      "Keep an average of the weights as the model, with this share of it kept a step.",
      valueName: "decay"))
  var average: Float?

  @Option(
    help: ArgumentHelp(
      "The bound's weight beside direct restoration, for a conditional model: 0 to 1.",
      valueName: "weight"))
  var boundWeight: Float?

  @Flag(help: "Write the model in half precision.")
  var half = false

  @Flag(help: "Put a prior N(0, 1) on the weights: maximum a posteriori.")
  var weightPrior = false

  func validate() throws {
    guard [epochs != nil, steps != nil, time != nil].filter(\.self).count <= 1 else {
      throw ValidationError("expected one of --epochs, --steps and --time")
    }
    try requireCounts([
      ("--epochs", epochs, 1...10_000_000), ("--steps", steps, 1...10_000_000_000),
      ("--batch-size", batchSize, 1...65_536), ("--samples", samples, 1...1000),
    ])
    if let learningRate, !(learningRate.isFinite && learningRate > 0) {
      throw ValidationError("expected a positive --learning-rate, found \(learningRate)")
    }
    if let clipGradient, !(clipGradient > 0) {
      throw ValidationError("expected a positive --clip-gradient, found \(clipGradient)")
    }
    for (name, value) in [("--average", average), ("--bound-weight", boundWeight)] {
      guard let value, !(0..<1).contains(value) else { continue }
      throw ValidationError("expected \(name) of 0 to below 1, found \(value)")
    }
    if let momentum {
      guard optimizer == .sgd else {
        throw ValidationError("--momentum belongs to --optimizer sgd")
      }
      guard (0..<1).contains(momentum) else {
        throw ValidationError("expected a --momentum of 0 to below 1, found \(momentum)")
      }
    }
  }

  /// - Parameter start: what the options go over.
  func configuration(_ start: TrainingConfiguration, seed: UInt64) -> TrainingConfiguration {
    var configuration = start
    if let batchSize { configuration.batchSize = batchSize }
    configuration.samples = samples
    if let schedule { configuration.schedule = schedule }
    if let clipGradient { configuration.gradientLimit = clipGradient }
    if let average { configuration.averageDecay = average }
    if let boundWeight { configuration.boundWeight = boundWeight }
    configuration.weightPrior = weightPrior
    configuration.seed = seed
    switch optimizer {
    case .adam: break
    case .adagrad:
      configuration.optimizer = .adagrad(epsilon: 1e-8)
      configuration.learningRate = 0.01
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
  case adam, adagrad, sgd
}

extension Schedule: ExpressibleByArgument {}
