import Checkpoints
import Datasets
import Files
import Networks
import Tensors

/// A run that can be gone on with: the model file's contents, the optimizer's moments and the
/// trainer's state, in the same container.
extension Trainer {
  /// The tensor of a checkpoint that holds the average of the parameters.
  private static let averageName = "\(Model.optimizerPrefix)average"

  /// The tensor of a checkpoint that holds the parameters of the best bound.
  private static let bestName = "\(Model.optimizerPrefix)best"

  /// Writes a checkpoint, atomically.
  package func writeCheckpoint(to path: String) throws {
    var file = model.file(name: path)
    for (index, moment) in optimizer.state.enumerated() {
      file.set("\(Model.optimizerPrefix)\(index)", moment)
    }
    if let average { file.set(Self.averageName, average.state) }
    if let best { file.set(Self.bestName, best.state) }
    file.metadata["training"] = configuration.json.description
    file.metadata["examples"] = String(exampleCount)
    file.metadata["ranks"] = String(ranks?.count ?? 1)
    file.metadata["state"] = state.json.description
    file.metadata["recipe"] = recipe?.json.description
    file.metadata["pictures"] = fingerprint?.json.description
    try file.write(to: path)
  }

  /// A trainer that goes on from a checkpoint to the same bits as a run without interruption.
  ///
  /// - Throws: `FileError` where the file cannot be read, is damaged, or belongs to another run:
  ///   the configuration must be equal but for the limit.
  package func resume(from path: String) throws {
    let file = try SafetensorsFile(path: path)
    func refuse(_ reason: String) -> FileError {
      FileError(kind: .badData, path: path, message: reason)
    }
    let saved = try Model(file: file)
    guard saved.configuration == model.configuration else {
      throw refuse(
        "expected a checkpoint of the same model, found "
          + "\(saved.configuration.json.description); repeat the options of the first run")
    }
    guard let training = file.metadata["training"], let text = file.metadata["state"] else {
      throw refuse("expected a checkpoint, found a model without a run's state")
    }
    guard training == configuration.json.description else {
      throw refuse(
        "expected the training options \(configuration.json.description), found \(training); "
          + "repeat the options of the first run")
    }
    guard file.metadata["examples"] == String(exampleCount) else {
      throw refuse(
        "expected a run on \(exampleCount) pictures, found one on "
          + "\(file.metadata["examples"] ?? "?"); train on the data of the first run")
    }
    if let text = file.metadata["pictures"], let fingerprint {
      let first: DatasetFingerprint
      do {
        first = try DatasetFingerprint(json: JSONValue(parsing: text))
      } catch {
        throw refuse("pictures: \(error)")
      }
      if let difference = fingerprint.difference(from: first) {
        throw refuse("\(difference); train on the data of the first run")
      }
    }
    let restored: State
    do {
      restored = try State(json: JSONValue(parsing: text))
    } catch {
      throw refuse("state: \(error)")
    }
    let count = model.parameters.count
    let moments = try optimizer.state.indices.map {
      try file.tensor("\(Model.optimizerPrefix)\($0)", shape: [count])
    }
    let average = try self.average.map { _ in
      try file.tensor(Self.averageName, shape: [count])
    }
    let best = try self.best.map { _ in try file.tensor(Self.bestName, shape: [count]) }
    for slot in model.parameters.slots {
      model.parameters[slot.name] = saved.parameters[slot.name]
    }
    model.history = saved.history
    optimizer.restore(stepCount: restored.step, state: moments)
    if let average { self.average?.state = average }
    if let best { self.best?.state = best }
    state = restored
    resumedRanks = file.metadata["ranks"].flatMap { Int($0) } ?? 1
  }
}

extension TrainingRecipe {
  /// The recipe that a checkpoint keeps; nil where it keeps none.
  ///
  /// - Throws: `FileError`.
  package init?(checkpoint path: String) throws {
    let file = try SafetensorsFile(path: path)
    guard let text = file.metadata["recipe"] else { return nil }
    do {
      try self.init(json: JSONValue(parsing: text))
    } catch {
      throw FileError(kind: .badData, path: path, message: "recipe: \(error)")
    }
  }
}

extension DatasetFingerprint {
  fileprivate var json: JSONValue {
    [
      "count": JSONValue(count), "names": .string(names), "lengths": .string(lengths),
      "contents": .string(contents),
    ]
  }

  fileprivate init(json: JSONValue) throws {
    self.init(
      count: try json.integer("count"), names: try json.text("names"),
      lengths: try json.text("lengths"), contents: try json.text("contents"))
  }
}

extension Trainer.State {
  var json: JSONValue {
    var members = [
      JSONMember("step", JSONValue(step)), JSONMember("seconds", JSONValue(seconds)),
      JSONMember("epoch", epoch.json), JSONMember("last_epoch", lastEpoch.json),
    ]
    if let best {
      members.append(
        JSONMember("best", ["bound": JSONValue(best.bound), "step": JSONValue(best.step)]))
    }
    return .object(members)
  }

  init(json: JSONValue) throws {
    step = try json.integer("step")
    guard let seconds = json["seconds"]?.double, step >= 0, seconds >= 0 else {
      throw ConfigurationError("expected numbers that are not negative")
    }
    self.seconds = seconds
    epoch = try Trainer.RunningBound(json: json.member("epoch"))
    lastEpoch = try Trainer.RunningBound(json: json.member("last_epoch"))
    if let best = json["best"] {
      guard let bound = best["bound"]?.double else {
        throw ConfigurationError("expected a number as the best bound")
      }
      self.best = BestBound(bound: bound, step: try best.integer("step"))
    }
  }
}

extension Trainer.RunningBound {
  var json: JSONValue {
    [
      "rate": JSONValue(rate), "distortion": JSONValue(distortion), "steps": JSONValue(steps),
    ]
  }

  init(json: JSONValue) throws {
    guard let rate = json["rate"]?.double, let distortion = json["distortion"]?.double else {
      throw ConfigurationError("expected the sums of an epoch")
    }
    self.init(rate: rate, distortion: distortion, steps: try json.integer("steps"))
  }
}
