import Checkpoints
import Files
import Graphs
import Networks
import Tensors

/// A variational autoencoder with its parameters and what is known of their training.
public final class Model {
  public let configuration: Configuration
  /// What the model is as a function of graphs, for pictures of whatever size it takes.
  package let network: any VariationalAutoencoder
  package let parameters: ParameterStore
  /// An object: data, steps, seed, bound reached, version. Empty before training.
  package var history: JSONValue
  /// What tells a model that restores how strong a picture's noise is; nil where there is none.
  package var noiseEstimator: NoiseEstimator?

  /// A model before training; equal seeds give equal parameters.
  package init(_ configuration: Configuration, seed: UInt64) {
    self.configuration = configuration
    network = configuration.form.model(of: configuration.image)
    parameters = ParameterStore(network.parameters)
    history = .object([])
    parameters.initialize(network.parameters, seed: seed)
  }

  /// Takes the parameters of another model. Residual blocks that the other does not have begin as
  /// the identity, so that this model does at first what the other does (Chen, Goodfellow and Shlens
  /// 2016, "Net2Net", section 2.3).
  ///
  /// - Precondition: `configuration.extends(other.configuration)`.
  /// - Returns: how many tensors were taken, and the names of those that the other does not have.
  @discardableResult
  package func takeParameters(of other: Model) -> (taken: Int, new: [String]) {
    precondition(configuration.extends(other.configuration), "a model of the same form")
    var new: [String] = []
    for slot in parameters.slots {
      if let tensor = other.parameters[slot.name] {
        parameters[slot.name] = tensor
        continue
      }
      new.append(slot.name)
      if slot.name.hasSuffix(ResidualBlock.scaleSuffix) {
        parameters[slot.name] = Tensor(slot.shape)
      }
    }
    noiseEstimator = other.noiseEstimator
    return (parameters.slots.count - new.count, new)
  }

  // MARK: The model file

  static let format = "latent.vae"
  static let formatVersion = "1"

  /// Reads a model file, or the model in a checkpoint.
  ///
  /// - Throws: `FileError` where it cannot be read or is refused.
  public convenience init(path: String) throws {
    try self.init(file: SafetensorsFile(path: path))
  }

  /// What the names of a checkpoint's tensors beside the model's begin with.
  static let optimizerPrefix = "optimizer."

  /// Takes a model out of a file; a checkpoint's other tensors are ignored.
  package init(file: SafetensorsFile) throws {
    func refuse(_ reason: String) -> FileError {
      FileError(kind: .badData, path: file.name, message: reason)
    }
    guard let format = file.metadata["format"] else {
      throw refuse("expected a model of latent, found safetensors without 'format'")
    }
    guard format == Self.format else {
      throw refuse("expected the format \(Self.format), found '\(format)'")
    }
    guard let version = file.metadata["format_version"], version == Self.formatVersion else {
      let found = file.metadata["format_version"] ?? "none"
      throw refuse(
        "expected format version \(Self.formatVersion), found '\(found)'; "
          + "a newer latent may read it")
    }
    guard let text = file.metadata["configuration"] else {
      throw refuse("'configuration' is missing from the metadata")
    }
    do {
      configuration = try Configuration(json: JSONValue(parsing: text))
    } catch {
      throw refuse("configuration: \(error)")
    }
    do {
      history = try JSONValue(parsing: file.metadata["history"] ?? "{}")
    } catch {
      throw refuse("history: \(error)")
    }
    guard history.object != nil else { throw refuse("expected an object as 'history'") }

    network = configuration.form.model(of: configuration.image)
    let expected = network.parameters
    let isCheckpoint = file.metadata["state"] != nil
    let others = file.names.filter { isCheckpoint && $0.hasPrefix(Self.optimizerPrefix) }
    let hasEstimator = file.names.contains { $0.hasPrefix(NoiseEstimator.prefix) }
    let estimator =
      hasEstimator && configuration.isConditional
      ? NoiseEstimator(channels: configuration.image.channels, seed: 0) : nil
    let estimated = estimator?.layers.parameters ?? []
    try file.requireNames((expected + estimated).map(\.name) + others)
    // A file holds as many numbers as the store takes memory for.
    for parameter in expected + estimated {
      try file.require(parameter.name, shape: parameter.shape)
    }
    parameters = ParameterStore(expected)
    noiseEstimator = estimator
    for store in [parameters] + (estimator.map { [$0.parameters] } ?? []) {
      for slot in store.slots {
        store[slot.name] = try file.tensor(slot.name, shape: slot.shape)
      }
    }
  }

  /// Takes the parameters of a model file.
  ///
  /// - Throws: `FileError` where it is of a configuration that this one does not extend.
  /// - Returns: as above.
  package func takeParameters(from path: String) throws -> (taken: Int, new: [String]) {
    let start = try Model(path: path)
    guard configuration.extends(start.configuration) else {
      throw FileError(
        kind: .badData, path: path,
        message: "expected a model of the configuration \(configuration.json), found "
          + "\(start.configuration.json); choose the model options of that model")
    }
    return takeParameters(of: start)
  }

  /// The model as a file; equal models give equal bytes.
  ///
  /// - Parameter type: of the tensors.
  package func file(name: String, as type: ElementType = .float32) -> SafetensorsFile {
    var file = SafetensorsFile(
      name: name,
      metadata: [
        "format": Self.format, "format_version": Self.formatVersion,
        "configuration": configuration.json.description, "history": history.description,
      ])
    for store in [parameters] + (noiseEstimator.map { [$0.parameters] } ?? []) {
      for slot in store.slots {
        if let tensor = store[slot.name] { file.set(slot.name, tensor, as: type) }
      }
    }
    return file
  }

  /// Writes a model file, in one step: there is the whole file or what was there before.
  ///
  /// - Throws: `FileError` where it cannot be written.
  public func write(to path: String) throws { try write(to: path, as: .float32) }

  /// - Parameter type: of the tensors; half precision halves the file.
  package func write(to path: String, as type: ElementType) throws {
    try file(name: path, as: type).write(to: path)
  }
}

extension FunctionCache {
  /// Those of a model, for the sizes of pictures that came last; of large pictures one.
  convenience init(of model: Model, backend: any Backend, count: Int = 4) {
    self.init(parameters: model.parameters, backend: backend, count: count, size: count << 18)
  }
}
