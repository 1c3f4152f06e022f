import ArgumentParser
import Files
import VAE

/// Which model to use.
struct ModelOption: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: ArgumentHelp("The model: a name such as digits, or a file.", valueName: "model"))
  var name: String

  var recordedName: String { Model.recordedName(name) }

  func load() throws -> Model { try Model(named: name) }
}

/// Which model restores pictures.
struct RestorationModelOption: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: ArgumentHelp("The model: a name such as digits, or a file.", valueName: "model"))
  var name: String = "photo"

  var recordedName: String { Model.recordedName(name) }

  func load() throws -> Model { try Model(named: name) }
}

extension Model {
  /// Reads the model of a name or a path.
  fileprivate convenience init(named name: String) throws {
    try self.init(path: ModelLocator.current.path(of: name))
  }

  /// A model's name without what tells where it lies.
  fileprivate static func recordedName(_ name: String) -> String {
    let file = Paths.name(name)
    let fileExtension = ".safetensors"
    return file.hasSuffix(fileExtension) ? String(file.dropLast(fileExtension.count)) : file
  }

  /// - Throws: `Failure` where the latents are positive numbers.
  func requireRealLatents(named name: String) throws {
    guard configuration.posterior.isPositive else { return }
    throw Failure(
      .badData,
      "\(name): expected a model whose latents are real numbers, to fit a Gaussian to, found the "
        + "posterior \(configuration.posterior.name); use a model of another posterior")
  }
}
