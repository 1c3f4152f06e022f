import Checkpoints
import Files

extension NoiseModel {
  /// Levels of luma and chroma on the scale 0 to 255, of one number or of three for dark, middle and bright
  /// areas, as in luma=6.1,chroma=4 or luma=7/6.1/5,chroma=4; nil for other words.
  package init?(text: String) {
    var curves: [String: Curve] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2 else { return nil }
      let numbers = sides[1].split(separator: "/", omittingEmptySubsequences: false)
      let name = String(sides[0])
      guard ["luma", "chroma"].contains(name), curves[name] == nil,
        let curve = Curve(levels: numbers.map { Float($0) })
      else { return nil }
      curves[name] = curve
    }
    guard let luma = curves["luma"] else { return nil }
    self.init(luma: luma, chroma: curves["chroma"] ?? Curve(0))
  }

  /// As `json` has it, or one number for a curve; nil for other values.
  package init?(json: JSONValue) {
    func curve(_ name: String) -> Curve? {
      Curve(levels: json[name]?.array?.map(\.float) ?? [json[name]?.float])
    }
    guard let luma = curve("luma"), let chroma = curve("chroma") else { return nil }
    self.init(luma: luma, chroma: chroma)
  }

  /// As `init(text:)` reads it.
  package var text: String { "luma=\(luma.text),chroma=\(chroma.text)" }

  package var json: JSONValue { ["luma": luma.json, "chroma": chroma.json] }
}

extension NoiseModel.Curve {
  /// Of one number or of three on the scale 0...255; nil for anything else.
  fileprivate init?(levels numbers: [Float?]) {
    guard numbers.count == 1 || numbers.count == 3 else { return nil }
    let levels = numbers.compactMap { $0.flatMap { $0.isFinite && $0 >= 0 ? $0 / 255 : nil } }
    guard levels.count == numbers.count else { return nil }
    self = levels.count == 1 ? NoiseModel.Curve(levels[0]) : NoiseModel.Curve(nodes: levels)
  }

  fileprivate var text: String {
    (isConstant ? [nodes[0]] : nodes).map(number).joined(separator: "/")
  }

  fileprivate var json: JSONValue { .array(nodes.map { .number(number($0)) }) }

  /// Hundredths, or more digits of what is small in a picture of little contrast.
  private func number(_ level: Float) -> String {
    decimal(Double(level) * 255, nodes.contains { $0 * 255 >= 0.3 } || level == 0 ? 2 : 6)
  }
}
