import Tensors

/// The standard deviation of white Gaussian noise on a picture, from the picture alone.
public enum NoiseEstimate {
  /// The median absolute diagonal detail of the Haar wavelet over 0.6745 (Donoho and Johnstone
  /// 1994, section 4): the median passes over the few large details that edges make.
  ///
  /// - Parameter picture: `[C, H, W]`.
  /// - Returns: on the picture's own scale; 0 for a picture of one row or column.
  public static func deviation(_ picture: Tensor) -> Float {
    let (channels, height, width) = (picture.shape[0], picture.shape[1], picture.shape[2])
    var details: [Float] = []
    details.reserveCapacity(channels * (height / 2) * (width / 2))
    for channel in 0..<channels {
      for row in stride(from: 0, to: height - 1, by: 2) {
        for column in stride(from: 0, to: width - 1, by: 2) {
          let index = (channel * height + row) * width + column
          let diagonal =
            picture[index] - picture[index + 1] - picture[index + width]
            + picture[index + width + 1]
          details.append(abs(diagonal) / 2)
        }
      }
    }
    guard !details.isEmpty else { return 0 }
    details.sort()
    let middle = details.count / 2
    let median =
      details.count % 2 == 1 ? details[middle] : (details[middle - 1] + details[middle]) / 2
    return median / 0.6745
  }
}
