import ArgumentParser
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
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    var total = 0.0
    var number = ""
    var hasUnit = false
    for character in argument.lowercased() {
      if let unit = units[character] {
        guard let value = Double(number) else { return nil }
        total += value * unit
        number = ""
        hasUnit = true
      } else if character.isNumber || character == "." {
        number.append(character)
      } else {
        return nil
      }
    }
    if !number.isEmpty {
      guard !hasUnit, let value = Double(number) else { return nil }
      total = value
    }
    guard total.isFinite, total > 0 else { return nil }
    seconds = total
  }
}

extension Background: ExpressibleByArgument {
  /// white, black, or a gray level of 0 to 255.
  public init?(argument: String) {
    switch argument.lowercased() {
    case "white": self = .white
    case "black": self.init(level: 0, description: "black")
    default:
      guard let value = Int(argument), (0...255).contains(value) else { return nil }
      self.init(level: Float(value) / 255, description: argument)
    }
  }

  public var defaultValueDescription: String { description }
}
