/// A picture that is put together piece by piece from planes of floating-point numbers, so that no
/// more than a piece of it has to be there in that form.
package final class ImageCanvas {
  package let width: Int
  package let height: Int
  /// 1 (gray) or 3 (RGB).
  package let channels: Int
  private var samples: Image.Samples

  /// - Parameter depth: bits per sample, 8 or 16.
  package init(width: Int, height: Int, channels: Int, depth: Int) {
    precondition(channels == 1 || channels == 3, "a picture has 1 or 3 color channels")
    precondition(depth == 8 || depth == 16, "samples have 8 or 16 bits")
    (self.width, self.height, self.channels) = (width, height, channels)
    let count = width * height * channels
    samples =
      depth == 8
      ? .bits8([UInt8](repeating: 0, count: count))
      : .bits16([UInt16](repeating: 0, count: count))
  }

  /// Writes a piece: clamped to [0, 1], NaN as 0, and rounded to the nearest sample value.
  ///
  /// - Parameters:
  ///   - planes: `[C, h, w]`.
  ///   - rows: h of them, within the picture.
  ///   - columns: w of them, within the picture.
  package func insert(
    _ planes: UnsafeBufferPointer<Float>, rows: Range<Int>, columns: Range<Int>
  ) {
    precondition(planes.count == channels * rows.count * columns.count)
    precondition(rows.upperBound <= height && columns.upperBound <= width)
    switch samples {
    case .bits8(var array):
      samples = .bits8([])
      write(planes, rows, columns, to: &array)
      samples = .bits8(array)
    case .bits16(var array):
      samples = .bits16([])
      write(planes, rows, columns, to: &array)
      samples = .bits16(array)
    }
  }

  private func write<Sample: FixedWidthInteger & UnsignedInteger>(
    _ planes: UnsafeBufferPointer<Float>, _ rows: Range<Int>, _ columns: Range<Int>,
    to array: inout [Sample]
  ) {
    array.withUnsafeMutableBufferPointer { target in
      for channel in 0..<channels {
        for (line, row) in rows.enumerated() {
          let source = (channel * rows.count + line) * columns.count
          let start = (row * width + columns.lowerBound) * channels + channel
          gather(
            UnsafeBufferPointer(rebasing: planes[source..<source + columns.count]),
            to: UnsafeMutableBufferPointer(rebasing: target[start...]), 0, of: channels,
            pixels: columns.count)
        }
      }
    }
  }

  /// The picture as it is now.
  package func image(metadata: Metadata = Metadata()) -> Image {
    Image(
      width: width, height: height, colorModel: channels == 1 ? .gray : .rgb, samples: samples,
      metadata: metadata)
  }
}

extension Image {
  /// A part of a row of one channel, in [0, 1].
  ///
  /// - Precondition: `target` holds `columns.count` numbers.
  package func copyRow(
    _ row: Int, columns: Range<Int>, channel: Int, to target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(columns.upperBound <= width && target.count >= columns.count)
    let start = (row * width + columns.lowerBound) * colorModel.channels
    switch samples {
    case .bits8(let source):
      spread(
        source, channel, of: colorModel.channels, from: start, to: target, pixels: columns.count)
    case .bits16(let source):
      spread(
        source, channel, of: colorModel.channels, from: start, to: target, pixels: columns.count)
    }
  }
}
