import ArgumentParser
import Batches
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
struct DenoisingModelOption: ParsableArguments, NamedModel {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: ArgumentHelp("The model: a name such as digits, or a file.", valueName: "model"))
  var name: String = ChosenModel.denoising.name
}

/// A model by its name.
struct ChosenModel: NamedModel {
  let name: String

  /// The shipped model that takes off noise.
  static let denoising = ChosenModel(name: "photo-denoise")
}

/// A model that is named.
protocol NamedModel {
  /// A name or a path.
  var name: String { get }
}

extension NamedModel {
  /// The name without what tells where the file lies.
  var recordedName: String {
    let file = Printable.path(Paths.name(name))
    return file.hasSuffix(".safetensors") ? Paths.stem(file) : file
  }

  /// - Throws: `ModelNotFound`.
  var path: String { get throws { try ModelLocator.current.path(of: name) } }

  func load() throws -> Model { try Model.named(name) }

  /// What a command reads: the model's file, and others.
  func roles(_ others: [(path: String, role: String)] = []) throws -> FileRoles {
    let roles = FileRoles()
    roles.reads(try path, as: "the model")
    for (path, role) in others { roles.reads(path, as: role) }
    return roles
  }
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
