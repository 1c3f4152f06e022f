import Restoration
import Tensors

/// Where `--uncertainty` goes.
final class UncertaintyOutput {
  private let output: PictureOutput
  private let isColoured: Bool

  init(_ path: String, inputs: [PictureInput], isColoured: Bool) throws {
    var options = try OutputOptions.parse(["--output", path])
    options.depth = isColoured ? 8 : 16
    output = try PictureOutput(options, count: inputs.count)
    try output.prepare(inputs)
    self.isColoured = isColoured
  }

  /// - Parameters:
  ///   - deviation: standard deviations on the scale 0...1, `[1, H, W]`.
  ///   - index: the picture's place in the batch.
  ///   - input: what it was read from.
  func write(_ deviation: Tensor, at index: Int, for input: PictureInput) throws {
    var picture = Picture(pixels: deviation, depth: 16)
    if isColoured {
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

  /// Writes what had to wait.
  func finish() throws {
    if output.isWaiting { try output.finish() }
  }
}

/// The standard deviation over samples that come region by region: the root mean square of those of
/// the channels.
struct DeviationMap {
  private(set) var deviation: Tensor
  private var moments = RunningMoments()

  init(height: Int, width: Int) { deviation = Tensor([1, height, width]) }

  /// - Parameters:
  ///   - pixels: `[C, h, w]`; all samples of a region come one after another.
  ///   - sample: its number, from 0, of `count`.
  mutating func insert(
    _ pixels: UnsafeBufferPointer<Float>, sample: Int, of count: Int, at region: PixelRegion
  ) {
    moments.add(pixels, isFirst: sample == 0)
    guard sample == count - 1 else { return }
    let (area, width) = (region.area, deviation.shape[2])
    moments.withResult { _, channels in
      let starts = stride(from: 0, to: channels.count, by: area)
      deviation.withUnsafeMutableElements { target in
        for (line, row) in region.rows.enumerated() {
          for column in 0..<region.width {
            let pixel = line * region.width + column
            var sum: Float = 0
            for start in starts {
              let value = channels[start + pixel]
              sum += value * value
            }
            target[row * width + region.columns.lowerBound + column] =
              (sum / Float(channels.count / area)).squareRoot()
          }
        }
      }
    }
  }
}
