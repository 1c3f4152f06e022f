/// A number with a fixed count of decimals, rounded half away from zero; "nan" and "inf" as such.
package func decimal(_ value: Double, _ places: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
  let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
  let scaled = (abs(value) * scale).rounded(.toNearestOrAwayFromZero)
  guard scaled < 9e15 else { return value.description }
  let number = UInt64(scaled)
  let sign = value < 0 && number > 0 ? "-" : ""
  guard places > 0 else { return "\(sign)\(number)" }
  var digits = String(number)
  while digits.count <= places { digits = "0" + digits }
  return "\(sign)\(digits.dropLast(places)).\(digits.suffix(places))"
}

/// A whole number with its thousands apart: 1,234,567.
package func grouped(_ value: Int) -> String {
  let digits = String(value.magnitude)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return value < 0 ? "-" + text : text
}

/// A length of time as people say it: 45s, 3m20s, 2h05m.
package func duration(_ seconds: Double) -> String {
  guard seconds.isFinite && seconds >= 0 && seconds < 1e9 else { return "?" }
  let whole = Int(seconds.rounded())
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  if whole < 60 { return "\(whole)s" }
  if whole < 3600 { return "\(whole / 60)m\(two(whole % 60))s" }
  return "\(whole / 3600)h\(two(whole % 3600 / 60))m"
}

/// Seconds of a length of time: 90, 90s, 10m, 1h30m; nil for other words.
package func parsedDuration(_ text: String) -> Double? {
  let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
  var total = 0.0
  var number = ""
  var hasUnit = false
  for character in text.lowercased() {
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
  return total.isFinite ? total : nil
}

/// Text on the left of a column `width` wide.
package func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}
