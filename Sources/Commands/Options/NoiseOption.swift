import ArgumentParser
import Restoration

/// Noise as `--noise` names it: levels of luma and chroma on the scale 0 to 255, of one number or of
/// three for dark, middle and bright areas, as in luma=6.1,chroma=4 or luma=7/6.1/5,chroma=4.
struct NoiseOption: Hashable, ExpressibleByArgument {
  let model: NoiseModel

  init(_ model: NoiseModel) { self.model = model }

  init?(argument: String) {
    var curves: [String: NoiseModel.Curve] = [:]
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let curve = Self.curve(sides[1]) else { return nil }
      let name = String(sides[0])
      guard ["luma", "chroma"].contains(name), curves[name] == nil else { return nil }
      curves[name] = curve
    }
    guard let luma = curves["luma"] else { return nil }
    model = NoiseModel(luma: luma, chroma: curves["chroma"] ?? NoiseModel.Curve(0))
  }

  /// As it is read.
  var text: String {
    "luma=\(Self.text(model.luma)),chroma=\(Self.text(model.chroma))"
  }

  private static func text(_ curve: NoiseModel.Curve) -> String {
    let nodes = curve.isConstant ? [curve.nodes[0]] : curve.nodes
    return nodes.map { decimal(Double($0) * 255, 2) }.joined(separator: "/")
  }

  private static func curve(_ text: Substring) -> NoiseModel.Curve? {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Float($0) }
    guard numbers.count == 1 || numbers.count == 3 else { return nil }
    let levels = numbers.compactMap { $0.flatMap { $0.isFinite && $0 >= 0 ? $0 / 255 : nil } }
    guard levels.count == numbers.count else { return nil }
    return levels.count == 1 ? NoiseModel.Curve(levels[0]) : NoiseModel.Curve(nodes: levels)
  }
}
