#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the learning rate changes over a run.
public enum Schedule: String, Hashable, Sendable, CaseIterable {
  case constant
  /// Half a cosine wave down to zero (Loshchilov and Hutter 2017, without restarts).
  case cosine

  /// The factor on the learning rate.
  ///
  /// - Parameter progress: the share of the run that is done, 0...1.
  public func factor(at progress: Double) -> Float {
    switch self {
    case .constant: 1
    case .cosine: Float(0.5 * (1 + cos(.pi * min(max(progress, 0), 1))))
    }
  }
}
