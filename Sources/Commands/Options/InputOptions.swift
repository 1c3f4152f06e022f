import ArgumentParser
import ImageCodecs
import Pictures

/// How pictures are read.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Largest picture to read, in pixels.", valueName: "count"))
  var maxPixels: Int = ImageLimits.default.maximumPixels

  @Flag(
    name: [.customLong("gray"), .customLong("grey")], help: "Convert color pictures to gray.")
  var grey = false

  @Option(
    help: ArgumentHelp(
      """
      Background of transparent pixels where transparency cannot be kept: white, black or a \
      gray level of 0 to 255.
      """, valueName: "level"))
  var background: Background = .white

  @Option(
    help: ArgumentHelp(
      """
      The number that stands for white in an array; 0 is black (default: by the array's type and \
      numbers, 255, 65535 or, for fractions, 1).
      """, valueName: "number"))
  var arrayWhite: Float?

  @Option(
    help: ArgumentHelp(
      """
      The axes of an array: hw, nhw, chw, hwc, nchw or nhwc, for pictures, channels, rows and columns \
      (default: by the array's shape).
      """, valueName: "axes"))
  var arrayAxes: ArrayAxes?

  func validate() throws {
    if let arrayWhite, !(arrayWhite.isFinite && arrayWhite > 0) {
      throw ValidationError("expected a positive --array-white, found \(arrayWhite)")
    }
    if maxPixels < 1 { throw ValidationError("expected --max-pixels of at least 1") }
  }

  var limits: ImageLimits { ImageLimits(maximumPixels: maxPixels) }

  var arrays: ArrayReading {
    ArrayReading(scale: arrayWhite.map(ArrayReading.Scale.white) ?? .automatic, axes: arrayAxes)
  }

  /// The pictures of arguments.
  func pictures(_ arguments: [String], walk: PictureWalk? = nil) -> [PictureInput] {
    PictureInput.all(arguments, limits: limits, arrays: arrays, walk: walk)
  }
}

extension ArrayAxes: ExpressibleByArgument {
  package init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}
