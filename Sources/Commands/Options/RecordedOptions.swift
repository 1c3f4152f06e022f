import Batches

extension Record {
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
    set("--gray", Record.flag(input.gray))
    set("--array-white", input.arrayWhite.map(Record.number))
    set("--array-axes", input.arrayAxes?.rawValue)
  }

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
