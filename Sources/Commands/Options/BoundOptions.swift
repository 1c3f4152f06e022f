import ArgumentParser
import VAE

/// What is known of the latents, and how the bound is estimated.
struct BoundOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      q(z|x): diagonal or full (Gaussians), laplace, logistic, student-t, iaf (an inverse \
      autoregressive flow); or of positive latents log-normal, gamma, exponential, weibull.
      """, valueName: "family"))
  var posterior: PosteriorFamily = .diagonal

  @Option(
    help: ArgumentHelp(
      "Degrees of freedom of student-t, more than 2; 5 without it.", valueName: "number"))
  var degreesOfFreedom: Float?

  @Option(help: ArgumentHelp("Steps of iaf; 4 without it.", valueName: "count"))
  var flowSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Hidden units of each of them; 320 without it.", valueName: "count"))
  var flowUnits: Int?

  @Option(
    help: ArgumentHelp(
      """
      p(z): standard-normal, mixture (of learned Gaussians) or vamp (of posteriors of learned \
      pictures); of positive latents log-normal, exponential or vamp. Without it \
      standard-normal, log-normal for log-normal, exponential for the other positive ones.
      """, valueName: "family"))
  var prior: PriorFamily?

  @Option(
    name: .customLong("prior-components"),
    help: ArgumentHelp(
      "Components of mixture or vamp; 10 and 500 without it.", valueName: "count"))
  var priorComponents: Int?

  @Option(
    help: ArgumentHelp(
      """
      sgvb-a (nothing in closed form), sgvb-b (the rate in closed form), iwae (importance \
      weights) or score-function; sgvb-b without it, sgvb-a where the rate has no closed form.
      """, valueName: "name"))
  var estimator: EstimatorName?

  @Option(
    help: ArgumentHelp(
      "Draws a picture in every estimate of iwae; 5 without it.", valueName: "count"))
  var importanceSamples: Int?

  @Flag(help: "Take the doubly reparameterised gradient of iwae, which has less variance.")
  var doublyReparameterised = false

  @Flag(help: "Allow score-function, whose gradients are too noisy to learn much from.")
  var allowHighVariance = false

  func validate() throws {
    try refuse(
      degreesOfFreedom != nil && posterior != .studentT, "--degrees-of-freedom", "student-t")
    try refuse(flowSteps != nil && posterior != .iaf, "--flow-steps", "iaf")
    try refuse(flowUnits != nil && posterior != .iaf, "--flow-units", "iaf")
    if priorComponents != nil && prior != .mixture && prior != .vamp {
      throw ValidationError("--prior-components belongs to --prior mixture or vamp")
    }
    if importanceSamples != nil && estimator != .iwae {
      throw ValidationError("--importance-samples belongs to --estimator iwae")
    }
    if doublyReparameterised && estimator != .iwae {
      throw ValidationError("--doubly-reparameterised belongs to --estimator iwae")
    }
    if estimator == .scoreFunction && !allowHighVariance {
      throw ValidationError(
        "--estimator score-function is for comparison: its gradients are too noisy to learn much "
          + "from; choose sgvb-b, or say --allow-high-variance")
    }
    if allowHighVariance && estimator != .scoreFunction {
      throw ValidationError("--allow-high-variance belongs to --estimator score-function")
    }
  }

  private func refuse(_ isWrong: Bool, _ option: String, _ posterior: String) throws {
    if isWrong { throw ValidationError("\(option) belongs to --posterior \(posterior)") }
  }

  /// The first of the options that is given.
  var firstGiven: String? {
    if posterior != .diagonal { return "--posterior" }
    if prior != nil { return "--prior" }
    return estimator.map { _ in "--estimator" }
  }

  /// Writes posterior and prior into a configuration.
  ///
  /// - Throws: `Failure` where they do not fit one another or the networks.
  func apply(to configuration: inout Configuration) throws {
    configuration.posterior = family
    configuration.prior =
      switch prior {
      case .standardNormal: .standardNormal
      case .logNormal: .standardLogNormal
      case .exponential: .standardExponential
      case .mixture: .mixture(components: priorComponents ?? 10)
      case .vamp: .vamp(pseudoInputs: priorComponents ?? 500)
      case nil: family.standardPrior
      }
    if let problem = configuration.problem { throw Failure(.usage, problem) }
  }

  private var family: Configuration.Posterior {
    switch posterior {
    case .diagonal: .diagonal
    case .full: .full
    case .laplace: .laplace
    case .logistic: .logistic
    case .studentT: .studentT(degreesOfFreedom: degreesOfFreedom ?? 5)
    case .logNormal: .logNormal
    case .gamma: .gamma
    case .exponential: .exponential
    case .weibull: .weibull
    case .iaf: .inverseAutoregressiveFlow(steps: flowSteps ?? 4, hidden: flowUnits ?? 320)
    }
  }

  /// The estimator for a model.
  func estimator(for configuration: Configuration) -> Estimator {
    switch estimator {
    case .sgvbA: .sgvbA
    case .sgvbB: .sgvbB
    case .iwae:
      .importanceWeighted(
        samples: importanceSamples ?? 5, isDoublyReparameterized: doublyReparameterised)
    case .scoreFunction: .scoreFunction
    case nil: .standard(for: configuration)
    }
  }
}

/// A posterior without its parameters.
enum PosteriorFamily: String, CaseIterable, ExpressibleByArgument {
  case diagonal, full, laplace, logistic
  case studentT = "student-t"
  case logNormal = "log-normal"
  case gamma, exponential, weibull, iaf
}

/// A prior without its parameters.
enum PriorFamily: String, CaseIterable, ExpressibleByArgument {
  case standardNormal = "standard-normal"
  case logNormal = "log-normal"
  case exponential, mixture, vamp
}

/// An estimator without its parameters.
enum EstimatorName: String, CaseIterable, ExpressibleByArgument {
  case sgvbA = "sgvb-a"
  case sgvbB = "sgvb-b"
  case iwae
  case scoreFunction = "score-function"
}
