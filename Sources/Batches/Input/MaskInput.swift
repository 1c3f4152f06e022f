import Files
import ImageCodecs
import Pictures
import Tensors

/// Which pixels are hidden, for one picture or many.
package struct MaskInput {
  /// How a mask is read.
  package struct Options {
    /// From this level on, 1 to 255, a pixel is hidden.
    package var threshold: Int
    /// By how many pixels what is hidden is widened in all directions.
    package var growth: Int

    package init(threshold: Int = 128, growth: Int = 0) {
      (self.threshold, self.growth) = (threshold, growth)
    }
  }

  private enum Source {
    /// Where a picture is transparent.
    case alpha
    case pictures([PictureInput])
    /// Of a folder, by the names of the pictures they belong to, without extensions. As bytes: two names that
    /// Unicode holds for equal are two files.
    case named([[UInt8]: PictureInput], folder: String)
  }

  private let source: Source
  private let options: Options
  private let tell: (BatchEvent) -> Void
  /// The files that masks are read from.
  package let files: [String]

  /// - Parameter argument: "alpha", or a picture or array that is light where pixels are hidden.
  package init(_ argument: String, _ reader: PictureReader, options: Options) throws {
    (self.options, tell) = (options, reader.tell)
    guard argument != "alpha" else {
      (source, files) = (.alpha, [])
      return
    }
    let inputs = reader.reading(arrays: ArrayReading(scale: .mask)).inputs([argument])
    guard !inputs.isEmpty else {
      throw BatchError(.noInput, "\(argument): expected a mask, found no picture")
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
  /// - Throws: `BatchError`, `BatchProblem` where the mask does not belong to the picture.
  package func mask(
    for picture: Picture, at index: Int, from source: PictureInput
  ) throws -> PictureMask {
    let found = try levels(for: picture, at: index, from: source)
    // Half a level below, so that files of 16 bits have their middle there too.
    let mask = PictureMask(
      levels: found.levels, threshold: (Float(options.threshold) - 0.5) / 255,
      growth: options.growth,
      isHard: found.isLossy)
    tellOf(mask, found.name)
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
        throw BatchProblem.noTransparency
      }
      return Levels(name: source.name, levels: transparency, isLossy: false)
    case .named(let inputs, let folder):
      guard let input = inputs[Array(Self.key(source).utf8)] else {
        throw BatchError(
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

  /// Tells what people should know of a mask that does hardly anything or nearly all.
  private func tellOf(_ mask: PictureMask, _ name: String) {
    let (hidden, all) = (mask.hiddenCount, mask.count)
    guard hidden > 0 else {
      let highest = Int((mask.highestLevel * 255).rounded())
      return tell(
        .nothingHidden(mask: name, threshold: options.threshold, highest: highest))
    }
    let share = Double(hidden) / Double(all)
    if share < 1e-4 {
      tell(.remark("\(name): hides only \(grouped(hidden)) of \(grouped(all)) pixels"))
    } else if share > 0.95 {
      tell(
        .remark(
          "\(name): hides \(decimal(share * 100, 1)) % of the picture; light is what is hidden, dark what is seen"
        ))
    }
  }
}
