import ArgumentParser
import Datasets
import ImageCodecs

/// What is made of the pictures to train on.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Bring all pictures to this size; without it they must have one size.", valueName: "wxh"))
  var size: Extents?

  @Option(
    help: ArgumentHelp(
      "With --size, for other proportions: crop the middle, or fit the whole in.",
      valueName: "crop|fit"))
  var fit: ImageGeometry.Fitting = .crop

  @Flag(help: "Train on grey pictures.")
  var grey = false

  @Flag(help: "Train on colour pictures; without either, colour where any picture has it.")
  var colour = false

  @Option(
    help: ArgumentHelp(
      "What transparent pixels are laid on: white, black or a grey level of 0 to 255.",
      valueName: "level"))
  var background: Background = .white

  @Flag(help: "Mirror every other picture, by chance.")
  var flip = false

  @Flag(help: "Draw every pixel as black or white by its intensity, anew each time.")
  var binarise = false

  @Flag(help: "Add noise that spreads each of the 256 levels evenly.")
  var dequantise = false

  @Option(
    help: ArgumentHelp(
      """
      Folders or files to validate on. Without it a share of the pictures is held out.
      """, valueName: "path"))
  var validation: [String] = []

  @Option(
    help: ArgumentHelp(
      "The share held out, 0 to below 1; without it 0.05, at most 1000 pictures.",
      valueName: "share"))
  var validationShare: Double?

  @Option(
    help: ArgumentHelp(
      "Memory for decoded pictures, in MB; others are decoded when needed.", valueName: "size"))
  var cacheSize: Int = 1024

  @Option(
    help: ArgumentHelp("The largest width times height that is read.", valueName: "count"))
  var maxPixels: Int = ImageLimits.default.maximumPixels

  func validate() throws {
    if grey && colour { throw ValidationError("expected --grey or --colour, found both") }
    if binarise && dequantise {
      throw ValidationError("expected --binarise or --dequantise, found both")
    }
    if let validationShare {
      guard (0..<1).contains(validationShare) else {
        throw ValidationError(
          "expected a --validation-share of 0 to below 1, found \(validationShare)")
      }
      guard validation.isEmpty else {
        throw ValidationError("expected --validation or --validation-share, found both")
      }
    }
    try requireCounts([("--cache-size", cacheSize, 0...16_777_216)])
    try requireCounts([("--max-pixels", maxPixels, 1...Int.max)])
  }

  var options: DatasetOptions {
    DatasetOptions(
      size: size.map { .scaled(width: $0.width, height: $0.height) } ?? .own,
      colour: grey ? .grey : colour ? .rgb : .automatic, fitting: fit,
      background: background.level, cacheBudget: cacheSize << 20,
      limits: ImageLimits(maximumPixels: maxPixels))
  }

  var augmentation: Augmentation {
    Augmentation(horizontalFlip: flip, dequantisation: dequantise, binarisation: binarise)
  }
}

extension ImageGeometry.Fitting: ExpressibleByArgument {}
