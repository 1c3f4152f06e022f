import Checkpoints

extension Configuration {
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

  /// Why prior and posterior make no model; nil where all is well.
  func problem(with posterior: Configuration.Posterior) -> String? {
    switch self {
    case .standardNormal, .mixture:
      guard !posterior.isPositive else {
        return "a prior on the whole real line and posterior \(posterior.name) of positive latents "
          + "do not fit; choose the prior \(posterior.standardPrior.name)"
      }
    case .standardLogNormal, .standardExponential:
      guard posterior.isPositive else {
        return "the posterior \(posterior.name) reaches below zero, where the prior \(name) "
          + "is zero; choose the prior standard-normal"
      }
    case .vamp:
      guard posterior.hasTractableDensity else {
        return "a VampPrior needs every posterior's density at other posteriors' draws, for which "
          + "an inverse autoregressive flow would have to be inverted; choose the prior mixture"
      }
    }
    switch self {
    case .mixture(let count), .vamp(let count):
      return (1...65_536).contains(count) ? nil : "expected 1 to 65536 components, found \(count)"
    case .standardNormal, .standardLogNormal, .standardExponential: return nil
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
