/// Pictures as planes of floating-point numbers, which is what models work on.
extension Image {
  /// The color channels, without alpha, as `[C, H, W]` in [0, 1]: v / 255 or v / 65,535.
  package func colorPlanes() -> [Float] {
    let pixels = width * height
    return [Float](unsafeUninitializedCapacity: pixels * colorModel.colorChannels) {
      target, count in
      writeColorPlanes(into: target)
      count = target.count
    }
  }

  /// As `colorPlanes()`, into memory that is there already, such as a batch's.
  ///
  /// - Precondition: `target` holds at least C * H * W numbers.
  package func writeColorPlanes(into target: UnsafeMutableBufferPointer<Float>) {
    let pixels = width * height
    precondition(target.count >= pixels * colorModel.colorChannels)
    for channel in 0..<colorModel.colorChannels {
      writePlane(channel, to: UnsafeMutableBufferPointer(rebasing: target[(channel * pixels)...]))
    }
  }

  /// Alpha as `[H, W]` in [0, 1]; `nil` where the picture has none.
  package func alphaPlane() -> [Float]? {
    guard colorModel.hasAlpha else { return nil }
    return [Float](unsafeUninitializedCapacity: width * height) { target, count in
      writePlane(colorModel.colorChannels, to: target)
      count = target.count
    }
  }

  /// A picture of planes `[C, H, W]`. Numbers are clamped to [0, 1], NaN counts as 0, and
  /// rounded to the nearest sample value.
  ///
  /// - Parameters:
  ///   - channels: 1 (gray) or 3 (RGB).
  ///   - alpha: `[H, W]`, or none.
  ///   - depth: bits per sample, 8 or 16.
  /// - Precondition: the counts fit the extents.
  package init(
    planes: [Float], width: Int, height: Int, channels: Int, alpha: [Float]? = nil,
    depth: Int = 8, metadata: Metadata = Metadata()
  ) {
    precondition(channels == 1 || channels == 3, "a picture has 1 or 3 color channels")
    precondition(depth == 8 || depth == 16, "samples have 8 or 16 bits")
    let pixels = width * height
    precondition(planes.count == pixels * channels && alpha?.count ?? pixels == pixels)
    let model: ColorModel =
      channels == 1 ? (alpha == nil ? .gray : .grayAlpha) : (alpha == nil ? .rgb : .rgba)
    let samples: Samples =
      depth == 8
      ? .bits8(interleaved(planes, alpha, pixels: pixels))
      : .bits16(interleaved(planes, alpha, pixels: pixels))
    self.init(
      width: width, height: height, colorModel: model, samples: samples, metadata: metadata)
  }

  private func writePlane(_ channel: Int, to target: UnsafeMutableBufferPointer<Float>) {
    let pixels = width * height
    switch samples {
    case .bits8(let s):
      spread(s, channel, of: colorModel.channels, to: target, pixels: pixels)
    case .bits16(let s):
      spread(s, channel, of: colorModel.channels, to: target, pixels: pixels)
    }
  }
}

/// - Parameter start: the first pixel's first sample.
func spread<Sample: FixedWidthInteger & UnsignedInteger>(
  _ source: [Sample], _ channel: Int, of channels: Int, from start: Int = 0,
  to target: UnsafeMutableBufferPointer<Float>, pixels: Int
) {
  let largest = Float(Sample.max)
  source.withUnsafeBufferPointer { source in
    for pixel in 0..<pixels {
      target.initializeElement(
        at: pixel, to: Float(source[start &+ pixel &* channels &+ channel]) / largest)
    }
  }
}

private func interleaved<Sample: FixedWidthInteger & UnsignedInteger>(
  _ planes: [Float], _ alpha: [Float]?, pixels: Int
) -> [Sample] {
  let colors = planes.count / pixels
  let channels = colors + (alpha == nil ? 0 : 1)
  return [Sample](unsafeUninitializedCapacity: pixels * channels) { target, count in
    planes.withUnsafeBufferPointer { planes in
      for channel in 0..<colors {
        let plane = UnsafeBufferPointer(rebasing: planes[(channel * pixels)...])
        gather(plane, to: target, channel, of: channels, pixels: pixels)
      }
    }
    alpha?.withUnsafeBufferPointer { alpha in
      gather(alpha, to: target, colors, of: channels, pixels: pixels)
    }
    count = pixels * channels
  }
}

func gather<Sample: FixedWidthInteger & UnsignedInteger>(
  _ plane: UnsafeBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Sample>,
  _ channel: Int, of channels: Int, pixels: Int
) {
  let largest = Float(Sample.max)
  // At 2^23 a Float's unit is 1: adding it rounds to nearest and leaves the whole number in the
  // low bits. Unlike a checked conversion this vectorizes.
  let unit: Float = 8_388_608
  for pixel in 0..<pixels {
    let value = plane[pixel]
    // A comparison with NaN is false, which makes it 0.
    let clamped = value > 0 ? (value < 1 ? value : 1) : 0
    target.initializeElement(
      at: pixel &* channels &+ channel,
      to: Sample(truncatingIfNeeded: (clamped * largest + unit).bitPattern))
  }
}
