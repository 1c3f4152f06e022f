import ArgumentParser

/// How a command that restores pictures goes about many of them.
struct BatchOptions: ParsableArguments {
  @Flag(
    name: [.customShort("r"), .customLong("recursive")],
    help: """
      Take the pictures of a folder's folders too; the output folder gets the same tree.
      """)
  var isRecursive = false

  @Flag(help: "Leave results alone that are there already, and make the others.")
  var skipExisting = false

  @OptionGroup var sharing: SharingOptions

  @Flag(
    name: .customLong("no-record"),
    help: """
      Do not write into a result what was done to it. (PNG: a text called Software; JPEG: a comment.)
      """)
  var omitsRecord = false
}
