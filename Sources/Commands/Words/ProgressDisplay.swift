import Files
import Platform
import VAE

/// Progress on standard error: on a terminal one line that is written over and taken away in the end; elsewhere
/// plain lines, at first every few seconds, later more and more rarely.
struct ProgressDisplay {
  enum Style {
    case quiet
    case terminal
    case lines
  }

  private let style: Style
  private let clock: () -> Double
  private let write: (String) -> Void
  private let width: () -> Int?
  private var nextTime: Double
  private var interval = 2.0

  /// - Parameters:
  ///   - clock: seconds that only grow.
  ///   - write: takes the output.
  ///   - width: the terminal's columns: a line that is folded could not be written over.
  init(
    _ style: Style, clock: @escaping () -> Double = monotonicSeconds,
    write: @escaping (String) -> Void = StandardError.write,
    width: @escaping () -> Int? = { StandardError.width }
  ) {
    self.style = style
    self.width = width
    self.clock = clock
    self.write = write
    nextTime = clock() + (style == .terminal ? 0 : interval)
  }

  /// The style for this process.
  static func style(isQuiet: Bool) -> Style {
    isQuiet ? .quiet : StandardError.isTerminal ? .terminal : .lines
  }

  /// Whether the time for another line has come.
  var isDue: Bool { style != .quiet && clock() >= nextTime }

  /// Shows where things stand.
  mutating func show(_ bar: ProgressBar) {
    switch style {
    case .quiet: return
    case .terminal:
      write(
        StandardError.eraser + bar.line(width: width(), hasBlocks: Environment.showsAllCharacters))
      StandardError.hasOpenLine.store(true, ordering: .relaxed)
      nextTime = clock() + 0.2
    case .lines:
      write(Printable.escaped(bar.plain) + "\n")
      interval = min(interval * 1.5, 300)
      nextTime = clock() + interval
    }
  }

  /// Writes a line that stays.
  func keep(_ line: String) {
    guard style != .quiet else { return }
    erase()
    write(Printable.escaped(line) + "\n")
  }

  /// Takes the line that is written over away.
  func erase() {
    if endOpenLine() { write(StandardError.eraser) }
  }

  private func endOpenLine() -> Bool {
    style == .terminal && StandardError.hasOpenLine.exchange(false, ordering: .relaxed)
  }
}
