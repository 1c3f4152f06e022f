import ArgumentParser
import Files
import Platform
import VAE

/// The whole program: parses the arguments, runs the command, and ends the process.
public enum Program {
  public static func run() -> Never {
    // A reader that has seen enough ends this program quietly, whatever the parent process ignores.
    signal(SIGPIPE, SIG_DFL)
    Interruption.unblock([SIGPIPE])
    do {
      var command = try Latent.parseAsRoot()
      try command.run()
    } catch {
      exit(report(error))
    }
    exit(0)
  }

  /// Prints what an error has to say.
  ///
  /// - Returns: the exit code.
  private static func report(_ error: any Error) -> Int32 {
    if let reported = error as? ReportedFailure { return reported.exitCode }
    let code = Latent.exitCode(for: error)
    if code.isSuccess {
      let text = Latent.fullMessage(for: error)
      let lines = text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n"
      do {
        try FileOutput.standardOutput.write(Array(lines.utf8))
      } catch {
        return Failure(error).kind.rawValue
      }
      return 0
    }
    guard code == .validationFailure else {
      let failure = Failure(error)
      StandardError.report(failure.description)
      return failure.kind.rawValue
    }
    StandardError.report("\(lowercasedFirst(Latent.message(for: error))); see \(helpCommand)")
    return Failure.Kind.usage.rawValue
  }

  /// How to learn more about the command that was typed.
  private static var helpCommand: String {
    let names = Latent.configuration.subcommands.map { $0._commandName }
    let typed = CommandLine.arguments.dropFirst().first ?? ""
    return names.contains(typed) ? "'latent help \(typed)'" : "'latent help'"
  }

  private static func lowercasedFirst(_ text: String) -> String {
    var text = text[...]
    while let last = text.last, last == "." || last == "\n" { text = text.dropLast() }
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
