import Platform
import Tensors

/// How far two pictures are apart.
package struct PictureComparison {
  /// Over the compared samples, on the scale 0...255.
  package let meanSquaredError: Double
  /// The pixels that were compared.
  package let pixelCount: Int
  /// Wang et al. 2004; nil where it was not asked for or the picture is smaller than its window.
  package let similarity: Double?

  /// 10 log10(255^2 / MSE) in dB; infinite for equal pictures.
  package var peakSignalToNoise: Double { 10 * log10(255 * 255 / meanSquaredError) }

  /// - Parameters:
  ///   - hidden: `[1, H, W]`: what to compare is where it is not 0; nil for all.
  ///   - isRounded: whether both are rounded and clipped to 8 bits first.
  /// - Precondition: `a` and `b`, `[C, H, W]` in [0, 1], have one shape.
  package init(
    _ a: Tensor, _ b: Tensor, hidden: Tensor? = nil, isRounded: Bool = true,
    measuresSimilarity: Bool = false
  ) {
    precondition(a.shape == b.shape, "pictures of one shape")
    func level(_ value: Float) -> Double {
      let scaled = Double(value) * 255
      return isRounded ? min(max(scaled.rounded(), 0), 255) : scaled
    }
    let x = a.elements.map(level)
    let y = b.elements.map(level)
    let area = a.shape[1] * a.shape[2]
    var sum = 0.0
    var samples = 0
    for index in x.indices where hidden.map({ $0[index % area] != 0 }) ?? true {
      sum += (x[index] - y[index]) * (x[index] - y[index])
      samples += 1
    }
    meanSquaredError = samples > 0 ? sum / Double(samples) : 0
    pixelCount = samples / a.shape[0]
    similarity =
      measuresSimilarity
      ? StructuralSimilarity.mean(x, y, height: a.shape[1], width: a.shape[2]) : nil
  }
}

/// SSIM (Wang, Bovik, Sheikh and Simoncelli 2004): a Gaussian window of 11x11 and deviation 1.5,
/// K1 = 0.01, K2 = 0.03, mean over the places where the window lies within the picture and over
/// the channels.
package enum StructuralSimilarity {
  private static let window: [Double] = {
    let weights = (-5...5).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }()

  /// - Parameters:
  ///   - x: channels of `height * width` numbers on the scale 0...255; `y` likewise.
  /// - Returns: nil for pictures smaller than the window.
  static func mean(_ x: [Double], _ y: [Double], height: Int, width: Int) -> Double? {
    guard height >= window.count && width >= window.count else { return nil }
    let area = height * width
    let c1 = (0.01 * 255) * (0.01 * 255)
    let c2 = (0.03 * 255) * (0.03 * 255)
    var sum = 0.0
    var count = 0
    for start in stride(from: 0, to: x.count, by: area) {
      let a = Array(x[start..<start + area])
      let b = Array(y[start..<start + area])
      func filtered(_ product: (Int) -> Double) -> [Double] {
        smoothed((0..<area).map(product), height, width)
      }
      let meanA = filtered { a[$0] }
      let meanB = filtered { b[$0] }
      let squareA = filtered { a[$0] * a[$0] }
      let squareB = filtered { b[$0] * b[$0] }
      let product = filtered { a[$0] * b[$0] }
      for i in meanA.indices {
        let (m, n) = (meanA[i], meanB[i])
        let covariance = product[i] - m * n
        let variances = squareA[i] - m * m + squareB[i] - n * n
        sum +=
          (2 * m * n + c1) * (2 * covariance + c2) / ((m * m + n * n + c1) * (variances + c2))
        count += 1
      }
    }
    return sum / Double(count)
  }

  private static func smoothed(_ x: [Double], _ height: Int, _ width: Int) -> [Double] {
    let columns = width - window.count + 1
    let rows = height - window.count + 1
    var across = [Double](repeating: 0, count: height * columns)
    for row in 0..<height {
      for column in 0..<columns {
        var sum = 0.0
        for tap in window.indices { sum += window[tap] * x[row * width + column + tap] }
        across[row * columns + column] = sum
      }
    }
    var result = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        for tap in window.indices { sum += window[tap] * across[(row + tap) * columns + column] }
        result[row * columns + column] = sum
      }
    }
    return result
  }
}
