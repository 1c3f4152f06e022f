import Tensors

/// The noise of a picture too small for patches of its cosine transform.
enum SmallPictureNoise {
  /// The median absolute diagonal detail of the Haar wavelet over 0.6745 (Donoho and Johnstone
  /// 1994, section 4); of a single row or column, that of its second differences.
  ///
  /// - Parameter picture: `[C, H, W]`.
  /// - Returns: a variance for every axis; 0 where there is nothing to compare.
  static func variances(_ picture: Tensor, basis: NoiseBasis) -> [Float] {
    let (height, width) = (picture.shape[1], picture.shape[2])
    return basis.axes.map { weights in
      var plane = [Float](repeating: 0, count: height * width)
      for (channel, weight) in weights.enumerated() {
        for pixel in plane.indices {
          plane[pixel] += weight * picture[channel * plane.count + pixel]
        }
      }
      let details =
        min(height, width) > 1 ? diagonals(plane, height, width) : secondDifferences(plane)
      let deviation = median(details.filter(\.isFinite)) / 0.6745
      return deviation * deviation
    }
  }

  private static func diagonals(_ plane: [Float], _ height: Int, _ width: Int) -> [Float] {
    var details: [Float] = []
    for row in stride(from: 0, to: height - 1, by: 2) {
      for column in stride(from: 0, to: width - 1, by: 2) {
        let index = row * width + column
        let diagonal =
          plane[index] - plane[index + 1] - plane[index + width] + plane[index + width + 1]
        details.append(abs(diagonal) / 2)
      }
    }
    return details
  }

  private static func secondDifferences(_ line: [Float]) -> [Float] {
    guard line.count > 2 else { return [] }
    return (1..<line.count - 1).map {
      abs(line[$0 - 1] - 2 * line[$0] + line[$0 + 1]) / (6 as Float).squareRoot()
    }
  }

  /// 0 without numbers.
  private static func median(_ numbers: [Float]) -> Float {
    guard !numbers.isEmpty else { return 0 }
    let sorted = numbers.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
