import Checkpoints
import Pictures
import Tensors

extension PictureComparison {
  /// "27.42 dB, SSIM 0.8341".
  var line: String {
    "\(decimal(peakSignalToNoise, 2)) dB" + (similarity.map { ", SSIM \(decimal($0, 4))" } ?? "")
  }
}

/// The means over the pairs of a comparison.
struct ComparisonReport {
  private let isMasked: Bool
  private var ratio = RunningMean()
  private var similarity = RunningMean()
  private var pixels = 0
  private var pictures: [JSONValue] = []

  init(isMasked: Bool) { self.isMasked = isMasked }

  mutating func add(_ comparison: PictureComparison, name: String, keeping: Bool) {
    ratio.add(comparison.peakSignalToNoise)
    pixels += comparison.pixelCount
    if let value = comparison.similarity { similarity.add(value) }
    guard keeping else { return }
    var members = [
      JSONMember("source", .string(name)),
      JSONMember("psnr", JSONValue(comparison.peakSignalToNoise)),
    ]
    if let value = comparison.similarity { members.append(JSONMember("ssim", JSONValue(value))) }
    pictures.append(.object(members))
  }

  var isEmpty: Bool { ratio.count == 0 }

  var text: String {
    var text = "\(decimal(ratio.mean, 2)) dB"
    if isMasked { text += " over \(pixels) hidden pixels" }
    if similarity.count > 0 { text += ", SSIM \(decimal(similarity.mean, 4))" }
    if ratio.count > 1 {
      text += ", mean of \(ratio.count) pictures"
      if let error = ratio.standardError { text += " (standard error \(decimal(error, 2)))" }
    }
    return text
  }

  /// Equal pictures have no finite ratio: null.
  var json: JSONValue {
    var members = [
      JSONMember("pictures", JSONValue(ratio.count)), JSONMember("psnr", JSONValue(ratio.mean)),
      JSONMember("pixels", JSONValue(pixels)),
    ]
    if similarity.count > 0 { members.append(JSONMember("ssim", JSONValue(similarity.mean))) }
    if !pictures.isEmpty { members.append(JSONMember("per_image", .array(pictures))) }
    return .object(members)
  }
}
