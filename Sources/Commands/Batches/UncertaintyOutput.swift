import Pictures
import Restoration
import Tensors

/// Where `--uncertainty` goes.
final class UncertaintyOutput {
  private let output: PictureOutput
  private let isColored: Bool

  /// - Parameter roles: the files that are read, and those that results go to.
  init(_ path: String, inputs: [PictureInput], isColored: Bool, roles: FileRoles) throws {
    var options = try OutputOptions.parse(["--output", path])
    let depth = isColored ? 8 : 16
    if PictureFormat(path: path)?.takesDepth(depth) ?? true { options.depth = depth }
    output = try PictureOutput(
      options, count: inputs.count, roles: roles, role: "the uncertainty",
      replacesSources: false)
    try output.prepare(inputs)
    self.isColored = isColored
  }

  /// - Parameters:
  ///   - deviation: standard deviations on the scale 0...1, `[1, H, W]`.
  ///   - index: the picture's place in the batch.
  ///   - input: what it was read from.
  func write(_ deviation: Tensor, at index: Int, for input: PictureInput) throws {
    var picture = Picture(pixels: deviation, depth: 16)
    if isColored {
      let map = ColourMap.uncertainty(deviation)
      picture = Picture(pixels: map.pixels)
      let range = decimal(Double(map.largest) * 255, 2)
      picture.metadata.text.append(
        .init(keyword: "Comment", value: "standard deviation from 0 (dark) to \(range) of 255"))
      StandardError.report(
        "\(input.name): uncertainty from 0 (dark) to \(range) of 255 (bright)")
    }
    try output.write(picture, at: index, for: input)
  }

  /// - Throws: `Failure` of usage where the deviations of several pictures go into one file.
  func checkIsSharable() throws {
    guard !output.writesAtOnce else { return }
    throw Failure(
      .usage, "--uncertainty: expected a file for every picture with --claim; write to a folder")
  }

  /// Writes what had to wait.
  func finish() throws {
    if output.isWaiting { try output.finish() }
  }
}
