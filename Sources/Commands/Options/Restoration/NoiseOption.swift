import ArgumentParser
import Checkpoints
import Files
import Restoration

/// Noise as `--noise` names it: levels as `NoiseModel.text` has them; or a file with what
/// `latent info PICTURE --json` prints.
enum NoiseOption: Hashable, ExpressibleByArgument {
  case levels(NoiseModel)
  case file(String)

  init?(argument: String) {
    // A file that is there is meant, whatever its name.
    if Paths.exists(argument) || !argument.contains("=") {
      self = .file(argument)
    } else if let model = NoiseModel(text: argument) {
      self = .levels(model)
    } else {
      return nil
    }
  }

  /// What it is read from; nil where it is told.
  var file: String? {
    if case .file(let path) = self { path } else { nil }
  }

  /// What it tells.
  ///
  /// - Throws: `Failure` for a file that does not.
  func model() throws -> NoiseModel {
    switch self {
    case .levels(let model): return model
    case .file(let path):
      let bytes = try ReadableFile(path: path).readAll(limit: 1 << 24)
      let noise = try? JSONValue(parsing: bytes)["noise"]
      guard let model = noise.flatMap(NoiseModel.init(json:)) else {
        throw Failure(
          .badData,
          "\(path): expected what latent info PICTURE --json prints, found no noise in it")
      }
      return model
    }
  }
}
