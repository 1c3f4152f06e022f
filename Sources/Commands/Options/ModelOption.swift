import ArgumentParser
import VAE

/// Which model to use.
struct ModelOption: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("model")],
    help: ArgumentHelp("The model: a name such as digits, or a file.", valueName: "model"))
  var name: String

  /// Reads the model.
  func load() throws -> Model {
    try Model(path: ModelLocator.current.path(of: name))
  }
}
