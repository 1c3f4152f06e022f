/// How far something is, as a line of a terminal: a bar, its share in percent, and what else there is to say, as
/// far as there is room.
package struct ProgressBar {
  /// Of 0 to 1; nil where nobody knows the end.
  package var share: Double?
  /// What stands behind the bar, the most important first: the last ones give way in a narrow terminal.
  package var parts: [String]
  /// What stands last and is cut off where there is no room: a name.
  package var name: String
  /// What is written where no terminal is.
  package var plain: String

  package init(share: Double? = nil, parts: [String], name: String = "", plain: String) {
    (self.share, self.parts, self.name, self.plain) = (share, parts, name, plain)
  }

  /// Columns of the bar, at least and at most.
  private static let columns = 8...30
  /// Columns of a cut name, at least.
  private static let leastName = 8

  /// - Parameters:
  ///   - width: the terminal's columns; nil where nobody knows. The last one stays free: terminals go to the next
  ///     line there.
  ///   - hasBlocks: whether characters beyond ASCII can be shown.
  package func line(width: Int?, hasBlocks: Bool) -> String {
    let room = max(0, (width ?? 101) - 1)
    let name = Printable.escaped(self.name)
    var parts =
      ([share.map { "\(padded: Int((100 * $0).rounded(.down)), 3) %" }].compactMap(\.self)
      + self.parts)
      .map { Printable.escaped($0) }
    func length() -> Int { parts.reduce(0) { $0 + $1.count + 2 } - 2 }
    let least = share == nil ? 0 : Self.columns.lowerBound + 2
    while parts.count > 1, length() + least > room { parts.removeLast() }
    let text = parts.joined(separator: "  ")
    var line = text
    if let share {
      // A name has room before a long bar has.
      let wanted = name.isEmpty ? 0 : 2 + min(name.count, 24)
      let left = room - text.count - 2 - wanted
      let columns = min(Self.columns.upperBound, max(left, Self.columns.lowerBound))
      if columns + 2 + text.count <= room {
        line = Self.bar(share, columns: columns, hasBlocks: hasBlocks) + "  " + text
      }
    }
    let rest = room - line.count - 2
    if !name.isEmpty && rest >= min(Self.leastName, name.count) {
      line += "  " + (name.count <= rest ? name : name.prefix(rest - 1) + (hasBlocks ? "…" : "~"))
    }
    return String(line.prefix(room))
  }

  private static func bar(_ share: Double, columns: Int, hasBlocks: Bool) -> String {
    let share = min(max(share, 0), 1)
    guard hasBlocks else {
      let inner = columns - 2
      let full = Int(Double(inner) * share)
      return "[" + String(repeating: "#", count: full)
        + String(repeating: "-", count: inner - full) + "]"
    }
    let eighths = Int(Double(8 * columns) * share)
    let part = eighths % 8
    let partial = part == 0 ? "" : String(["▏", "▎", "▍", "▌", "▋", "▊", "▉"][part - 1])
    return String(repeating: "█", count: eighths / 8) + partial
      + String(repeating: "░", count: columns - eighths / 8 - (part == 0 ? 0 : 1))
  }
}

extension String.StringInterpolation {
  /// A number on the right of a column.
  fileprivate mutating func appendInterpolation(padded number: Int, _ width: Int) {
    let digits = String(number)
    appendLiteral(String(repeating: " ", count: max(0, width - digits.count)) + digits)
  }
}
