import ImageCodecs
import Pictures

/// How a picture becomes an example of fixed extents.
public struct ImageGeometry: Hashable, Sendable {
  /// What happens to a picture of other proportions.
  public enum Fitting: String, Hashable, Sendable, CaseIterable {
    /// Scaled until it covers the target, then cut at the center.
    case crop
    /// Scaled until it fits inside the target, its edge pixels repeated around it.
    case fit
  }

  /// In pixels.
  package var width: Int
  /// In pixels.
  package var height: Int
  /// 1 (gray, the luma of ITU-R BT.601) or 3 (RGB).
  package var channels: Int
  package var fitting: Fitting
  /// What shows through where a picture is transparent: 0 black, 1 white.
  package var background: Float
  package var kernel: Resampling.Kernel

  /// - Precondition: the extents are positive and there are 1 or 3 channels.
  package init(
    width: Int, height: Int, channels: Int, fitting: Fitting = .crop, background: Float = 1,
    kernel: Resampling.Kernel = .bicubic
  ) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    precondition(channels == 1 || channels == 3, "a picture has 1 or 3 color channels")
    self.width = width
    self.height = height
    self.channels = channels
    self.fitting = fitting
    self.background = background
    self.kernel = kernel
  }

  /// Samples per example: C * H * W.
  package var count: Int { channels * height * width }

  /// The extents a picture is scaled to before it is cut or padded.
  func scaledSize(width: Int, height: Int) -> (width: Int, height: Int) {
    let horizontal = Double(self.width) / Double(width)
    let vertical = Double(self.height) / Double(height)
    let scale = fitting == .crop ? max(horizontal, vertical) : min(horizontal, vertical)
    func scaled(_ extent: Int, _ target: Int) -> Int {
      let extent = Int((Double(extent) * scale).rounded())
      return fitting == .crop ? max(extent, target) : min(max(extent, 1), target)
    }
    return (scaled(width, self.width), scaled(height, self.height))
  }

  /// The smallest decoding of a picture that loses nothing at the target's extents: twice the
  /// scaled size, so that the last halving is done with the better kernel.
  func sufficientSize(width: Int, height: Int) -> (width: Int, height: Int) {
    let size = scaledSize(width: width, height: height)
    return (2 * size.width, 2 * size.height)
  }

  /// The picture as `[C, H, W]` in [0, 1]. Transparent pixels are laid over the background
  /// first, so that their hidden colors do not bleed.
  package func planes(of image: Image) -> [Float] {
    let whole = ImageWindow(
      x: 0, y: 0, width: image.width, height: image.height,
      of: ImageWindow.Extents(width: image.width, height: image.height))
    let axes = axes(width: image.width, height: image.height)
    let scaled = planes(of: image, at: whole, axes)
    let (columns, rows) = (axes.columns.count, axes.rows.count)
    if columns == width && rows == height { return scaled }
    return padded(scaled, width: columns, height: rows)
  }

  /// Where the columns and rows of an example come from.
  typealias Axes = (columns: ResamplingAxis, rows: ResamplingAxis)

  private func axes(width sourceWidth: Int, height sourceHeight: Int) -> Axes {
    let size = scaledSize(width: sourceWidth, height: sourceHeight)
    // Columns and rows of the scaled picture that are wanted, and where they go.
    let left = max(0, (size.width - width) / 2)
    let top = max(0, (size.height - height) / 2)
    return (
      ResamplingAxis(
        from: sourceWidth, to: size.width, window: left..<left + min(width, size.width),
        kernel: kernel),
      ResamplingAxis(
        from: sourceHeight, to: size.height, window: top..<top + min(height, size.height),
        kernel: kernel)
    )
  }

  /// Where the columns and rows of a part of an example come from; nil where the example is a padded
  /// picture.
  func axes(
    _ part: Region, width sourceWidth: Int, height sourceHeight: Int
  ) -> Axes? {
    let size = scaledSize(width: sourceWidth, height: sourceHeight)
    guard size.width >= width && size.height >= height else { return nil }
    let left = (size.width - width) / 2 + part.left
    let top = (size.height - height) / 2 + part.top
    return (
      ResamplingAxis(
        from: sourceWidth, to: size.width, window: left..<left + part.width, kernel: kernel),
      ResamplingAxis(
        from: sourceHeight, to: size.height, window: top..<top + part.height, kernel: kernel)
    )
  }

  /// What `axes` make of a picture cropped to the samples they read.
  private func planes(of image: Image, at window: ImageWindow, _ axes: Axes) -> [Float] {
    let (columns, rows) = axes
    let inner = columns.count * rows.count
    var scaled = [Float](repeating: 0, count: inner * channels)
    let region = Region(height: rows.count, width: columns.count)
    scaled.withMutablePlanes(channels: channels, region) { scaled in
      for channel in 0..<channels {
        Resampling.resample(
          columns: columns, rows: rows, width: window.whole.width,
          into: scaled.plane(channel).numbers
        ) {
          let part = $1[window.x..<window.x + window.width]
          image.readRow(
            $0 - window.y, channel: channel, of: channels, background: background,
            into: MutablePlaneView(row: UnsafeMutableBufferPointer(rebasing: part)))
        }
      }
    }
    for index in scaled.indices { scaled[index] = min(max(scaled[index], 0), 1) }
    return scaled
  }

  /// The picture as `[C, H, W]` in 0...255.
  package func bytes(of image: Image) -> [UInt8] {
    if let bytes = unchangedBytes(of: image) { return bytes }
    return planes(of: image).map { UInt8($0 * 255 + 0.5) }
  }

  /// The samples of a picture that has the target's extents and channels already; nil otherwise.
  private func unchangedBytes(of image: Image) -> [UInt8]? {
    guard image.width == width, image.height == height, image.colorModel.channels == channels,
      case .bits8(let samples) = image.samples
    else { return nil }
    if channels == 1 { return samples }
    let count = width * height
    return [UInt8](unsafeUninitializedCapacity: samples.count) { target, initialized in
      samples.withUnsafeBufferPointer { samples in
        for pixel in 0..<count {
          for channel in 0..<channels {
            target[channel &* count &+ pixel] = samples[pixel &* channels &+ channel]
          }
        }
      }
      initialized = samples.count
    }
  }

  /// A part of the picture in 0...255.
  func bytes(of image: Image, at window: ImageWindow, _ axes: Axes) -> [UInt8] {
    planes(of: image, at: window, axes).map { UInt8($0 * 255 + 0.5) }
  }

  private func padded(_ planes: [Float], width: Int, height: Int) -> [Float] {
    let left = (self.width - width) / 2
    let top = (self.height - height) / 2
    var result: [Float] = []
    result.reserveCapacity(count)
    for channel in 0..<channels {
      for y in 0..<self.height {
        let row = (channel * height + min(max(y - top, 0), height - 1)) * width
        for x in 0..<self.width { result.append(planes[row + min(max(x - left, 0), width - 1)]) }
      }
    }
    return result
  }
}

extension Image {
  /// Row `y` of one channel out of 1 (gray) or 3 (RGB), in [0, 1], over a background.
  fileprivate func readRow(
    _ y: Int, channel: Int, of channels: Int, background: Float,
    into row: MutablePlaneView
  ) {
    switch samples {
    case .bits8(let samples):
      read(samples, y, channel, channels, background, 1 / 255, into: row)
    case .bits16(let samples):
      read(samples, y, channel, channels, background, 1 / 65535, into: row)
    }
  }

  private func read<Sample: FixedWidthInteger & UnsignedInteger>(
    _ samples: [Sample], _ y: Int, _ channel: Int, _ channels: Int, _ background: Float,
    _ scale: Float, into row: MutablePlaneView
  ) {
    let stride = colorModel.channels
    let colors = colorModel.colorChannels
    samples.withUnsafeBufferPointer { samples in
      let start = samples.baseAddress! + y * width * stride
      if channels == 1 && colors == 3 {
        for x in 0..<width {
          let pixel = start + x &* stride
          row[x] = luma(Float(pixel[0]), Float(pixel[1]), Float(pixel[2])) * scale
        }
      } else {
        let offset = colors == 1 ? 0 : channel
        for x in 0..<width { row[x] = Float(start[x &* stride &+ offset]) * scale }
      }
      if colorModel.hasAlpha {
        for x in 0..<width {
          let alpha = Float(start[x &* stride &+ colors]) * scale
          row[x] = composited(row[x], alpha: alpha, over: background)
        }
      }
    }
  }
}
