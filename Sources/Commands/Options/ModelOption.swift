import ArgumentParser
import Files
import VAE

/// Which model to use.
struct ModelOption: ParsableArguments, NamedModel {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: ArgumentHelp("The model: a name such as digits, or a file.", valueName: "model"))
  var name: String
}

/// Which model enlarges.
struct EnlargingModelOption: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: ArgumentHelp(
      "The model: a name such as digits, or a file (default: photo).", valueName: "model"))
  var name: String?
}

/// Which model fills holes.
struct RestorationModelOption: ParsableArguments, NamedModel {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: ArgumentHelp("The model: a name such as digits, or a file.", valueName: "model"))
  var name: String = "photo"
}

/// Which model takes off noise.
struct DenoisingModelOption: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: ArgumentHelp(
      """
      The model: a name such as digits, or a file (default: photo-denoise; photo with --sigma or \
      --sigma-map).
      """, valueName: "model"))
  var name: String?
}

/// A model by its name.
struct ChosenModel: NamedModel {
  let name: String

  /// The shipped model that takes off noise: of a known level of white noise photo takes off most.
  static func denoising(white: Bool) -> ChosenModel {
    ChosenModel(name: white ? "photo" : "photo-denoise")
  }
}

/// A model that is named.
protocol NamedModel {
  /// A name or a path.
  var name: String { get }
}

extension NamedModel {
  /// The name without what tells where the file lies.
  var recordedName: String {
    let file = Paths.name(name)
    return file.hasSuffix(".safetensors") ? Paths.stem(file) : file
  }

  func load() throws -> Model { try Model(path: ModelLocator.current.path(of: name)) }
}

extension Model {
  /// - Throws: `Failure` where the latents are positive numbers.
  func requireRealLatents(named name: String) throws {
    guard configuration.posterior.isPositive else { return }
    throw Failure(
      .badData,
      "\(name): expected a model whose latents are real numbers, to fit a Gaussian to, found the "
        + "posterior \(configuration.posterior.name); use a model of another posterior")
  }
}
