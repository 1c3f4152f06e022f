import Batches
import Files
import Restoration

extension EstimatedNoise {
  /// Says what was read off a picture, and records what gives the same result again.
  func report(of name: String, in record: Record) {
    switch self {
    case .deviation(let deviation):
      let estimate = decimal(Double(deviation) * 255, 1)
      StandardError.report("\(name): sigma \(estimate), estimated")
      record.set("--sigma", estimate)
    case .model(let model):
      StandardError.report("\(name): noise \(model.text), estimated")
      record.set("--noise", model.text)
    }
  }
}
