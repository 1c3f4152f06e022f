#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a file could not be read or written; printed as one line with the path first.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// The file is not there or may not be read (sysexits EX_NOINPUT).
    case noInput
    /// The file was read but its content is not what it should be (EX_DATAERR).
    case badData
    /// The file could not be created (EX_CANTCREAT).
    case cannotCreate
    /// Reading or writing broke off (EX_IOERR).
    case inputOutput

    /// The exit code of sysexits.h.
    public var exitCode: Int32 {
      switch self {
      case .badData: 65
      case .noInput: 66
      case .cannotCreate: 73
      case .inputOutput: 74
      }
    }
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

  public var description: String { "\(path): \(message)" }

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
