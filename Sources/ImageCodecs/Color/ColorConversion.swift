extension Image {
  /// The picture in another color model. Gray is the luma 0.299 R + 0.587 G + 0.114 B of
  /// ITU-R BT.601, rounded; gray to color copies; new alpha is opaque; alpha that goes is
  /// ignored (see `flattened`).
  package func converted(to model: ColorModel) -> Image {
    if model == colorModel { return self }
    let converted: Samples =
      switch samples {
      case .bits8(let s): .bits8(convert(s, to: model))
      case .bits16(let s): .bits16(convert(s, to: model))
      }
    return Image(
      width: width, height: height, colorModel: model, samples: converted, metadata: metadata)
  }

  /// The picture with 8 or 16 bits a sample: v * 257 up, v / 257 rounded to nearest down.
  package func converted(toDepth depth: Int) -> Image {
    precondition(depth == 8 || depth == 16, "samples have 8 or 16 bits")
    switch samples {
    case .bits8(let s) where depth == 16:
      return replacing(samples: .bits16(s.map { UInt16($0) * 257 }))
    case .bits16(let s) where depth == 8:
      return replacing(
        samples: .bits8(s.map { UInt8(truncatingIfNeeded: (UInt32($0) + 128) / 257) }))
    default:
      return self
    }
  }

  /// The picture without alpha, composited on white.
  package func flattened() -> Image {
    guard colorModel.hasAlpha else { return self }
    let flat: Samples =
      switch samples {
      case .bits8(let s): .bits8(compositeOnWhite(s))
      case .bits16(let s): .bits16(compositeOnWhite(s))
      }
    return Image(
      width: width, height: height, colorModel: colorModel == .grayAlpha ? .gray : .rgb,
      samples: flat, metadata: metadata)
  }

  private func replacing(samples: Samples) -> Image {
    Image(
      width: width, height: height, colorModel: colorModel, samples: samples,
      metadata: metadata)
  }

  private func convert<Sample: FixedWidthInteger & UnsignedInteger>(
    _ source: [Sample], to model: ColorModel
  ) -> [Sample] {
    let pixels = width * height
    let from = colorModel
    return source.withUnsafeBufferPointer { source in
      [Sample](unsafeUninitializedCapacity: pixels * model.channels) { target, count in
        for pixel in 0..<pixels {
          let input = pixel * from.channels
          let output = pixel * model.channels
          if model.colorChannels == from.colorChannels {
            for channel in 0..<model.colorChannels {
              target.initializeElement(at: output + channel, to: source[input + channel])
            }
          } else if model.colorChannels == 1 {
            let luma =
              299 * UInt32(source[input]) + 587 * UInt32(source[input + 1])
              + 114 * UInt32(source[input + 2])
            target.initializeElement(
              at: output, to: Sample(truncatingIfNeeded: (luma + 500) / 1000))
          } else {
            for channel in 0..<3 {
              target.initializeElement(at: output + channel, to: source[input])
            }
          }
          if model.hasAlpha {
            target.initializeElement(
              at: output + model.channels - 1,
              to: from.hasAlpha ? source[input + from.channels - 1] : Sample.max)
          }
        }
        count = pixels * model.channels
      }
    }
  }

  private func compositeOnWhite<Sample: FixedWidthInteger & UnsignedInteger>(
    _ source: [Sample]
  ) -> [Sample] {
    let channels = colorModel.channels
    let colors = channels - 1
    let white = UInt64(Sample.max)
    return source.withUnsafeBufferPointer { source in
      [Sample](unsafeUninitializedCapacity: width * height * colors) { target, count in
        for pixel in 0..<width * height {
          let alpha = UInt64(source[pixel * channels + colors])
          for channel in 0..<colors {
            let sum = UInt64(source[pixel * channels + channel]) * alpha + white * (white - alpha)
            target.initializeElement(
              at: pixel * colors + channel,
              to: Sample(truncatingIfNeeded: (sum + white / 2) / white))
          }
        }
        count = width * height * colors
      }
    }
  }
}
