import Tensors

extension Picture {
  /// The picture laid on a background, without alpha.
  public func flattened(on background: Background) -> Picture {
    guard let alpha else { return self }
    var opaque = self
    opaque.alpha = nil
    let area = height * width
    opaque.pixels = Tensor(
      pixels.shape,
      pixels.elements.indices.map { index in
        composited(pixels[index], alpha: alpha[index % area], over: background.level)
      })
    return opaque
  }

  /// The luma of the colors.
  public func gray() -> Picture { withOneChannel(luma) }

  /// The mean of the channels: what a color model makes of a gray picture, gray again.
  package func meanOfChannels() -> Picture {
    var mean = withOneChannel { ($0 + $1 + $2) / 3 }
    mean.metadata.iccProfile = metadata.iccProfile
    return mean
  }

  private func withOneChannel(_ level: (Float, Float, Float) -> Float) -> Picture {
    guard channels == 3 else { return self }
    var gray = self
    let area = height * width
    gray.pixels = Tensor(
      [1, height, width],
      (0..<area).map { level(pixels[$0], pixels[area + $0], pixels[2 * area + $0]) })
    // The profile describes colors that are no longer there.
    gray.metadata.iccProfile = nil
    return gray
  }

  /// Three equal channels.
  public func color() -> Picture {
    guard channels == 1 else { return self }
    var color = self
    color.pixels = Tensor(
      [3, height, width], pixels.elements + pixels.elements + pixels.elements)
    color.metadata.iccProfile = nil
    return color
  }

  /// Whether the three channels are equal everywhere, or there is one.
  package var isGray: Bool {
    if channels == 1 { return true }
    let columns = 0..<width
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * width) { memory in
      memory.initialize(repeating: 0)
      let first = UnsafeMutableBufferPointer(rebasing: memory[..<width])
      let other = UnsafeMutableBufferPointer(rebasing: memory[width...])
      for row in 0..<height {
        copyRow(row, columns: columns, channel: 0, to: first)
        for channel in 1..<3 {
          copyRow(row, columns: columns, channel: channel, to: other)
          if !first.elementsEqual(other) { return false }
        }
      }
      return true
    }
  }
}

extension Tensor {
  /// `[C, H, W]` in other extents, by the bicubic convolution of `Resampling`.
  package func resized(width: Int, height: Int) -> Tensor {
    Tensor(
      [shape[0], height, width],
      Resampling.resize(
        elements, width: shape[2], height: shape[1], channels: shape[0], toWidth: width,
        toHeight: height))
  }
}
