/// Why a data set or one of its files cannot be used.
public struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder, or what stands for it.
  public let path: String
  /// What was expected and what was found, in lower case.
  public let reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }
}
