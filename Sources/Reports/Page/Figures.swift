import Platform

/// Numbers as a page shows them.
enum Figures {
  /// With so many decimals, a true minus sign, and thousands apart.
  static func number(_ value: Double, _ places: Int = 1) -> String {
    guard value.isFinite else { return "–" }
    let scale = pow(10, Double(places))
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return value.description }
    let whole = UInt64(scaled)
    let unit = UInt64(scale)
    var text = ""
    for (place, digit) in String(whole / unit).reversed().enumerated() {
      if place > 0 && place % 3 == 0 { text.insert("\u{2009}", at: text.startIndex) }
      text.insert(digit, at: text.startIndex)
    }
    if places > 0 {
      let rest = String(whole % unit)
      text += "." + String(repeating: "0", count: places - rest.count) + rest
    }
    return (value < 0 && whole > 0 ? "−" : "") + text
  }

  /// Of about four digits, whatever its size: "−102.3", "0.0031", "2.5e-5".
  static func short(_ value: Double) -> String {
    let size = abs(value)
    switch size {
    case 0: return "0"
    case 1000...: return number(value, 0)
    case 100...: return number(value, 1)
    case 10...: return number(value, 2)
    case 0.01...: return number(value, 3)
    case 0.0001...: return number(value, 5)
    default:
      let exponent = Int(log10(size).rounded(.down))
      return number(value / pow(10, Double(exponent)), 1) + "e−\(-exponent)"
    }
  }

  /// As `short`, without zeros at the end: "12", "1.5".
  static func plain(_ value: Double) -> String {
    var text = short(value)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// "45 s", "3 min 20 s", "2 h 5 min".
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    if seconds < 9.95 { return "\(number(seconds, 1)) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
