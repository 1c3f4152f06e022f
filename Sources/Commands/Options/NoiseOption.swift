import ArgumentParser
import Checkpoints
import Files
import Restoration

/// Noise as `--noise` names it: levels of luma and chroma on the scale 0 to 255, of one number or of
/// three for dark, middle and bright areas, as in luma=6.1,chroma=4 or luma=7/6.1/5,chroma=4; or a file
/// with what `latent info PICTURE --json` prints.
enum NoiseOption: Hashable, ExpressibleByArgument {
  case levels(NoiseModel)
  case file(String)

  init?(argument: String) {
    // A file that is there is meant, whatever its name.
    if Paths.exists(argument) || !argument.contains("=") {
      self = .file(argument)
    } else if let model = Self.levels(argument) {
      self = .levels(model)
    } else {
      return nil
    }
  }

  private static func levels(_ argument: String) -> NoiseModel? {
    var curves: [String: NoiseModel.Curve] = [:]
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2 else { return nil }
      let numbers = sides[1].split(separator: "/", omittingEmptySubsequences: false)
      let name = String(sides[0])
      guard ["luma", "chroma"].contains(name), curves[name] == nil,
        let curve = curve(numbers.map { Float($0) })
      else { return nil }
      curves[name] = curve
    }
    guard let luma = curves["luma"] else { return nil }
    return NoiseModel(luma: luma, chroma: curves["chroma"] ?? NoiseModel.Curve(0))
  }

  /// What it is read from; nil where it is told.
  var file: String? {
    if case .file(let path) = self { path } else { nil }
  }

  /// What it tells.
  ///
  /// - Throws: `Failure` for a file that does not.
  func model() throws -> NoiseModel {
    switch self {
    case .levels(let model): return model
    case .file(let path):
      let bytes = try ReadableFile(path: path).readAll(limit: 1 << 24)
      let noise = try? JSONValue(parsing: bytes)["noise"]
      func curve(_ name: String) -> NoiseModel.Curve? {
        Self.curve(noise?[name]?.array?.map(\.float) ?? [noise?[name]?.float])
      }
      guard let luma = curve("luma"), let chroma = curve("chroma") else {
        throw Failure(
          .badData,
          "\(path): expected what latent info PICTURE --json prints, found no noise in it")
      }
      return NoiseModel(luma: luma, chroma: chroma)
    }
  }

  /// Of one number or of three on the scale 0...255; nil for anything else.
  private static func curve(_ numbers: [Float?]) -> NoiseModel.Curve? {
    guard numbers.count == 1 || numbers.count == 3 else { return nil }
    let levels = numbers.compactMap { $0.flatMap { $0.isFinite && $0 >= 0 ? $0 / 255 : nil } }
    guard levels.count == numbers.count else { return nil }
    return levels.count == 1 ? NoiseModel.Curve(levels[0]) : NoiseModel.Curve(nodes: levels)
  }
}

extension NoiseModel {
  /// As `--noise` reads it.
  var text: String { "luma=\(luma.text),chroma=\(chroma.text)" }

  /// As `--noise` reads it from a file.
  var json: JSONValue { ["luma": luma.json, "chroma": chroma.json] }
}

extension NoiseModel.Curve {
  fileprivate var text: String {
    (isConstant ? [nodes[0]] : nodes).map(number).joined(separator: "/")
  }

  fileprivate var json: JSONValue { .array(nodes.map { .number(number($0)) }) }

  /// Hundredths, or more digits of what is small in a picture of little contrast.
  private func number(_ level: Float) -> String {
    decimal(Double(level) * 255, nodes.contains { $0 * 255 >= 0.3 } || level == 0 ? 2 : 6)
  }
}
