import Files

/// Why a picture could not be read or written; printed as one line with the path first.
public struct ImageError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// What was asked for cannot be done with this picture or format (sysexits EX_USAGE).
    case usage
    /// The file is damaged, too large, or not a picture that can be read (EX_DATAERR).
    case badData
    /// The file is not there or may not be read (EX_NOINPUT).
    case noInput
    /// The file could not be created (EX_CANTCREAT).
    case cannotCreate
    /// Reading or writing broke off (EX_IOERR).
    case inputOutput

    /// The exit code of sysexits.h.
    public var exitCode: Int32 {
      switch self {
      case .usage: 64
      case .badData: 65
      case .noInput: 66
      case .cannotCreate: 73
      case .inputOutput: 74
      }
    }
  }

  public let kind: Kind
  /// The file's path, or the name of a stream.
  public let path: String
  /// What was expected, what was found and the remedy, without the path.
  public let message: String

  public init(kind: Kind, path: String, message: String) {
    self.kind = kind
    self.path = path
    self.message = message
  }

  public init(_ error: FileError) {
    let kind: Kind =
      switch error.kind {
      case .noInput: .noInput
      case .badData: .badData
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      }
    self.init(kind: kind, path: error.path, message: error.message)
  }

  public var description: String { "\(path): \(message)" }
}
