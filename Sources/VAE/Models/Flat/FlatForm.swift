import Checkpoints
import Graphs
import Tensors

/// The hyperparameters of a flat model: one group of latents, K = 1, pictures of one size.
public struct FlatForm: Hashable, Sendable {
  /// D.
  public var latents: Int
  public var network: Network
  public var likelihood: Configuration.Likelihood
  public var posterior: Configuration.Posterior
  public var prior: Configuration.Prior

  /// The form of encoder and decoder.
  public enum Network: Hashable, Sendable {
    /// Dense layers, `hidden` wide from the pixels to the latents and mirrored in the decoder
    /// (AEVB, appendix C, with one hidden layer). No hidden layer gives a linear model.
    case mlp(hidden: [Int], activation: Configuration.ActivationFunction)
    /// Residual convolutions at 1/2, 1/4, 1/8 ... of the picture, `widths` channels each, then one
    /// dense layer of `hidden` units; mirrored in the decoder.
    case convolutional(
      widths: [Int], blocks: Int, hidden: Int, activation: Configuration.ActivationFunction)

    var activation: UnaryFunction {
      switch self {
      case .mlp(_, let activation), .convolutional(_, _, _, let activation): activation.function
      }
    }
  }
}

extension FlatForm: ModelForm {
  package static var architectures: [String] { ["mlp", "convolutional"] }

  package init(json: JSONValue, network: JSONValue, image: ImageShape) throws {
    self.init(
      latents: try json.integer("latents"), network: try Network(json: network),
      likelihood: try Configuration.Likelihood(json: json.member("likelihood")),
      posterior: try json["posterior"].map { try Configuration.Posterior(json: $0) } ?? .diagonal,
      prior: try json["prior"].map { try Configuration.Prior(json: $0) } ?? .standardNormal)
  }

  package var networkJSON: JSONValue { network.json }
  package var granularity: Int? { nil }
  package func groups(of image: ImageShape) -> [LatentGroup] {
    [LatentGroup(name: "latents", shape: [latents], level: 0)]
  }
  package func model(of image: ImageShape) -> any VariationalAutoencoder {
    FlatModel(self, image)
  }

  package var hasClosedDivergence: Bool {
    guard posterior.hasTractableDensity, let prior = prior.family.standard else { return false }
    let family = posterior.family
    let output = Graph().input([1, family.encoderOutputs(latents: 1)])
    return family.posterior(output, latents: 1, network.activation).divergence(from: prior) != nil
  }

  /// The numbers of a picture that the encoder gives.
  var encoderOutputs: Int { posterior.family.encoderOutputs(latents: latents) }

  package func problem(of image: ImageShape) -> String? {
    guard (1...65_536).contains(latents) else {
      return "expected 1 to 65536 latents, found \(latents)"
    }
    return likelihood.family.problem ?? network.problem
      ?? posterior.family.problem(latents: latents) ?? prior.family.problem(with: posterior)
  }

  package func problem(of estimator: Estimator) -> TrainingProblem? {
    let isTractable = posterior.hasTractableDensity
    switch estimator {
    case .sgvbA: return nil
    case .sgvbB: return hasClosedDivergence ? nil : .noClosedDivergence(posterior, prior)
    case .importanceWeighted(let samples, let isDoublyReparameterized):
      guard (1...10_000).contains(samples) else { return .importanceSamples(samples) }
      return isDoublyReparameterized && !isTractable ? .noTractableDensity(estimator) : nil
    case .scoreFunction: return isTractable ? nil : .noTractableDensity(estimator)
    }
  }

  package func problem(of training: TrainingConfiguration) -> TrainingProblem? {
    if let groups = training.latentGroups {
      guard groups > 0 && latents % groups == 0 else { return .groups(groups, latents: latents) }
    }
    let isClosedByLatent =
      training.estimator == .sgvbB && posterior == .diagonal && prior == .standardNormal
    return training.freeBits == nil || isClosedByLatent
      ? nil : .freeBits(training.estimator, posterior, prior)
  }
}

extension FlatForm.Network {
  fileprivate var json: JSONValue {
    switch self {
    case .mlp(let hidden, let activation):
      [
        "architecture": "mlp", "hidden": .array(hidden.map { JSONValue($0) }),
        "activation": .string(activation.rawValue),
      ]
    case .convolutional(let widths, let blocks, let hidden, let activation):
      [
        "architecture": "convolutional", "widths": .array(widths.map { JSONValue($0) }),
        "blocks": JSONValue(blocks), "hidden": JSONValue(hidden),
        "activation": .string(activation.rawValue),
      ]
    }
  }

  fileprivate init(json: JSONValue) throws {
    if try json.text("architecture") == "mlp" {
      try json.requireKeys(["architecture", "hidden", "activation"])
      self = .mlp(hidden: try json.integers("hidden"), activation: try json.choice("activation"))
    } else {
      try json.requireKeys(["architecture", "widths", "blocks", "hidden", "activation"])
      self = .convolutional(
        widths: try json.integers("widths"), blocks: try json.integer("blocks"),
        hidden: try json.integer("hidden"), activation: try json.choice("activation"))
    }
  }

  fileprivate var problem: String? {
    switch self {
    case .mlp(let hidden, _):
      return hidden.count <= 16 && hidden.allSatisfy { (1...65_536).contains($0) }
        ? nil : "expected at most 16 hidden layers of 1 to 65536 units, found \(hidden)"
    case .convolutional(let widths, let blocks, let hidden, let activation):
      if activation == .gated { return Configuration.ActivationFunction.gatedProblem }
      guard (1...8).contains(widths.count) && widths.allSatisfy({ (1...4096).contains($0) })
      else { return "expected 1 to 8 widths of 1 to 4096 channels, found \(widths)" }
      guard (0...64).contains(blocks) else {
        return "expected 0 to 64 blocks a level, found \(blocks)"
      }
      return (1...65_536).contains(hidden)
        ? nil : "expected 1 to 65536 hidden units, found \(hidden)"
    }
  }
}
