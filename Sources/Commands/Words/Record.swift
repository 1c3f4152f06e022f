import ImageCodecs
import VAE

/// What was done to a picture, as it stands in its file: the command, and the options that decided
/// over the pixels. Paths are left out: they tell of a user's machine, not of the picture.
final class Record {
  private let command: String
  private var options: [(name: String, value: String?)]

  /// - Parameter options: by their names; nil leaves one out, "" stands for a flag.
  init(_ command: String, _ options: KeyValuePairs<String, String?>) {
    self.command = command
    self.options = options.map { ($0.key, $0.value) }
  }

  /// - Parameters:
  ///   - options: what a command that restores pictures has of its own.
  ///   - results: and the others: options that such commands share, in their order.
  convenience init(
    _ command: String, _ options: KeyValuePairs<String, String?>, _ results: ConditionalOptions,
    _ seed: SeedOption, _ input: InputOptions, _ fit: FitOptions? = nil
  ) {
    self.init(command, options)
    set("--samples", results.samples.map { "\($0)" })
    set("--seed", Record.number(seed.value, unless: 0))
    set("--ensemble", results.ensemble.map { "\($0.rawValue)" })
    set("--resize", Record.flag(fit?.resize ?? false))
    set("--tiled", Record.flag(fit?.tiled ?? false))
    set("--gray", Record.flag(input.grey))
    set("--array-white", input.arrayWhite.map(Record.number))
    set("--array-axes", input.arrayAxes?.rawValue)
  }

  /// Sets an option for the pictures from here on, such as what was estimated from one of them.
  func set(_ name: String, _ value: String?) {
    if let index = options.firstIndex(where: { $0.name == name }) {
      options[index].value = value
    } else {
      options.append((name, value))
    }
  }

  /// "latent 0.1.0 denoise --model digits --sigma 25".
  var line: String {
    options.reduce("latent \(latentVersion) \(command)") { line, option in
      guard let value = option.value else { return line }
      return "\(line) \(option.name)" + (value.isEmpty ? "" : " \(value)")
    }
  }

  /// - Parameter sample: its number from 1, where there are several.
  func entry(sample: Int?) -> Metadata.TextEntry {
    Metadata.TextEntry(
      keyword: "Software", value: sample.map { "\(line), sample \($0)" } ?? line)
  }
}

extension Record {
  /// A number as one would type it: 25, 12.5.
  static func number(_ value: Float) -> String {
    value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : "\(value)"
  }

  /// A number where it differs from what stands without the option.
  static func number<Number: BinaryInteger>(_ value: Number, unless standard: Number) -> String? {
    value == standard ? nil : "\(value)"
  }

  static func flag(_ isSet: Bool) -> String? { isSet ? "" : nil }
}
