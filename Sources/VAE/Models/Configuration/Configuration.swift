import Graphs

/// Every hyperparameter of a model: what its file needs beside the tensors.
public struct Configuration: Hashable, Sendable {
  /// The pictures it takes; those it was trained on where it takes any size.
  public var image: ImageShape
  /// The number of latents D of such a picture.
  public var latents: Int
  public var network: Network
  public var likelihood: Likelihood
  public var posterior: Posterior
  public var prior: Prior

  public init(
    image: ImageShape, latents: Int, network: Network, likelihood: Likelihood,
    posterior: Posterior = .diagonal, prior: Prior = .standardNormal
  ) {
    self.image = image
    self.latents = latents
    self.network = network
    self.likelihood = likelihood
    self.posterior = posterior
    self.prior = prior
  }

  /// The form of encoder and decoder.
  public enum Network: Hashable, Sendable {
    /// Dense layers, `hidden` wide from the pixels to the latents and mirrored in the decoder
    /// (AEVB, appendix C, with one hidden layer). No hidden layer gives a linear model.
    case mlp(hidden: [Int], activation: ActivationFunction)
    /// Residual convolutions at 1/2, 1/4, 1/8 ... of the picture, `widths` channels each, then one
    /// dense layer of `hidden` units; mirrored in the decoder.
    case convolutional(
      widths: [Int], blocks: Int, hidden: Int, activation: ActivationFunction)
    /// K groups of latents on grids at 1/2, 1/4, 1/8 ... of a picture of any size.
    case hierarchical(Hierarchy)
  }

  /// The non-linearity between layers.
  public enum ActivationFunction: String, Hashable, Sendable, CaseIterable {
    case tanh, relu, elu, silu, gelu, softplus
    /// x above 0, x / 10 below: no unit can die (Maas, Hannun and Ng 2013).
    case leakyRelu = "leaky-relu"
    /// Every hidden dense layer is (W x + b) sigmoid(V x + c), with no other non-linearity (Dauphin et
    /// al. 2017).
    case gated

    /// What stands between the layers; of `gated` what stands within.
    var function: UnaryFunction {
      switch self {
      case .tanh: .tanh
      case .relu: .relu
      case .elu: .elu
      case .silu: .silu
      case .gelu: .gelu
      case .softplus: .softplus
      case .leakyRelu: .leakyRelu(slope: 0.1)
      case .gated: .sigmoid
      }
    }
  }
}

extension Configuration {
  /// A hierarchical model for pictures of any size.
  ///
  /// - Parameter image: those it is trained on.
  public init(image: ImageShape, hierarchy: Hierarchy) {
    self.init(
      image: image, latents: hierarchy.latentCount(of: image), network: .hierarchical(hierarchy),
      likelihood: .gaussianShared(mean: .identity))
  }

  /// The hierarchy of a model that has one.
  public var hierarchy: Hierarchy? {
    if case .hierarchical(let hierarchy) = network { return hierarchy }
    return nil
  }

  /// The non-linearity between layers.
  private var activation: ActivationFunction {
    switch network {
    case .mlp(_, let activation), .convolutional(_, _, _, let activation): activation
    case .hierarchical(let hierarchy): hierarchy.activation
    }
  }

  /// Whether the model takes an observation of the picture.
  public var isConditional: Bool { hierarchy?.isConditional ?? false }

  /// The same model for pictures of other extents; nil where it takes one size only or the extents
  /// are no multiples of its stride.
  public func resized(width: Int, height: Int) -> Configuration? {
    if width == image.width && height == image.height { return self }
    guard let hierarchy, width > 0, height > 0, width % hierarchy.stride == 0,
      height % hierarchy.stride == 0
    else { return nil }
    return Configuration(
      image: ImageShape(channels: image.channels, height: height, width: width),
      hierarchy: hierarchy)
  }

  /// Whether a model of this form can begin as one of another: forms are equal, or hierarchies that
  /// differ in the size of the pieces they are trained on and in blocks that this one has more.
  public func extends(_ other: Configuration) -> Bool {
    if self == other { return true }
    guard let hierarchy, var start = other.hierarchy, start.levels == hierarchy.levels,
      other.image.channels == image.channels,
      zip(start.blocks, hierarchy.blocks).allSatisfy({ $0 <= $1 })
    else { return false }
    guard start.maps.map(\.name) == hierarchy.maps.map(\.name) else { return false }
    start.blocks = hierarchy.blocks
    start.maps = hierarchy.maps
    return start == hierarchy
  }

  /// The starting points of `--preset`.
  public enum Preset: String, CaseIterable, Sendable {
    /// AEVB section 5: one hidden layer of 500 tanh units, here with 20 latents.
    case aevb
    /// A small residual convolutional network for pictures up to 128x128.
    case convolutional
    /// Hierarchical and conditional, for photographs of any size.
    case photograph

    public func configuration(image: ImageShape) -> Configuration {
      switch self {
      case .aevb:
        return Configuration(
          image: image, latents: 20, network: .mlp(hidden: [500], activation: .tanh),
          likelihood: .bernoulli)
      case .convolutional:
        let levels = Self.levels(image)
        return Configuration(
          image: image, latents: image.count < 2048 ? 32 : 128,
          network: .convolutional(
            widths: Array([24, 48, 96, 128, 128][..<levels]), blocks: 1, hidden: 256,
            activation: .silu),
          likelihood: .bernoulli)
      case .photograph:
        return Configuration(
          image: image,
          hierarchy: Hierarchy(
            widths: [64, 96, 128], targetWidths: [32, 48, 64], latents: [8, 8, 8],
            blocks: [2, 1, 1], activation: .leakyRelu, isConditional: true))
      }
    }

    /// Halvings until the shorter side is at most 7 (28 -> 7, 64 -> 4, 128 -> 4).
    private static func levels(_ image: ImageShape) -> Int {
      var extent = min(image.height, image.width)
      var levels = 1
      while extent / 2 > 7 && levels < 5 {
        extent /= 2
        levels += 1
      }
      return levels
    }
  }

  /// Why this is no model, in lower case with the remedy; nil where all is well.
  public var problem: String? {
    guard image.channels == 1 || image.channels == 3 else {
      return "expected 1 or 3 channels, found \(image.channels)"
    }
    guard (1...4096).contains(image.height) && (1...4096).contains(image.width) else {
      return "expected a picture of 1 to 4096 pixels a side, found \(image)"
    }
    guard (1...65_536).contains(latents) || hierarchy != nil else {
      return "expected 1 to 65536 latents, found \(latents)"
    }
    if let problem = likelihood.family.problem { return problem }
    var isDense = false
    if case .mlp = network { isDense = true }
    guard isDense || activation != .gated else {
      return "gated layers are dense; choose another activation for convolutions"
    }
    switch network {
    case .mlp(let hidden, _):
      guard hidden.count <= 16 && hidden.allSatisfy({ (1...65_536).contains($0) }) else {
        return "expected at most 16 hidden layers of 1 to 65536 units, found \(hidden)"
      }
    case .convolutional(let widths, let blocks, let hidden, _):
      guard (1...8).contains(widths.count) && widths.allSatisfy({ (1...4096).contains($0) })
      else { return "expected 1 to 8 widths of 1 to 4096 channels, found \(widths)" }
      guard (0...64).contains(blocks) else {
        return "expected 0 to 64 blocks a level, found \(blocks)"
      }
      guard (1...65_536).contains(hidden) else {
        return "expected 1 to 65536 hidden units, found \(hidden)"
      }
    case .hierarchical(let hierarchy):
      if let problem = hierarchy.problem { return problem }
      guard image.height % hierarchy.stride == 0 && image.width % hierarchy.stride == 0 else {
        return "expected extents that are multiples of \(hierarchy.stride), found \(image)"
      }
      guard latents == hierarchy.latentCount(of: image) else {
        return "expected \(hierarchy.latentCount(of: image)) latents for \(image), found \(latents)"
      }
    }
    guard hierarchy == nil || likelihood == .gaussianShared(mean: .identity) else {
      return "a hierarchical network has the likelihood gaussian-shared with the mean identity"
    }
    return latentsProblem
  }
}
