import ArgumentParser
import Files
import Pictures

/// Two whole numbers with an x between: WxH or COLSxROWS.
struct Extents: Hashable, ExpressibleByArgument {
  let width: Int
  let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]),
      (1...65_536).contains(width), (1...65_536).contains(height)
    else { return nil }
    self.width = width
    self.height = height
  }
}

/// Numbers with commas between.
struct Factors: Hashable, ExpressibleByArgument, CustomStringConvertible {
  let values: [Float]

  init(_ values: [Float]) { self.values = values }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
    guard !parts.isEmpty, !parts.contains(nil) else { return nil }
    values = parts.compactMap(\.self)
  }

  var description: String {
    values.map { $0 == $0.rounded() && abs($0) < 1e6 ? "\(Int($0))" : "\($0)" }
      .joined(separator: ",")
  }
  var defaultValueDescription: String { description }
}

/// A length of time: 90, 90s, 10m, 1h30m.
struct TimeSpan: Hashable, ExpressibleByArgument {
  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  var defaultValueDescription: String { duration(seconds) }

  init?(argument: String) {
    guard let seconds = parsedDuration(argument), seconds > 0 else { return nil }
    self.seconds = seconds
  }
}

extension Background: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }

  public var defaultValueDescription: String { description }
}

/// Checks whole numbers from the command line.
func requireCounts(_ options: [(name: String, value: Int?, range: ClosedRange<Int>)]) throws {
  for option in options {
    guard let value = option.value, !option.range.contains(value) else { continue }
    throw ValidationError(
      "expected \(option.name) of \(option.range.lowerBound) to \(option.range.upperBound), "
        + "found \(value)")
  }
}
