import Checkpoints
import Files
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
  /// Over the pairs that differ.
  private var ratio = RunningMean()
  /// Pairs without a difference, whose ratio is infinite.
  private var identical = 0
  private var similarity = RunningMean()
  private var pixels = 0
  private var pictures: [JSONValue] = []

  init(isMasked: Bool) { self.isMasked = isMasked }

  mutating func add(_ comparison: PictureComparison, name: String, keeping: Bool) {
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
  var isEmpty: Bool { count == 0 }

  var text: String {
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
  var json: JSONValue {
    var members = [
      JSONMember("pictures", JSONValue(count)), JSONMember("identical", JSONValue(identical)),
      JSONMember("psnr", JSONValue(mean)), JSONMember("pixels", JSONValue(pixels)),
    ]
    if similarity.count > 0 { members.append(JSONMember("ssim", JSONValue(similarity.mean))) }
    if !pictures.isEmpty { members.append(JSONMember("per_image", .array(pictures))) }
    return .object(members)
  }
}
