import ArgumentParser
import Restoration

/// How a conditional model restores pictures of any size.
struct ConditionalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Write this many plausible pictures drawn from the model instead of the best estimate.
      """, valueName: "count"))
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      """
      Write how far every pixel may be from the truth, as a standard deviation that the model \
      predicts (older models: that of samples, 16 without --samples): gray 16-bit PNG, 65535 for \
      the whole range of a picture. For several pictures a pattern or a folder.
      """, valueName: "path"))
  var uncertainty: String?

  @Flag(
    name: [.customLong("color-map"), .customLong("colour-map")],
    help: "Write the uncertainty in colors: dark is certain, bright uncertain.")
  var colorMap = false

  @Option(
    help: ArgumentHelp(
      """
      Process the picture in bands of this many rows: fewer take less memory. The result is the same \
      for every number. (default: about half a megapixel)
      """, valueName: "rows"))
  var tile: Int?

  @Option(
    help: ArgumentHelp(
      """
      Average over the picture turned and mirrored in this many ways: slightly better, that many \
      times slower.
      """, valueName: "ways"))
  var ensemble: SelfEnsemble?

  func validate() throws {
    try requireCounts([("--samples", samples, 1...10_000), ("--tile", tile, 1...65_536)])
    if colorMap && uncertainty == nil {
      throw ValidationError("--color-map belongs to --uncertainty")
    }
    if ensemble != nil && samples != nil {
      throw ValidationError("expected --ensemble or --samples, found both")
    }
  }

  /// The options that a model of one picture size does not know; nil where none is given.
  var firstGiven: String? {
    if uncertainty != nil { return "--uncertainty" }
    if tile != nil { return "--tile" }
    return ensemble != nil ? "--ensemble" : nil
  }
}

extension SelfEnsemble: ExpressibleByArgument {}
