import Checkpoints
import Files
import VAE

/// The course of a training run: what was measured, in the order of the steps.
package struct RunHistory: Hashable, Sendable {
  /// What was measured at a step.
  package struct Entry: Hashable, Sendable {
    package var step: Int
    /// Passes over the data.
    package var epoch: Double?
    /// Of training.
    package var seconds: Double?
    package var learningRate: Double?
    /// The share of beta that the rate weighs, below 1 during the warm-up.
    package var rateWeight: Double?
    package var imagesPerSecond: Double?
    /// Over the pictures to learn from, of the last epoch.
    package var training: BoundSummary?
    /// Over the pictures held out.
    package var heldOut: BoundSummary?
    /// The rate of each group of latents, the finest first, over the pictures held out.
    package var groupRates: [Double] = []
    /// Active units of each group of latents.
    package var activeUnits: [Int] = []
    /// The peak signal-to-noise ratio of what a conditional model restores, in dB: in training, and of
    /// pictures held out.
    package var trainingRatio: Double?
    package var heldOutRatio: Double?

    package init(step: Int) { self.step = step }
  }

  package private(set) var entries: [Entry] = []

  package init(_ entries: [Entry] = []) { self.entries = entries }

  package mutating func add(_ entry: Entry) { entries.append(entry) }

  /// Reads a run's log, a JSON object a line, as `train` writes it beside a report and as its own log. Lines
  /// that are none, or that tell of nothing known, are passed over.
  ///
  /// - Throws: `FileError` where the file cannot be read or holds nothing of a run.
  package init(path: String) throws {
    self.init(log: try FileReader.readFile(path, limit: Self.largestFile))
    guard !entries.isEmpty else {
      throw FileError(
        kind: .badData, path: path, message: "expected the log of a training run, found none")
    }
  }

  /// Of a log, in bytes.
  private static let largestFile = 1 << 28

  /// - Parameter step: after which lines are left out.
  package init(log bytes: [UInt8], upTo step: Int = .max) {
    entries = bytes.split(separator: 0x0A).compactMap { line in
      guard let value = try? JSONValue(parsing: line), let entry = Entry(json: value),
        entry.step <= step
      else { return nil }
      return entry
    }
  }
}

extension RunHistory.Entry {
  /// nil where it is no line of a log.
  fileprivate init?(json: JSONValue) {
    guard let step = json["step"]?.int, step >= 0 else { return nil }
    self.init(step: step)
    func number(_ name: String) -> Double? { json[name]?.double }
    func bound(_ prefix: String) -> BoundSummary? {
      guard let rate = number(prefix + "rate"), let distortion = number(prefix + "distortion")
      else {
        return nil
      }
      return BoundSummary(rate: rate, distortion: distortion)
    }
    epoch = number("epoch")
    seconds = number("seconds")
    learningRate = number("learning_rate")
    rateWeight = number("rate_weight")
    imagesPerSecond = number("images_per_second")
    training = bound("")
    heldOut = bound("validation_")
    groupRates = json["validation_group_rates"]?.array?.compactMap(\.double) ?? []
    activeUnits = json["active_units"]?.array?.compactMap(\.int) ?? []
    trainingRatio = number("prior_path_decibels")
    heldOutRatio = number("validation_prior_path_decibels")
  }

  /// As a line of a log.
  package var json: JSONValue {
    var members = [JSONMember("step", JSONValue(step))]
    func add(_ name: String, _ value: Double?) {
      if let value { members.append(JSONMember(name, JSONValue(value))) }
    }
    add("epoch", epoch)
    add("seconds", seconds)
    add("learning_rate", learningRate)
    add("rate_weight", rateWeight)
    add("images_per_second", imagesPerSecond)
    for (prefix, bound) in [("", training), ("validation_", heldOut)] {
      add(prefix + "bound", bound?.bound)
      add(prefix + "rate", bound?.rate)
      add(prefix + "distortion", bound?.distortion)
    }
    add("prior_path_decibels", trainingRatio)
    add("validation_prior_path_decibels", heldOutRatio)
    if !groupRates.isEmpty {
      members.append(
        JSONMember("validation_group_rates", .array(groupRates.map { JSONValue($0) })))
    }
    if !activeUnits.isEmpty {
      members.append(JSONMember("active_units", .array(activeUnits.map { JSONValue($0) })))
    }
    return .object(members)
  }
}
