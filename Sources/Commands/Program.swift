import ArgumentParser
import Batches
import Files
import Platform
import Ranks
import VAE

/// The whole program: parses the arguments, runs the command, and ends the process.
package enum Program {
  package static func run() -> Never {
    // A reader that has seen enough ends this program quietly, whatever the parent process ignores.
    signal(SIGPIPE, SIG_DFL)
    Interruption.unblock([SIGPIPE])
    // A file that grows beyond its limit is an error of its own then, and no end without a word.
    signal(SIGXFSZ, SIG_IGN)
    Memory.reportExhaustion(exitCode: Failure.Kind.noMemory.rawValue)
    let code = run(ProcessStart.arguments)
    for path in TemporaryFiles.takeRemoved() {
      StandardError.report("\(path): removed, the unfinished output of a run that was ended")
    }
    exit(code)
  }

  /// - Returns: the exit code.
  private static func run(_ arguments: [[UInt8]]) -> Int32 {
    do {
      var command = try Latent.parseAsRoot(arguments.map { asPath(String(systemPath: $0)) })
      try command.run()
    } catch {
      return report(error)
    }
    return 0
  }

  /// Prints what an error has to say.
  ///
  /// - Returns: the exit code.
  private static func report(_ error: any Error) -> Int32 {
    if let reported = error as? ReportedFailure { return reported.exitCode }
    if let ended = error as? RankedRun.Ended { return ended.code }
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
    let lines = Latent.message(for: error).split(separator: "\n").joined(separator: "; ")
    StandardError.report("\(lowercasedFirst(lines)); see \(helpCommand)")
    return Failure.Kind.usage.rawValue
  }

  /// A file whose name looks like options, as a path: of "-dash.png" the h would ask for help.
  private static func asPath(_ argument: String) -> String {
    guard argument.hasPrefix("-"), argument.utf8.count > 2 else { return argument }
    // An output is not there yet; "-opicture.png" is an option with its value.
    let isOutput =
      !argument.hasPrefix("--") && !argument.hasPrefix("-o") && PictureFormat(path: argument) != nil
    return isOutput || Paths.exists(argument) ? "./" + argument : argument
  }

  /// How to learn more about the command that was typed.
  private static var helpCommand: String {
    let names = Latent.configuration.subcommands.map { $0._commandName }
    let typed = ProcessStart.arguments.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    return names.contains(typed) ? "'latent help \(typed)'" : "'latent help'"
  }

  private static func lowercasedFirst(_ text: String) -> String {
    var text = text[...]
    while let last = text.last, last == "." || last == "\n" { text = text.dropLast() }
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
