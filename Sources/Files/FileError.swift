import Platform

/// Why a file could not be read or written; printed as one line with the path first.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// The file is not there or may not be read.
    case noInput
    /// The file was read but its content is not what it should be.
    case badData
    /// The file could not be created.
    case cannotCreate
    /// Reading or writing broke off.
    case inputOutput
  }

  public let kind: Kind
  public let path: String
  /// What was expected, what was found and the remedy, without the path.
  public let message: String

  public init(kind: Kind, path: String, message: String) {
    self.kind = kind
    self.path = path
    self.message = message
  }

  public var description: String { "\(Printable.named(path)): \(message)" }

  /// The system's words for an `errno` value, beginning in lower case.
  package static func systemMessage(_ code: Int32) -> String {
    guard let words = strerror(code) else { return "error \(code)" }
    let text = String(cString: words)
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  init(kind: Kind, path: String, errno code: Int32) {
    self.init(kind: kind, path: path, message: Self.systemMessage(code))
  }
}
