import Foundation
import Testing

@testable import Commands

@Suite("help")
struct HelpTests {
  static let commands = [
    "", "train", "encode", "decode", "reconstruct", "sample", "denoise", "inpaint", "upscale",
    "interpolate", "evaluate", "compare", "info", "report",
    "status",
  ]

  /// With LATENT_UPDATE_SNAPSHOTS=1 the snapshots are written anew.
  @Test("each command's help is what its snapshot says", arguments: commands)
  func snapshot(command: String) throws {
    let help = try Program.succeed("help", command).text
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Snapshots/\(command.isEmpty ? "latent" : command).txt")
    if ProcessInfo.processInfo.environment["LATENT_UPDATE_SNAPSHOTS"] == "1" {
      try Data(help.utf8).write(to: file)
    }
    #expect(try help == String(contentsOf: file, encoding: .utf8))
  }

  @Test("no command is without a snapshot")
  func complete() {
    let names = Latent.configuration.subcommands.map { $0._commandName }
    #expect(Set(names) == Set(Self.commands.dropFirst()))
  }

  @Test("every command's help shows a transcript whose lines are not folded")
  func transcripts() {
    for command in Latent.configuration.subcommands + [Latent.self] {
      let lines = command.configuration.discussion.split(separator: "\n")
      let name = command == Latent.self ? "" : command._commandName
      #expect(lines.contains { $0.hasPrefix("  $ latent \(name)") })
      #expect(lines.allSatisfy { !$0.hasPrefix("  ") || $0.count < 80 })
    }
  }

  @Test("the version, on standard output")
  func version() throws {
    #expect(try Program.succeed("--version").text == "latent 0.1.0\n")
  }
}
