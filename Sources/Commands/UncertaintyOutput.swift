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

/// The root mean square over channels of standard deviations that come region by region.
struct DeviationMap {
  private(set) var deviation: Tensor

  init(height: Int, width: Int) { deviation = Tensor([1, height, width]) }

  /// - Parameter channels: standard deviations `[C, h, w]`.
  mutating func insert(_ channels: UnsafeBufferPointer<Float>, at region: PixelRegion) {
    let (area, width) = (region.area, deviation.shape[2])
    let count = channels.count / area
    deviation.withUnsafeMutableElements { target in
      for (line, row) in region.rows.enumerated() {
        for column in 0..<region.width {
          let pixel = line * region.width + column
          var sum: Float = 0
          for channel in 0..<count {
            let value = channels[channel * area + pixel]
            sum += value * value
          }
          target[row * width + region.columns.lowerBound + column] =
            (sum / Float(count)).squareRoot()
        }
      }
    }
  }
}
