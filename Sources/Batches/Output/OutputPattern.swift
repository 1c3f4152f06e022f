/// A file name with a place for a number, as ffmpeg and printf write it: out-%04d.png. Numbers
/// begin at 1; %% is a percent sign.
package struct OutputPattern: Hashable {
  private let prefix: String
  private let suffix: String
  private let digits: Int

  /// nil where the path has no such place, or more than one.
  package init?(_ path: String) {
    var pieces = [""]
    var digits = 0
    var rest = Substring(path)
    while let character = rest.popFirst() {
      guard character == "%" else {
        pieces[pieces.count - 1].append(character)
        continue
      }
      if rest.first == "%" {
        rest.removeFirst()
        pieces[pieces.count - 1].append("%")
        continue
      }
      let number = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(number.count)
      guard rest.popFirst() == "d", number.isEmpty || number.first == "0",
        let count = Int(number.isEmpty ? "0" : number), count <= 32
      else { return nil }
      digits = count
      pieces.append("")
    }
    guard pieces.count == 2 else { return nil }
    (prefix, suffix, self.digits) = (pieces[0], pieces[1], digits)
  }

  /// The path of one picture.
  ///
  /// - Parameter number: from 1.
  package func path(_ number: Int) -> String { prefix + Self.zeroPadded(number, digits) + suffix }

  package static func zeroPadded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
