extension Image {
  /// The picture in another colour model. Grey is the luma 0.299 R + 0.587 G + 0.114 B of
  /// ITU-R BT.601, rounded; grey to colour copies; new alpha is opaque; alpha that goes is
  /// ignored (see `flattened`).
  package func converted(to model: ColourModel) -> Image {
    if model == colourModel { return self }
    let converted: Samples =
      switch samples {
      case .bits8(let s): .bits8(convert(s, to: model))
      case .bits16(let s): .bits16(convert(s, to: model))
      }
    return Image(
      width: width, height: height, colourModel: model, samples: converted, metadata: metadata)
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
    guard colourModel.hasAlpha else { return self }
    let flat: Samples =
      switch samples {
      case .bits8(let s): .bits8(compositeOnWhite(s))
      case .bits16(let s): .bits16(compositeOnWhite(s))
      }
    return Image(
      width: width, height: height, colourModel: colourModel == .greyAlpha ? .grey : .rgb,
      samples: flat, metadata: metadata)
  }

  private func replacing(samples: Samples) -> Image {
    Image(
      width: width, height: height, colourModel: colourModel, samples: samples,
      metadata: metadata)
  }

  private func convert<Sample: FixedWidthInteger & UnsignedInteger>(
    _ source: [Sample], to model: ColourModel
  ) -> [Sample] {
    let pixels = width * height
    let from = colourModel
    return source.withUnsafeBufferPointer { source in
      [Sample](unsafeUninitializedCapacity: pixels * model.channels) { target, count in
        for pixel in 0..<pixels {
          let input = pixel * from.channels
          let output = pixel * model.channels
          if model.colourChannels == from.colourChannels {
            for channel in 0..<model.colourChannels {
              target.initializeElement(at: output + channel, to: source[input + channel])
            }
          } else if model.colourChannels == 1 {
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
    let channels = colourModel.channels
    let colours = channels - 1
    let white = UInt64(Sample.max)
    return source.withUnsafeBufferPointer { source in
      [Sample](unsafeUninitializedCapacity: width * height * colours) { target, count in
        for pixel in 0..<width * height {
          let alpha = UInt64(source[pixel * channels + colours])
          for channel in 0..<colours {
            let sum = UInt64(source[pixel * channels + channel]) * alpha + white * (white - alpha)
            target.initializeElement(
              at: pixel * colours + channel,
              to: Sample(truncatingIfNeeded: (sum + white / 2) / white))
          }
        }
        count = width * height * colours
      }
    }
  }
}
