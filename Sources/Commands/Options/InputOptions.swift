import ArgumentParser
import Batches
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
  var gray = false

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

  private var limits: ImageLimits { ImageLimits(maximumPixels: maxPixels) }

  private var arrays: ArrayReading {
    ArrayReading(scale: arrayWhite.map(ArrayReading.Scale.white) ?? .automatic, axes: arrayAxes)
  }

  var reader: PictureReader {
    PictureReader(limits: limits, arrays: arrays, tell: BatchDisplay.tell)
  }

  /// The pictures of arguments.
  func pictures(_ arguments: [String]) -> [PictureInput] { reader.inputs(arguments) }
}

extension ArrayAxes: ExpressibleByArgument {
  package init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}
