import Files
import Pictures
import Restoration
import Tensors

/// Where the standard deviations of results go.
final class UncertaintyOutput {
  private let output: PictureOutput
  private let isColored: Bool
  private let tell: (BatchEvent) -> Void

  /// - Parameter roles: the files that are read, and those that results go to.
  init(
    _ path: String, inputs: [PictureInput], isColored: Bool, roles: FileRoles,
    tell: @escaping (BatchEvent) -> Void
  ) throws {
    var options = PictureOutput.Options(path: path)
    let depth = isColored ? 8 : 16
    if PictureFormat(path: path)?.takesDepth(depth) ?? true { options.depth = depth }
    output = try PictureOutput(
      options, count: inputs.count, roles: roles, role: "the uncertainty",
      replacesSources: false)
    try output.prepare(inputs)
    (self.isColored, self.tell) = (isColored, tell)
  }

  /// - Parameters:
  ///   - deviation: standard deviations on the scale 0...1, `[1, H, W]`.
  ///   - index: the picture's place in the batch.
  ///   - input: what it was read from.
  func write(_ deviation: Tensor, at index: Int, for input: PictureInput) throws {
    var picture = Picture(pixels: deviation, depth: 16)
    if isColored {
      let map = ColorMap.uncertainty(deviation)
      picture = Picture(pixels: map.pixels)
      let range = decimal(Double(map.largest) * 255, 2)
      picture.metadata.text.append(
        .init(keyword: "Comment", value: "standard deviation from 0 (dark) to \(range) of 255"))
      tell(.remark("\(input.name): uncertainty from 0 (dark) to \(range) of 255 (bright)"))
    }
    try output.write(picture, at: index, for: input)
  }

  /// - Throws: `BatchProblem` where the deviations of several pictures go into one file.
  func checkIsSharable() throws {
    guard !output.writesAtOnce else { return }
    throw BatchProblem.sharedDeviations
  }

  /// Writes what had to wait.
  func finish() throws {
    if output.isWaiting { try output.finish() }
  }
}
