import Platform

/// How the learning rate changes over a run.
public enum Schedule: Hashable, Sendable {
  case constant
  /// Half a cosine wave down to zero (Loshchilov and Hutter 2017, without restarts).
  case cosine
  /// Times `factor` after every so many epochs.
  case step(epochs: Double, factor: Float)
  /// 10^(-i/7) over the 3^i epochs of stage i = 0 ... 7, 3280 in all (Burda, Grosse and Salakhutdinov
  /// 2016, section 5); a run of another length passes through the same stages in proportion.
  case iwae

  /// The epochs of the schedule `iwae`: 1 + 3 + 9 + ... + 2187.
  public static let iwaeEpochs = 3280

  /// The factor on the learning rate.
  ///
  /// - Parameters:
  ///   - progress: the share of the run that is done, 0...1.
  ///   - epoch: the passes over the data that are done.
  public func factor(at progress: Double, epoch: Double = 0) -> Float {
    let progress = min(max(progress, 0), 1)
    switch self {
    case .constant: return 1
    case .cosine: return Float(0.5 * (1 + cos(.pi * progress)))
    case .step(let epochs, let factor): return powf(factor, Float((epoch / epochs).rounded(.down)))
    case .iwae:
      // A little more than the product, so that rounding does not put off the end of a stage.
      let passes = progress * Double(Self.iwaeEpochs) + 1e-6
      var (stage, end) = (0, 1.0)
      while stage < 7 && passes >= end {
        stage += 1
        end = end * 3 + 1
      }
      return Float(pow(10, -Double(stage) / 7))
    }
  }
}
