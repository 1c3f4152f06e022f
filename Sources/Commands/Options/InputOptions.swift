import ArgumentParser
import ImageCodecs
import Pictures

/// How pictures are read.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The largest width times height that is read.", valueName: "count"))
  var maxPixels: Int = ImageLimits.default.maximumPixels

  @Flag(help: "Make colour pictures grey.")
  var grey = false

  @Option(
    help: ArgumentHelp(
      """
      What transparent pixels are laid on where transparency cannot be kept: white, black or a \
      grey level of 0 to 255.
      """, valueName: "level"))
  var background: Background = .white

  func validate() throws {
    if maxPixels < 1 { throw ValidationError("expected --max-pixels of at least 1") }
  }

  var limits: ImageLimits { ImageLimits(maximumPixels: maxPixels) }
}
