/// A number with a fixed count of decimals, rounded half away from zero; "nan" and "inf" as such.
func decimal(_ value: Double, _ places: Int) -> String {
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
func grouped(_ value: Int) -> String {
  let digits = String(value.magnitude)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return value < 0 ? "-" + text : text
}

/// A length of time as people say it: 45s, 3m20s, 2h05m.
func duration(_ seconds: Double) -> String {
  guard seconds.isFinite && seconds >= 0 && seconds < 1e9 else { return "?" }
  let whole = Int(seconds.rounded())
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  if whole < 60 { return "\(whole)s" }
  if whole < 3600 { return "\(whole / 60)m\(two(whole % 60))s" }
  return "\(whole / 3600)h\(two(whole % 3600 / 60))m"
}

/// Text on the left of a column `width` wide.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}
