import Checkpoints

extension Configuration {
  /// The family of q(z|x).
  public enum Posterior: Hashable, Sendable {
    /// A Gaussian with diagonal covariance (AEVB, equation 9), as all hierarchical models have.
    case diagonal
    /// A Gaussian with full covariance (Kingma and Welling 2019, section 2.5.1, algorithm 2).
    case full
    /// Location and scale of every latent (AEVB, section 2.4).
    case laplace, logistic
    /// Student's t with location and scale of every latent and a given number of degrees of freedom.
    case studentT(degreesOfFreedom: Float)
    /// Positive latents.
    case logNormal, gamma, exponential, weibull
    /// A diagonal Gaussian bent in `steps` steps, each by a masked network of `hidden` units (Kingma
    /// et al. 2016).
    case inverseAutoregressiveFlow(steps: Int, hidden: Int)

    /// Whether the latents are positive numbers.
    public var isPositive: Bool {
      switch self {
      case .logNormal, .gamma, .exponential, .weibull: true
      case .diagonal, .full, .laplace, .logistic, .studentT, .inverseAutoregressiveFlow: false
      }
    }

    /// Whether q(z|x) can be computed at points other than its own draws.
    public var hasTractableDensity: Bool {
      if case .inverseAutoregressiveFlow = self { return false }
      return true
    }

    /// Whether the variance of every latent has a closed form.
    public var hasVariance: Bool { hasTractableDensity }

    /// What the encoder gives for a picture.
    func encoderOutputs(latents: Int) -> Int {
      switch self {
      case .exponential: latents
      case .diagonal, .laplace, .logistic, .studentT, .logNormal, .gamma, .weibull: 2 * latents
      case .full: 2 * latents + latents * latents
      case .inverseAutoregressiveFlow(_, let hidden): 2 * latents + hidden
      }
    }
  }

  /// p(z).
  public enum Prior: Hashable, Sendable {
    /// N(0, I).
    case standardNormal
    /// The exponential of N(0, I), for positive latents.
    case standardLogNormal
    /// Exp(1) for every latent, for positive latents.
    case standardExponential
    /// A mixture of Gaussians with diagonal covariances, all of it learned.
    case mixture(components: Int)
    /// The mean of the posteriors of learned pictures (Tomczak and Welling 2018).
    case vamp(pseudoInputs: Int)
  }

  /// Why posterior and prior make no model; nil where all is well.
  var latentsProblem: String? {
    if hierarchy != nil && (posterior != .diagonal || prior != .standardNormal) {
      return "a hierarchical model has diagonal Gaussian posteriors and priors that its decoder "
        + "makes; other families are for flat models"
    }
    switch posterior {
    case .studentT(let degrees) where !(degrees.isFinite && degrees > 2):
      return "expected more than 2 degrees of freedom, with which there is a variance, found "
        + "\(degrees)"
    case .full where latents > 256:
      return "expected at most 256 latents with a full covariance, found \(latents)"
    case .inverseAutoregressiveFlow(let steps, let hidden):
      guard (1...64).contains(steps) else { return "expected 1 to 64 flow steps, found \(steps)" }
      guard (latents...65_536).contains(hidden) else {
        return "expected as many flow units as latents, \(latents), to 65536, found \(hidden)"
      }
    default: break
    }
    switch prior {
    case .standardNormal, .mixture:
      guard !posterior.isPositive else {
        return "a prior on the whole real line and posterior \(posterior.name) of positive latents "
          + "do not fit; choose the prior \(posterior.standardPrior.name)"
      }
    case .standardLogNormal, .standardExponential:
      guard posterior.isPositive else {
        return "the posterior \(posterior.name) reaches below zero, where the prior \(prior.name) "
          + "is zero; choose the prior standard-normal"
      }
    case .vamp:
      guard posterior.hasTractableDensity else {
        return "a VampPrior needs every posterior's density at other posteriors' draws, for which "
          + "an inverse autoregressive flow would have to be inverted; choose the prior mixture"
      }
    }
    switch prior {
    case .mixture(let count), .vamp(let count):
      guard (1...65_536).contains(count) else {
        return "expected 1 to 65536 components, found \(count)"
      }
    case .standardNormal, .standardLogNormal, .standardExponential: break
    }
    return nil
  }
}

extension Configuration.Posterior {
  /// As in the model file and on the command line.
  public var name: String {
    switch self {
    case .diagonal: "diagonal"
    case .full: "full"
    case .laplace: "laplace"
    case .logistic: "logistic"
    case .studentT: "student-t"
    case .logNormal: "log-normal"
    case .gamma: "gamma"
    case .exponential: "exponential"
    case .weibull: "weibull"
    case .inverseAutoregressiveFlow: "iaf"
    }
  }

  /// The parameterless prior of the same support.
  public var standardPrior: Configuration.Prior {
    switch self {
    case .diagonal, .full, .laplace, .logistic, .studentT, .inverseAutoregressiveFlow:
      .standardNormal
    case .logNormal: .standardLogNormal
    case .gamma, .exponential, .weibull: .standardExponential
    }
  }

  var json: JSONValue {
    let family = JSONMember("family", .string(name))
    switch self {
    case .studentT(let degrees):
      return .object([family, JSONMember("degrees_of_freedom", JSONValue(degrees))])
    case .inverseAutoregressiveFlow(let steps, let hidden):
      return .object([
        family, JSONMember("steps", JSONValue(steps)), JSONMember("hidden", JSONValue(hidden)),
      ])
    default: return .object([family])
    }
  }

  init(json: JSONValue) throws {
    let name = try json.text("family")
    switch name {
    case "student-t":
      try json.requireKeys(["family", "degrees_of_freedom"])
      guard let degrees = json["degrees_of_freedom"]?.float else {
        throw ConfigurationError("expected a number as 'degrees_of_freedom'")
      }
      self = .studentT(degreesOfFreedom: degrees)
    case "iaf":
      try json.requireKeys(["family", "steps", "hidden"])
      self = .inverseAutoregressiveFlow(
        steps: try json.integer("steps"), hidden: try json.integer("hidden"))
    default:
      try json.requireKeys(["family"])
      let plain: [Self] = [
        .diagonal, .full, .laplace, .logistic, .logNormal, .gamma, .exponential, .weibull,
      ]
      guard let posterior = plain.first(where: { $0.name == name }) else {
        let names = (plain.map(\.name) + ["student-t", "iaf"]).joined(separator: ", ")
        throw ConfigurationError(
          "expected one of \(names) as the posterior, found '\(name)'; a newer version may know it")
      }
      self = posterior
    }
  }
}

extension Configuration.Prior {
  /// As in the model file and on the command line.
  public var name: String {
    switch self {
    case .standardNormal: "standard-normal"
    case .standardLogNormal: "log-normal"
    case .standardExponential: "exponential"
    case .mixture: "mixture"
    case .vamp: "vamp"
    }
  }

  var json: JSONValue {
    let family = JSONMember("family", .string(name))
    switch self {
    case .standardNormal, .standardLogNormal, .standardExponential: return .object([family])
    case .mixture(let count):
      return .object([family, JSONMember("components", JSONValue(count))])
    case .vamp(let count):
      return .object([family, JSONMember("pseudo_inputs", JSONValue(count))])
    }
  }

  init(json: JSONValue) throws {
    switch try json.text("family") {
    case "mixture":
      try json.requireKeys(["family", "components"])
      self = .mixture(components: try json.integer("components"))
    case "vamp":
      try json.requireKeys(["family", "pseudo_inputs"])
      self = .vamp(pseudoInputs: try json.integer("pseudo_inputs"))
    case let name:
      try json.requireKeys(["family"])
      let plain: [Self] = [.standardNormal, .standardLogNormal, .standardExponential]
      guard let prior = plain.first(where: { $0.name == name }) else {
        let names = (plain.map(\.name) + ["mixture", "vamp"]).joined(separator: ", ")
        throw ConfigurationError(
          "expected one of \(names) as the prior, found '\(name)'; a newer version may know it")
      }
      self = prior
    }
  }
}
