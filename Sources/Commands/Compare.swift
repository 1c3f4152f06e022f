import ArgumentParser
import Batches
import Checkpoints
import Files

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how far two pictures are apart.",
    discussion: """
      Prints the peak signal-to-noise ratio in dB on the scale 0 to 255. Both sides are rounded \
      and clipped to 8 bits first, as they would be in a file, unless --exact says otherwise. Of several \
      pairs it is the mean; pairs that are identical, whose ratio is infinite, are counted apart.

        $ latent compare dress-denoised.png dress.png
        18.80 dB
        $ latent compare pullover-filled.png pullover.png \\
            --mask mask-lower-half.png --ssim
        18.13 dB over 392 hidden pixels, SSIM 0.7838
        $ latent compare denoised.npy clean.npy
        21.53 dB, mean of 500 pictures (standard error 0.08)
      """)

  @Argument(help: "A picture, a NumPy array of pictures, or a folder.")
  var first: String

  @Argument(help: "What to compare it with.")
  var second: String

  @Option(
    help: ArgumentHelp(
      "Count only the pixels where this picture or array is light.", valueName: "file"))
  var mask: String?

  @OptionGroup var maskOptions: MaskOptions

  @Flag(help: "Print the structural similarity (SSIM) too, over all pixels.")
  var ssim = false

  @Flag(help: "Compare without rounding and clipping to 8 bits.")
  var exact = false

  @Flag(help: "Print a line for every picture before the mean.")
  var perImage = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var parts: PartOption
  @OptionGroup(title: "Input options") var input: InputOptions

  func validate() throws {
    if mask == nil, let option = maskOptions.firstGiven {
      throw ValidationError("\(option) belongs to --mask")
    }
  }

  func run() throws {
    let left = input.pictures([first])
    let right = input.pictures([second])
    guard left.count == right.count else {
      throw Failure(
        .badData,
        "expected as many pictures on both sides, found \(left.count) in \(first) and "
          + "\(right.count) in \(second)")
    }
    let mask = try mask.map { try MaskInput($0, input.reader, options: maskOptions.options) }
    var report = ComparisonReport(isMasked: mask != nil)
    let output = FileOutput.standardOutput
    let part = try parts.chosen()
    if let part {
      let count = left.indices.count(where: part.contains)
      BatchDisplay.tell(.part(part, count: count, of: left.count))
    }
    for (index, pair) in zip(left, right).enumerated() where part?.contains(index) ?? true {
      let comparison = try pair.0.compared(
        to: pair.1, isGray: input.gray, background: input.background, isRounded: !exact,
        measuresSimilarity: ssim, mask: mask, at: index)
      report.add(comparison, name: pair.0.name, keeping: json && perImage)
      if perImage && !json {
        try output.write(
          Array("\(Printable.escaped(pair.0.name))\t\(comparison.line)\n".utf8))
      }
    }
    if report.isEmpty { return }
    try output.write(Array((json ? report.json.description : report.text).utf8) + [10])
  }
}
