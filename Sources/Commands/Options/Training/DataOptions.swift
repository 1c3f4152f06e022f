import ArgumentParser
import Datasets
import ImageCodecs
import Pictures
import VAE

/// What is made of the pictures to train on.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Scale all pictures to this size (default: their own, or one chosen where they differ).",
      valueName: "wxh"))
  var size: Extents?

  @Option(
    help: ArgumentHelp(
      "With --size, for pictures of other proportions: crop the middle, or fit the whole picture in.",
      valueName: "crop|fit"))
  var fit: ImageGeometry.Fitting = .crop

  @Option(
    help: ArgumentHelp(
      "Train on random crops of this size (default with --preset photograph: 64x64).",
      valueName: "wxh"))
  var crop: Extents?

  @Option(
    help: ArgumentHelp(
      """
      Damage that a conditional model learns to undo: photograph (noise, JPEG artifacts, holes, small \
      size), denoise (the noise of cameras and film, JPEG artifacts), missing (holes, small size) or \
      noise.
      """, valueName: "kind"))
  var damage: DamageMixture?

  @Flag(name: [.customLong("gray"), .customLong("grey")], help: "Train on gray pictures.")
  var gray = false

  @Flag(
    name: [.customLong("color"), .customLong("colour")],
    help: "Train on color pictures (default: color if any picture has it).")
  var color = false

  @Option(
    help: ArgumentHelp(
      "Background of transparent pixels: white, black or a gray level of 0 to 255.",
      valueName: "level"))
  var background: Background = .white

  @Flag(inversion: .prefixedNo, help: "Mirror a random half of the pictures.")
  var flip: Bool?

  @Flag(help: "Turn and mirror crops at random, in all eight ways.")
  var symmetries = false

  @Option(
    help: ArgumentHelp(
      "With --crop, draw so many crops and train on the most detailed one.", valueName: "count"))
  var mostDetailedOf = 1

  @Option(
    help: ArgumentHelp(
      "With --crop, reduce crops of up to so many times the size.", valueName: "factor"))
  var reduceUpTo = 1.0

  @Flag(help: "With --crop, also use pictures longer than 1000 pixels at half their size.")
  var halved = false

  @Flag(help: "With --crop, use them at half their size only, which removes their own grain.")
  var halvedOnly = false

  @Flag(
    name: [.customLong("binarize"), .customLong("binarise")],
    help: "Make each pixel black or white at random, by its intensity, anew each time.")
  var binarize = false

  @Flag(
    name: [.customLong("binarize-once"), .customLong("binarise-once")],
    help: "Make each pixel black or white at random once, by the seed: a fixed data set.")
  var binarizeOnce = false

  @Option(
    help: ArgumentHelp(
      "Make pixels of at least this level, 1 to 255, white and all others black.",
      valueName: "level"))
  var threshold: Int?

  @Flag(
    name: [.customLong("dequantize"), .customLong("dequantise")],
    help: "Add noise that spreads each of the 256 levels evenly.")
  var dequantize = false

  @Option(
    help: ArgumentHelp(
      "Add Gaussian noise of this deviation on the scale 0 to 255, anew each time.",
      valueName: "deviation"))
  var noise: Float?

  @Option(
    help: ArgumentHelp(
      """
      Folders or files to validate on (default: a share of the pictures is held out).
      """, valueName: "path"))
  var validation: [String] = []

  @Option(
    help: ArgumentHelp(
      "Share to hold out, 0 to below 1 (default: 0.05, at most 1000 pictures).",
      valueName: "share"))
  var validationShare: Double?

  @Option(
    help: ArgumentHelp(
      "The number that stands for white in an array; 0 is black (default: by its type and numbers).",
      valueName: "number"))
  var arrayWhite: Float?

  @Option(
    help: ArgumentHelp(
      "The axes of an array: hw, nhw, chw, hwc, nchw or nhwc (default: by its shape).",
      valueName: "axes"))
  var arrayAxes: ArrayAxes?

  @Option(
    help: ArgumentHelp(
      "Memory for decoded pictures, in MB; others are decoded when needed.", valueName: "size"))
  var cacheSize: Int = 1024

  @Option(
    help: ArgumentHelp("Largest picture to read, in pixels.", valueName: "count"))
  var maxPixels: Int = ImageLimits.default.maximumPixels

  func validate() throws {
    if gray && color { throw ValidationError("expected --gray or --color, found both") }
    let given = [
      ("--binarize", binarize), ("--binarize-once", binarizeOnce),
      ("--threshold", threshold != nil), ("--dequantize", dequantize),
    ].filter(\.1).map(\.0)
    if given.count > 1 {
      throw ValidationError("expected \(given[0]) or \(given[1]), found both")
    }
    if let noise {
      guard noise.isFinite && noise > 0 else {
        throw ValidationError("expected a positive --noise, found \(noise)")
      }
      if let first = given.first, first != "--dequantize" {
        throw ValidationError("expected \(first) or --noise, found both")
      }
    }
    try requireCounts([
      ("--threshold", threshold, 1...255), ("--most-detailed-of", mostDetailedOf, 1...100),
      ("--cache-size", cacheSize, 0...16_777_216), ("--max-pixels", maxPixels, 1...Int.max),
    ])
    guard (1...16).contains(reduceUpTo) else {
      throw ValidationError("expected a --reduce-up-to of 1 to 16, found \(reduceUpTo)")
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
    if let arrayWhite, !(arrayWhite.isFinite && arrayWhite > 0) {
      throw ValidationError("expected a positive --array-white, found \(arrayWhite)")
    }
  }

  /// What is made of the pictures, and which are held out.
  var options: TrainingData.Options {
    var options = TrainingData.Options(dataset)
    options.augmentation = augmentation
    options.damage = damage
    options.validation = validation
    options.validationShare = validationShare
    return options
  }

  private var dataset: DatasetOptions {
    var options = DatasetOptions(
      size: crop.map { .pieces(width: $0.width, height: $0.height) }
        ?? size.map { .scaled(width: $0.width, height: $0.height) } ?? .own,
      color: gray ? .gray : color ? .rgb : .automatic, fitting: fit,
      halved: halvedOnly ? .only : halved ? .also : .none, background: background.level,
      cacheBudget: cacheSize << 20,
      limits: ImageLimits(maximumPixels: maxPixels))
    options.arrays = ArrayReading(
      scale: arrayWhite.map(ArrayReading.Scale.white) ?? .automatic, axes: arrayAxes,
      takesAlpha: true)
    return options
  }

  /// With what a conditional model needs where nothing else was asked for.
  var photographic: DataOptions {
    var options = self
    if crop == nil && size == nil { options.crop = Extents(width: 64, height: 64) }
    if damage == nil { options.damage = .photograph }
    return options
  }

  private var augmentation: Augmentation {
    Augmentation(
      horizontalFlip: flip ?? false, symmetries: symmetries, candidates: mostDetailedOf,
      reduction: reduceUpTo, dequantization: dequantize,
      binarization: binarize
        ? .dynamic : binarizeOnce ? .fixed : threshold.map { .threshold(UInt8($0)) },
      noise: (noise ?? 0) / 255)
  }
}

extension DamageMixture: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }

  public static var allValueStrings: [String] { all.map(\.name) }
}

extension ImageGeometry.Fitting: ExpressibleByArgument {}
