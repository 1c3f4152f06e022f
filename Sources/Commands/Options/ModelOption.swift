import ArgumentParser
import VAE

/// Which model to use.
struct ModelOption: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: ArgumentHelp("The model: a name such as digits, or a file.", valueName: "model"))
  var name: String

  /// The model's name without what tells where it lies.
  var recordedName: String {
    let file = Paths.name(name)
    let fileExtension = ".safetensors"
    return file.hasSuffix(fileExtension) ? String(file.dropLast(fileExtension.count)) : file
  }

  /// Reads the model.
  func load() throws -> Model {
    try Model(path: ModelLocator.current.path(of: name))
  }
}
