import ArgumentParser
import Batches
import Files

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the progress of processes that share a folder of results.",
    discussion: """
      For folders that denoise, inpaint, upscale or reconstruct write to with --claim. What a process that \
      died had claimed counts as left.

        $ latent status clean/
        1,988 done, 4 claimed, 1 failed, 7 left of 2,000: latent denoise --sigma 25
        claimed\tphotos/0412.png\tnode-2\tprocess 4711\tfor 12s
        failed\tphotos/0007.png\tphotos/0007.png: expected a PNG or JPEG, found neither
      """)

  @Argument(help: "The folder of the results.")
  var folder: String

  @Option(
    help: ArgumentHelp(
      "The --claim-timeout of those processes.", valueName: "time"))
  var claimTimeout = TimeSpan(seconds: 300)

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    guard Paths.isFolder(folder) else {
      throw Failure(.noInput, "\(folder): expected a folder, found none")
    }
    guard let list = try WorkList.read(in: folder) else {
      throw Failure(
        .noInput,
        "\(folder): expected the results of a command with --claim, found no list of its work")
    }
    let state = try WorkState(list, in: folder, timeout: claimTimeout.seconds)
    let text = json ? state.json.description + "\n" : state.text
    try FileOutput.standardOutput.write(Array(text.utf8))
  }
}
