import Pictures
import Tensors

/// Pictures `[C, H, W]` brought to other extents without touching a pixel.
extension Tensor {
  /// The picture in the upper left corner of a larger one, its last row and column repeated.
  ///
  /// - Precondition: the extents are not smaller.
  func extendedByRepetition(toHeight height: Int, width: Int) -> Tensor {
    let (channels, oldHeight, oldWidth) = (shape[0], shape[1], shape[2])
    if height == oldHeight && width == oldWidth { return self }
    precondition(height >= oldHeight && width >= oldWidth, "a picture only grows")
    var result: [Float] = []
    result.reserveCapacity(channels * height * width)
    for channel in 0..<channels {
      for y in 0..<height {
        let start = (channel * oldHeight + min(y, oldHeight - 1)) * oldWidth
        result += elements[start..<start + oldWidth]
        result += repeatElement(elements[start + oldWidth - 1], count: width - oldWidth)
      }
    }
    return Tensor([channels, height, width], result)
  }

  /// The upper left corner of the picture.
  ///
  /// - Precondition: the extents are not larger.
  func cropped(height: Int, width: Int) -> Tensor {
    cropped(to: Region(height: height, width: width))
  }
}
