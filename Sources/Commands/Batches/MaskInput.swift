import Files
import ImageCodecs
import Pictures
import Tensors

/// Which pixels are hidden, for one picture or many.
struct MaskInput {
  private enum Source {
    /// Where a picture is transparent.
    case alpha
    case pictures([PictureInput])
    /// Of a folder, by the names of the pictures they belong to, without extensions. As bytes: two names that
    /// Unicode holds for equal are two files.
    case named([[UInt8]: PictureInput], folder: String)
  }

  private let source: Source
  private let options: MaskOptions
  /// The files that masks are read from.
  let files: [String]

  /// - Parameter argument: "alpha", or a picture or array that is light where pixels are hidden.
  init(_ argument: String, limits: ImageLimits, options: MaskOptions) throws {
    self.options = options
    guard argument != "alpha" else {
      (source, files) = (.alpha, [])
      return
    }
    let inputs = PictureInput.all([argument], limits: limits, arrays: ArrayReading(scale: .mask))
    guard !inputs.isEmpty else {
      throw Failure(.noInput, "\(argument): expected a mask, found no picture")
    }
    files = inputs.compactMap(\.file)
    source =
      Paths.isFolder(argument)
      ? .named(
        Dictionary(inputs.map { (Array(Self.key($0).utf8), $0) }) { first, _ in first },
        folder: argument)
      : .pictures(inputs)
  }

  /// The path below an output folder without its extension.
  private static func key(_ input: PictureInput) -> String {
    Paths.folder(input.outputName) + Paths.stem(input.outputName)
  }

  /// The mask of one picture of a batch. One that hides next to nothing, or nearly all, is told of.
  ///
  /// - Parameters:
  ///   - index: its place, which counts in an array of masks; one mask serves all.
  ///   - source: what the picture was read from: in a folder of masks its name counts.
  /// - Throws: `Failure` where the mask does not belong to the picture.
  func mask(
    for picture: Picture, at index: Int, from source: PictureInput
  ) throws -> PictureMask {
    let found = try levels(for: picture, at: index, from: source)
    let mask = PictureMask(
      levels: found.levels, threshold: options.threshold, growth: options.grow,
      isHard: found.isLossy)
    if let remark = remark(on: mask) { StandardError.report("\(found.name): \(remark)") }
    return mask
  }

  /// A mask before it is decided what is hidden.
  private struct Levels {
    let name: String
    /// `[1, H, W]` in [0, 1].
    let levels: Tensor
    let isLossy: Bool
  }

  private func levels(
    for picture: Picture, at index: Int, from source: PictureInput
  ) throws -> Levels {
    switch self.source {
    case .alpha:
      guard let transparency = PictureMask.transparency(of: picture) else {
        throw Failure(.badData, "expected a picture with transparency for --mask alpha, found none")
      }
      return Levels(name: source.name, levels: transparency, isLossy: false)
    case .named(let inputs, let folder):
      guard let input = inputs[Array(Self.key(source).utf8)] else {
        throw Failure(
          .badData,
          "expected a mask of the picture's name in \(folder), found none called "
            + "\(Self.key(source))")
      }
      return try levels(of: input, for: picture)
    case .pictures(let inputs):
      return try levels(of: inputs.companion(at: index, called: "mask"), for: picture)
    }
  }

  private func levels(of input: PictureInput, for picture: Picture) throws -> Levels {
    let mask = try input.picture(besides: picture, called: "mask")
    return Levels(
      name: input.name, levels: PictureMask.levels(of: mask),
      isLossy: mask.metadata.jpegQuality != nil)
  }

  /// What people should know of a mask that does hardly anything or nearly all.
  private func remark(on mask: PictureMask) -> String? {
    let (hidden, all) = (mask.hiddenCount, mask.count)
    guard hidden > 0 else {
      let highest = Int((mask.highestLevel * 255).rounded())
      return
        "hides no pixel: expected levels of \(options.maskThreshold) or more of 255, found at most "
        + "\(highest)" + (highest > 0 ? "; --mask-threshold says from which level on" : "")
    }
    let share = Double(hidden) / Double(all)
    if share < 1e-4 { return "hides only \(grouped(hidden)) of \(grouped(all)) pixels" }
    guard share > 0.95 else { return nil }
    return
      "hides \(decimal(share * 100, 1)) % of the picture; light is what is hidden, dark what is seen"
  }
}

extension [PictureInput] {
  /// What goes with the picture at a place of a batch: one for all, or one for each.
  func companion(at index: Int, called name: String) throws -> PictureInput {
    guard count == 1 || index < count else {
      throw Failure(
        .badData, "expected a \(name) for every picture or one for all, found \(count)")
    }
    return self[count == 1 ? 0 : index]
  }
}

extension PictureInput {
  /// A picture that goes with another of its size.
  func picture(besides other: Picture, called role: String) throws -> Picture {
    let picture = try picture()
    guard picture.region == other.region else {
      throw Failure(
        .badData,
        "\(name): expected a \(role) of the picture's \(other.width)x\(other.height) pixels, "
          + "found \(picture.width)x\(picture.height)")
    }
    return picture
  }
}
