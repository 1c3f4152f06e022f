import ArgumentParser
import Batches

/// How a mask is read.
struct MaskOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Mask level, 1 to 255, at and above which a pixel is hidden.", valueName: "level"))
  var maskThreshold: Int = 128

  @Option(
    help: ArgumentHelp(
      "Widen the hidden area by this many pixels in all directions.", valueName: "pixels"))
  var grow: Int = 0

  func validate() throws {
    try requireCounts([
      ("--mask-threshold", maskThreshold, 1...255), ("--grow", grow, 0...1000),
    ])
  }

  var options: MaskInput.Options {
    MaskInput.Options(threshold: maskThreshold, growth: grow)
  }

  /// What is given of the options; nil where none is.
  var firstGiven: String? {
    maskThreshold != 128 ? "--mask-threshold" : grow > 0 ? "--grow" : nil
  }
}
