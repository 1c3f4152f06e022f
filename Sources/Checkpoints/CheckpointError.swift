/// Why a model file or checkpoint is refused.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's path, or what stands for it.
  public let name: String
  /// What was expected and what was found, in lower case.
  public let reason: String

  public init(name: String, reason: String) {
    self.name = name
    self.reason = reason
  }

  public var description: String { "\(name): \(reason)" }
}
