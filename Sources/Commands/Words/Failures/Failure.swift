import Platform

/// Why a command cannot go on: one line for standard error and an exit code of sysexits.h.
struct Failure: Error, Hashable, CustomStringConvertible {
  enum Kind: Int32 {
    /// EX_USAGE.
    case usage = 64
    /// EX_DATAERR.
    case badData = 65
    /// EX_NOINPUT.
    case noInput = 66
    /// EX_UNAVAILABLE.
    case unavailable = 69
    /// EX_SOFTWARE.
    case software = 70
    /// EX_OSERR: less memory than would be needed.
    case noMemory = 71
    /// EX_CANTCREAT.
    case cannotCreate = 73
    /// EX_IOERR.
    case inputOutput = 74
    /// 128 and the number of SIGHUP, SIGINT or SIGTERM, as shells report it.
    case hungUp = 129
    case interrupted = 130
    case terminated = 143

    /// The end of a command that a signal has asked to stop.
    static func interruption(by signal: Int32) -> Self {
      switch signal {
      case SIGHUP: .hungUp
      case SIGTERM: .terminated
      default: .interrupted
      }
    }
  }

  let kind: Kind
  let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// Whether the next picture of a batch may fare better.
  ///
  /// - Parameter name: what messages call the picture: where reading breaks off, it is its fault.
  func isAboutOneInput(_ name: String) -> Bool {
    switch kind {
    case .badData, .noInput, .cannotCreate, .noMemory: true
    case .inputOutput: description.hasPrefix(name + ": ")
    default: false
    }
  }
}

/// The end of a command whose errors have been reported already.
struct ReportedFailure: Error {
  let exitCode: Int32
}
