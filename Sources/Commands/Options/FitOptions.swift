import ArgumentParser

/// What to do with a picture of another size than the model's.
struct FitOptions: ParsableArguments {
  @Flag(help: "Scale a picture of another size to the model's size, and the result back.")
  var resize = false

  @Flag(
    help: """
      Cut a larger picture into overlapping tiles of the model's size, handle each on its own, and \
      blend the results. (For models of one picture size.)
      """)
  var tiled = false

  func validate() throws {
    if resize && tiled { throw ValidationError("expected --resize or --tiled, found both") }
  }

  /// What a conditional model, which takes any size, has no use for; nil where none is given.
  var firstGiven: String? { resize ? "--resize" : tiled ? "--tiled" : nil }
}

/// `FitOptions` for commands whose result is no picture of the input's size.
struct ResizeOption: ParsableArguments {
  @Flag(help: "Scale a picture of another size to the model's size.")
  var resize = false
}
