/// A part of a picture, in pixels as it is displayed.
package struct ImageWindow: Hashable, Sendable {
  /// From the left edge.
  package var x: Int
  /// From the top.
  package var y: Int
  package var width: Int
  package var height: Int
  /// The extents of the picture that it is a part of.
  package let whole: Extents

  package struct Extents: Hashable, Sendable {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  /// - Precondition: the part has a pixel and lies within the picture.
  package init(x: Int, y: Int, width: Int, height: Int, of whole: Extents) {
    precondition(width > 0 && height > 0 && x >= 0 && y >= 0, "a part has a pixel")
    precondition(x + width <= whole.width && y + height <= whole.height, "a part lies within")
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.whole = whole
  }

  /// Where the part stands in a file whose picture is turned for display.
  func stored(_ orientation: Orientation) -> ImageWindow {
    let (right, bottom) = (whole.width - x - width, whole.height - y - height)
    let stored =
      orientation.swapsAxes ? Extents(width: whole.height, height: whole.width) : whole
    // Which distance from an edge of the displayed picture is that from the stored one's left and
    // top.
    let (left, top) =
      switch orientation {
      case .upright: (x, y)
      case .flippedHorizontally: (right, y)
      case .rotatedHalf: (right, bottom)
      case .flippedVertically: (x, bottom)
      case .transposed: (y, x)
      case .rotatedRight: (y, right)
      case .transversed: (bottom, right)
      case .rotatedLeft: (bottom, x)
      }
    return ImageWindow(
      x: left, y: top, width: orientation.swapsAxes ? height : width,
      height: orientation.swapsAxes ? width : height, of: stored)
  }

  /// Refuses a picture of other extents.
  func check(width: Int, height: Int, name: String) throws(ImageError) {
    guard width == whole.width && height == whole.height else {
      throw ImageError(
        kind: .badData, path: name,
        message: "\(width)x\(height) pixels, expected \(whole.width)x\(whole.height)")
    }
  }
}

extension Image {
  /// The pixels of a part.
  func cropped(to window: ImageWindow) -> Image {
    let samples: Samples =
      switch samples {
      case .bits8(let s): .bits8(cropped(s, window))
      case .bits16(let s): .bits16(cropped(s, window))
      }
    return Image(
      width: window.width, height: window.height, colorModel: colorModel, samples: samples,
      metadata: metadata)
  }

  private func cropped<Sample>(_ samples: [Sample], _ window: ImageWindow) -> [Sample] {
    let channels = colorModel.channels
    var result: [Sample] = []
    result.reserveCapacity(window.width * window.height * channels)
    for y in window.y..<window.y + window.height {
      let start = (y * width + window.x) * channels
      result += samples[start..<start + window.width * channels]
    }
    return result
  }
}
