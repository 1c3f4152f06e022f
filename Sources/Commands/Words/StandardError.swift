import Files
import Platform
import Synchronization

/// Everything that is no result: messages and progress.
enum StandardError {
  /// Whether a line stands there that is to be written over.
  static let hasOpenLine = Atomic<Bool>(false)

  /// Writes as it is; a standard error that cannot be written to is passed over.
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { writeOnce($0, to: STDERR_FILENO) }
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }

  /// Bytes of a message at most: it may quote what stands in a file.
  private static let limit = 2000

  /// A line, with the program's name before it, in the place of a line of progress. Control characters
  /// are written as escapes.
  static func report(_ message: String) {
    let line = Printable.escaped(message, limit: limit)
    let isOpen = hasOpenLine.exchange(false, ordering: .relaxed)
    write((isOpen ? eraser : "") + "latent: \(line)\n")
  }

  /// Takes away what stands in the terminal's line.
  static let eraser = "\r\u{1B}[K"

  /// Whether someone is looking.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether results go to a terminal too, perhaps the same one.
  static var sharesOutput: Bool { isatty(STDOUT_FILENO) == 1 }

  /// The columns of the terminal; nil where there is none.
  static var width: Int? {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
