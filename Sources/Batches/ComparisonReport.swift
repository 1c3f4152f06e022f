import Checkpoints
import Files
import Pictures
import Tensors

extension PictureComparison {
  /// "27.42 dB, SSIM 0.8341".
  package var line: String {
    "\(decimal(peakSignalToNoise, 2)) dB" + (similarity.map { ", SSIM \(decimal($0, 4))" } ?? "")
  }
}

/// The means over the pairs of a comparison.
package struct ComparisonReport {
  private let isMasked: Bool
  /// Over the pairs that differ.
  private var ratio = RunningMean()
  /// Pairs without a difference, whose ratio is infinite.
  private var identical = 0
  private var similarity = RunningMean()
  private var pixels = 0
  private var pictures: [JSONValue] = []

  package init(isMasked: Bool) { self.isMasked = isMasked }

  package mutating func add(_ comparison: PictureComparison, name: String, keeping: Bool) {
    if comparison.meanSquaredError > 0 {
      ratio.add(comparison.peakSignalToNoise)
    } else {
      identical += 1
    }
    pixels += comparison.pixelCount
    if let value = comparison.similarity { similarity.add(value) }
    guard keeping else { return }
    var members = [
      JSONMember("source", .string(Printable.path(name))),
      JSONMember("psnr", JSONValue(comparison.peakSignalToNoise)),
    ]
    if let value = comparison.similarity { members.append(JSONMember("ssim", JSONValue(value))) }
    pictures.append(.object(members))
  }

  private var count: Int { ratio.count + identical }
  private var mean: Double { ratio.count > 0 ? ratio.mean : .infinity }
  package var isEmpty: Bool { count == 0 }

  package var text: String {
    var text = "\(decimal(mean, 2)) dB"
    if isMasked { text += " over \(pixels) hidden pixels" }
    if similarity.count > 0 { text += ", SSIM \(decimal(similarity.mean, 4))" }
    if count > 1 {
      let isPart = identical > 0 && ratio.count > 0
      text += ", mean of \(isPart ? "\(ratio.count) of " : "")\(count) pictures"
      if let error = ratio.standardError { text += " (standard error \(decimal(error, 2)))" }
      if isPart { text += "; \(identical) identical" }
    }
    return text
  }

  /// Equal pictures have no finite ratio: null.
  package var json: JSONValue {
    var members = [
      JSONMember("pictures", JSONValue(count)), JSONMember("identical", JSONValue(identical)),
      JSONMember("psnr", JSONValue(mean)), JSONMember("pixels", JSONValue(pixels)),
    ]
    if similarity.count > 0 { members.append(JSONMember("ssim", JSONValue(similarity.mean))) }
    if !pictures.isEmpty { members.append(JSONMember("per_image", .array(pictures))) }
    return .object(members)
  }
}

extension PictureInput {
  /// Compares with another picture of the same size.
  ///
  /// - Parameters:
  ///   - isGray: whether brightness alone is compared.
  ///   - background: what transparent pixels are laid on.
  ///   - isRounded: whether both are rounded and clipped to 8 bits first.
  ///   - mask: what alone is compared, where there is one.
  ///   - index: the pair's place among all.
  /// - Throws: `BatchError` for another size.
  package func compared(
    to other: PictureInput, isGray: Bool, background: Background, isRounded: Bool,
    measuresSimilarity: Bool, mask: MaskInput?, at index: Int
  ) throws -> PictureComparison {
    let (a, b) = (try picture(), try other.picture())
    guard a.region == b.region else {
      throw BatchError(
        .badData, "\(name): expected the size of \(other.name), \(b.summary), found \(a.summary)")
    }
    let channels = isGray ? 1 : max(a.channels, b.channels)
    return PictureComparison(
      PictureRows(a, on: background, channels: channels),
      PictureRows(b, on: background, channels: channels),
      hidden: try mask?.mask(for: a, at: index, from: self).weights, isRounded: isRounded,
      measuresSimilarity: measuresSimilarity)
  }
}
