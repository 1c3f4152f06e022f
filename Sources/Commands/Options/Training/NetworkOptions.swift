import ArgumentParser
import Checkpoints
import VAE

/// The hyperparameters of a model: a preset, and what differs from it.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Starting point: aevb (one hidden layer of 500 tanh units, 20 latents), convolutional \
      (residual, for pictures up to 128x128), deep (groups of latents from a 1x1 top down to fine \
      grids, sharp, for pictures up to 256x256) or photograph (hierarchical and conditional, \
      restores pictures of any size) (default: chosen from the pictures). Every option below \
      overrides it.
      """, valueName: "name"))
  var preset: Configuration.Preset?

  @Option(
    help: ArgumentHelp(
      "The number of latents; with --preset deep and photograph, latent channels of every group.",
      valueName: "count"))
  var latents: Int?

  @Option(
    help: ArgumentHelp(
      "Units of the hidden dense layers, as in 500 or 400,200; none for a linear model.",
      valueName: "units"))
  var hidden: Units?

  @Option(
    help: ArgumentHelp(
      """
      tanh, relu, leaky-relu, elu, silu, gelu or softplus; gated for dense layers (Wx + b) \
      sigmoid(Vx + c).
      """, valueName: "function"))
  var activation: Configuration.ActivationFunction?

  @Option(
    help: ArgumentHelp(
      """
      Channels of the convolutions at 1/2, 1/4, 1/8 ... of the picture, as in 32,64,96; with \
      --preset deep the last are those of the 1x1 top.
      """,
      valueName: "channels"))
  var widths: Units?

  @Option(
    help: ArgumentHelp(
      """
      Residual blocks at each resolution; with --preset deep before every group; with --preset \
      photograph also one number per level, as in 2,1,1.
      """,
      valueName: "counts"))
  var blocks: Units?

  @Option(
    help: ArgumentHelp(
      "With --preset deep, groups of latents on every grid, or one number a grid, as in 2,2,1.",
      valueName: "counts"))
  var groups: Units?

  @Option(
    help: ArgumentHelp(
      """
      The family of the pixels: \
      \(Families.list(Families.likelihoods.map { $0.described })).
      """, valueName: "family"))
  var likelihood: LikelihoodName?

  @Option(
    help: ArgumentHelp(
      "The deviation of gaussian-fixed on the scale 0 to 255 (default: 25.5).",
      valueName: "deviation"))
  var sigma: Float?

  @Option(
    help: ArgumentHelp("Components of a mixture of logistics (default: 5).", valueName: "count"))
  var components: Int?

  @Option(
    help: ArgumentHelp(
      """
      Function applied to the mean of a Gaussian or logistic: identity or sigmoid, which keeps it in \
      range.
      """, valueName: "function"))
  var mean: Configuration.MeanFunction?

  func validate() throws {
    let families = FamilyChoice("--likelihood", Families.likelihoods, likelihood?.family)
    try families.require("standard_deviation", for: "--sigma", isGiven: sigma != nil)
    try families.require("mean", for: "--mean", isGiven: mean != nil)
    try families.require("components", for: "--components", isGiven: components != nil)
    try requireCounts([("--components", components, 1...64)])
    if let preset { try check(preset) }
  }

  /// Whether the options belong to a preset.
  ///
  /// - Throws: `ValidationError`.
  func check(_ preset: Configuration.Preset) throws {
    if preset == .aevb && (widths != nil || blocks != nil) {
      throw ValidationError(
        "--widths and --blocks belong to --preset convolutional, deep and photograph")
    }
    if preset == .photograph && (hidden != nil || likelihood != nil) {
      throw ValidationError("--hidden and --likelihood belong to other presets than photograph")
    }
    if preset == .deep && hidden != nil {
      throw ValidationError("--hidden belongs to --preset aevb and convolutional")
    }
    if preset != .deep && groups != nil {
      throw ValidationError("--groups belongs to --preset deep")
    }
    if preset == .convolutional || preset == .deep, let blocks, blocks.values.count != 1 {
      throw ValidationError("expected one number as --blocks with --preset \(preset.rawValue)")
    }
    if preset == .convolutional, let hidden, hidden.values.count != 1 {
      throw ValidationError("expected one number as --hidden with --preset convolutional")
    }
  }

  /// The configuration for pictures of a shape.
  ///
  /// - Throws: `Failure` where it makes no model.
  func configuration(image: ImageShape) throws -> Configuration {
    var configuration = (preset ?? .aevb).configuration(image: image)
    if let flat = configuration.flat {
      configuration.flat = try applied(to: flat)
    } else if let deep = configuration.deep {
      configuration = Configuration(image: image, deep: try applied(to: deep))
    } else if var hierarchy = configuration.hierarchy {
      if let widths {
        hierarchy.widths = widths.values
        hierarchy.targetWidths = widths.values.map { max(1, $0 / 2) }
        hierarchy.latents = widths.values.map { _ in hierarchy.latents[0] }
      }
      if let latents { hierarchy.latents = hierarchy.latents.map { _ in latents } }
      if let blocks {
        hierarchy.blocks =
          blocks.values.count == 1
          ? hierarchy.widths.map { _ in blocks.values[0] } : blocks.values
      } else if let widths {
        hierarchy.blocks = widths.values.map { _ in 1 }
      }
      hierarchy.activation = activation ?? hierarchy.activation
      configuration = Configuration(image: image, hierarchy: hierarchy)
    }
    if let problem = configuration.problem { throw Failure(.usage, problem) }
    return configuration
  }
}

extension NetworkOptions {
  /// Takes a likelihood where none was asked for.
  mutating func take(_ chosen: Configuration.Likelihood) {
    likelihood = LikelihoodName(chosen.family)
    if components == nil { components = chosen.components }
  }

  private func applied(to preset: FlatForm) throws -> FlatForm {
    var form = preset
    form.latents = latents ?? form.latents
    switch form.network {
    case .mlp(let units, let function):
      form.network = .mlp(
        hidden: hidden?.values ?? units, activation: activation ?? function)
    case .convolutional(let channels, let count, let units, let function):
      form.network = .convolutional(
        widths: widths?.values ?? channels, blocks: blocks?.values.first ?? count,
        hidden: hidden?.values.first ?? units, activation: activation ?? function)
    }
    if let likelihood { form.likelihood = try configured(likelihood.family) }
    return form
  }

  private func applied(to preset: DeepForm) throws -> DeepForm {
    var form = preset
    if let widths {
      form.widths = widths.values
      let grids = max(0, widths.values.count - 1)
      form.latents = [Int](repeating: form.latents[0], count: grids) + form.latents.suffix(1)
      form.groups = [Int](repeating: form.groups[0], count: grids) + form.groups.suffix(1)
    }
    if let latents { form.latents = form.widths.map { _ in latents } }
    if let groups {
      form.groups =
        groups.values.count == 1 ? form.widths.map { _ in groups.values[0] } : groups.values
    }
    form.blocks = blocks?.values.first ?? form.blocks
    form.activation = activation ?? form.activation
    if let likelihood { form.likelihood = try configured(likelihood.family) }
    return form
  }

  /// A family with its hyperparameters.
  private func configured(_ family: any Family.Type) throws -> Configuration.Likelihood {
    var given: [String: JSONValue] = [:]
    given["mean"] = mean.map { .string($0.rawValue) }
    given["standard_deviation"] = sigma.map { JSONValue($0 / 255) }
    given["components"] = components.map { JSONValue($0) }
    return try usage { try Configuration.Likelihood(json: family.json(given)) }
  }
}

/// Whole numbers with commas between; "none" for no number.
struct Units: Hashable, ExpressibleByArgument {
  let values: [Int]

  init?(argument: String) {
    if argument == "none" {
      values = []
      return
    }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard !parts.contains(where: { ($0 ?? -1) < 0 }) else { return nil }
    values = parts.compactMap(\.self)
  }
}

extension Configuration.Preset: ExpressibleByArgument {}
extension Configuration.ActivationFunction: ExpressibleByArgument {}
extension Configuration.MeanFunction: ExpressibleByArgument {}
