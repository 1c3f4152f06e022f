import ArgumentParser

/// How a command that restores pictures goes about many of them.
struct BatchOptions: ParsableArguments {
  @Flag(
    name: [.customShort("r"), .customLong("recursive")],
    help: "Include subfolders; the output folder gets the same tree.")
  var isRecursive = false

  @Flag(help: "Skip pictures whose results exist.")
  var skipExisting = false

  @OptionGroup var sharing: SharingOptions

  @Flag(
    name: .customLong("no-record"),
    help: """
      Do not record in a result what was done to it. (PNG: a text called Software; JPEG: a comment.)
      """)
  var omitsRecord = false
}
