import Graphs

/// Every hyperparameter of a model: what its file needs beside the tensors.
public struct Configuration: Hashable, Sendable {
  /// The pictures it takes; those it was trained on where it takes any size.
  public var image: ImageShape
  package var form: any ModelForm

  /// A flat model.
  public init(
    image: ImageShape, latents: Int, network: FlatForm.Network, likelihood: Likelihood,
    posterior: Posterior = .diagonal, prior: Prior = .standardNormal
  ) {
    self.image = image
    form = FlatForm(
      latents: latents, network: network, likelihood: likelihood, posterior: posterior,
      prior: prior)
  }

  /// A hierarchical model for pictures of any size.
  ///
  /// - Parameter image: those it is trained on.
  public init(image: ImageShape, hierarchy: Hierarchy) {
    self.image = image
    form = hierarchy
  }

  /// A deep model: groups of latents from a 1x1 top down to fine grids, pictures of one size.
  public init(image: ImageShape, deep: DeepForm) {
    self.image = image
    form = deep
  }

  /// The non-linearity between layers.
  public enum ActivationFunction: String, Hashable, Sendable, CaseIterable {
    case tanh, relu, elu, silu, gelu, softplus
    /// x above 0, x / 10 below: no unit can die (Maas, Hannun and Ng 2013).
    case leakyRelu = "leaky-relu"
    /// Every hidden dense layer is (W x + b) sigmoid(V x + c), with no other non-linearity (Dauphin et
    /// al. 2017).
    case gated

    static let gatedProblem =
      "gated layers are dense; choose another activation for convolutions"

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
  /// Whether a model of this form can begin as one of another: forms are equal, or hierarchies that
  /// differ in the size of the pieces they are trained on and in blocks that this one has more.
  public func extends(_ other: Configuration) -> Bool {
    if self == other { return true }
    guard let hierarchy, var start = other.hierarchy, start.levels == hierarchy.levels,
      other.image.channels == image.channels,
      zip(start.blocks, hierarchy.blocks).allSatisfy({ $0 <= $1 }),
      hierarchy.predictsError || !start.predictsError,
      start.errorWidths.isEmpty || start.errorWidths == hierarchy.errorWidths
    else { return false }
    guard start.maps.map(\.name) == hierarchy.maps.map(\.name) else { return false }
    start.blocks = hierarchy.blocks
    start.maps = hierarchy.maps
    start.predictsError = hierarchy.predictsError
    start.errorWidths = hierarchy.errorWidths
    return start == hierarchy
  }

  /// The starting points of `--preset`.
  public enum Preset: String, CaseIterable, Sendable {
    /// AEVB section 5: one hidden layer of 500 tanh units, here with 20 latents.
    case aevb
    /// A small residual convolutional network for pictures up to 128x128.
    case convolutional
    /// Groups of latents from a 1x1 top down to fine grids, for pictures up to 256x256.
    case deep
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
      case .deep:
        return Configuration(image: image, deep: DeepForm(for: image))
      case .photograph:
        return Configuration(
          image: image,
          hierarchy: Hierarchy(
            widths: [64, 96, 128], targetWidths: [32, 48, 64], latents: [8, 8, 8],
            blocks: [2, 1, 1], activation: .leakyRelu, isConditional: true, predictsError: true,
            errorWidths: [32, 32]))
      }
    }

    /// The preset that a model of a form starts from.
    package init(of configuration: Configuration) {
      switch configuration.flat?.network {
      case .mlp: self = .aevb
      case .convolutional: self = .convolutional
      case nil: self = configuration.deep == nil ? .photograph : .deep
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

  /// What a model of this form starts from.
  public var preset: Preset { Preset(of: self) }

  /// Why this is no model, in lower case with the remedy; nil where all is well.
  public var problem: String? { image.problem ?? form.problem(of: image) }
}
