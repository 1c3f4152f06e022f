import ArgumentParser
import Checkpoints
import VAE

/// What is known of the latents, and how the bound is estimated.
struct BoundOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      q(z|x): \(Self.names(isPositive: false)); or of positive latents \(Self.names(isPositive: true)).
      """, valueName: "family"))
  var posterior = PosteriorName(Configuration.Posterior.diagonal.family)

  @Option(
    help: ArgumentHelp(
      "Degrees of freedom of student-t, more than 2 (default: 5).", valueName: "number"))
  var degreesOfFreedom: Float?

  @Option(help: ArgumentHelp("Steps of iaf (default: 4).", valueName: "count"))
  var flowSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Hidden units of each step (default: 320).", valueName: "count"))
  var flowUnits: Int?

  @Option(
    help: ArgumentHelp(
      """
      p(z): \(Families.list(Families.priors.filter { $0.takesReal }.map { $0.described })); of \
      positive latents \(Families.list(Families.priors.filter { $0.takesPositive }.map { $0.name })) \
      (default: standard-normal; log-normal for log-normal, exponential for the other positive ones).
      """, valueName: "family"))
  var prior: PriorName?

  @Option(
    name: .customLong("prior-components"),
    help: ArgumentHelp(
      "Components of mixture (default: 10) or vamp (default: 500).", valueName: "count"))
  var priorComponents: Int?

  @Option(
    help: ArgumentHelp(
      """
      sgvb-a (nothing in closed form), sgvb-b (the rate in closed form), iwae (importance \
      weights) or score-function (default: sgvb-b; sgvb-a if the rate has no closed form).
      """, valueName: "name"))
  var estimator: EstimatorName?

  @Option(
    help: ArgumentHelp(
      "Draws per picture in each estimate of iwae (default: 5).", valueName: "count"))
  var importanceSamples: Int?

  @Flag(
    name: [.customLong("doubly-reparameterized"), .customLong("doubly-reparameterised")],
    help: "Use the doubly reparameterized gradient of iwae, which has less variance.")
  var doublyReparameterized = false

  @Flag(help: "Allow score-function, whose gradients are too noisy to learn much from.")
  var allowHighVariance = false

  func validate() throws {
    let families = FamilyChoice("--posterior", Families.posteriors, posterior.family)
    try families.require(
      "degrees_of_freedom", for: "--degrees-of-freedom", isGiven: degreesOfFreedom != nil)
    try families.require("steps", for: "--flow-steps", isGiven: flowSteps != nil)
    try families.require("hidden", for: "--flow-units", isGiven: flowUnits != nil)
    try FamilyChoice("--prior", Families.priors, prior?.family).require(
      "components", "pseudo_inputs", for: "--prior-components", isGiven: priorComponents != nil)
    if importanceSamples != nil && estimator != .iwae {
      throw ValidationError("--importance-samples belongs to --estimator iwae")
    }
    if doublyReparameterized && estimator != .iwae {
      throw ValidationError("--doubly-reparameterized belongs to --estimator iwae")
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

  private static func names(isPositive: Bool) -> String {
    Families.posteriors.filter { $0.isPositive == isPositive }.map { $0.described }
      .joined(separator: ", ")
  }

  /// The first of the options that is given.
  var firstGiven: String? {
    if posterior.family.name != Configuration.Posterior.diagonal.name { return "--posterior" }
    if prior != nil { return "--prior" }
    return estimator.map { _ in "--estimator" }
  }

  /// Writes posterior and prior into a configuration.
  ///
  /// - Throws: `Failure` where they do not fit one another or the networks.
  func apply(to configuration: inout Configuration) throws {
    let family = try family
    configuration.flat?.posterior = family
    configuration.flat?.prior = try prior.map(self.prior) ?? family.standardPrior
    if let problem = configuration.problem { throw Failure(.usage, problem) }
  }

  private var family: Configuration.Posterior {
    get throws {
      var given: [String: JSONValue] = [:]
      given["degrees_of_freedom"] = degreesOfFreedom.map { JSONValue($0) }
      given["steps"] = flowSteps.map { JSONValue($0) }
      given["hidden"] = flowUnits.map { JSONValue($0) }
      return try usage { try Configuration.Posterior(json: posterior.family.json(given)) }
    }
  }

  private func prior(_ name: PriorName) throws -> Configuration.Prior {
    var given: [String: JSONValue] = [:]
    given["components"] = priorComponents.map { JSONValue($0) }
    given["pseudo_inputs"] = given["components"]
    return try usage { try Configuration.Prior(json: name.family.json(given)) }
  }

  /// The estimator for a model.
  func estimator(for configuration: Configuration) -> Estimator {
    switch estimator {
    case .sgvbA: .sgvbA
    case .sgvbB: .sgvbB
    case .iwae:
      .importanceWeighted(
        samples: importanceSamples ?? 5, isDoublyReparameterized: doublyReparameterized)
    case .scoreFunction: .scoreFunction
    case nil: .standard(for: configuration)
    }
  }
}

/// An estimator without its parameters.
enum EstimatorName: String, CaseIterable, ExpressibleByArgument {
  case sgvbA = "sgvb-a"
  case sgvbB = "sgvb-b"
  case iwae
  case scoreFunction = "score-function"
}
