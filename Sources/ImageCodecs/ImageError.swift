import Files

/// Why a picture could not be read or written; printed as one line with the path first.
public struct ImageError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// What was asked for cannot be done with this picture or format.
    case usage
    /// The file is damaged, too large, or not a picture that can be read.
    case badData
    /// The picture has more pixels than may be read.
    case tooManyPixels
    /// The file is not there or may not be read.
    case noInput
    /// The file could not be created.
    case cannotCreate
    /// Reading or writing broke off.
    case inputOutput
    /// There is less memory than the picture needs.
    case noMemory
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

  public var description: String { "\(Printable.named(path)): \(message)" }
}
