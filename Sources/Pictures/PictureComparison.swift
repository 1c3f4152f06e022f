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
  /// - Precondition: `a` and `b` have one shape.
  package init(
    _ a: PictureRows, _ b: PictureRows, hidden: Tensor? = nil, isRounded: Bool = true,
    measuresSimilarity: Bool = false
  ) {
    precondition(a.shape == b.shape, "pictures of one shape")
    let (channels, height, width) = (a.shape[0], a.shape[1], a.shape[2])
    func level(_ value: Float) -> Double {
      let scaled = Double(value) * 255
      return isRounded ? min(max(scaled.rounded(), 0), 255) : scaled
    }
    var (sum, samples) = (0.0, 0)
    var structure = StructuralSimilarity(height: height, width: width)
    var line = [Float](repeating: 0, count: width)
    for channel in 0..<channels {
      structure.beginChannel()
      for row in 0..<height {
        line.withUnsafeMutableBufferPointer { a.read(row, channel, $0) }
        let x = line.map(level)
        line.withUnsafeMutableBufferPointer { b.read(row, channel, $0) }
        let y = line.map(level)
        for column in 0..<width where hidden.map({ $0[row * width + column] != 0 }) ?? true {
          sum += (x[column] - y[column]) * (x[column] - y[column])
          samples += 1
        }
        if measuresSimilarity { structure.add(x, y) }
      }
    }
    meanSquaredError = samples > 0 ? sum / Double(samples) : 0
    pixelCount = samples / channels
    similarity = measuresSimilarity ? structure.mean : nil
  }

  /// The same of pictures in memory, `[C, H, W]` in [0, 1].
  package init(
    _ a: Tensor, _ b: Tensor, hidden: Tensor? = nil, isRounded: Bool = true,
    measuresSimilarity: Bool = false
  ) {
    self.init(
      PictureRows(Picture(pixels: a)), PictureRows(Picture(pixels: b)), hidden: hidden,
      isRounded: isRounded, measuresSimilarity: measuresSimilarity)
  }
}

/// A picture row by row, opaque and in the colors that are asked for, so that no more than a row of it has
/// to be there as floating-point numbers.
package struct PictureRows {
  /// `[C, H, W]`.
  package let shape: Shape
  /// Writes a row of a channel, in [0, 1].
  let read: (_ row: Int, _ channel: Int, UnsafeMutableBufferPointer<Float>) -> Void

  /// - Parameters:
  ///   - background: what transparent pixels are laid on.
  ///   - channels: 1 for the luma of colors, 3 for a gray picture three times; nil for the picture's own.
  package init(_ picture: Picture, on background: Background = .white, channels: Int? = nil) {
    let (own, width) = (picture.channels, picture.width)
    let wanted = channels ?? own
    shape = [wanted, picture.height, width]
    func opaque(_ row: Int, _ channel: Int, _ target: UnsafeMutableBufferPointer<Float>) {
      picture.copyRow(row, columns: 0..<width, channel: channel, to: target)
      guard let alpha = picture.alpha else { return }
      for column in 0..<width {
        target[column] = composited(
          target[column], alpha: alpha[row * width + column], over: background.level)
      }
    }
    guard wanted == 1 && own == 3 else {
      read = { row, channel, target in opaque(row, min(channel, own - 1), target) }
      return
    }
    read = { row, _, target in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * width) { memory in
        memory.initialize(repeating: 0)
        for channel in 0..<3 {
          opaque(
            row, channel,
            UnsafeMutableBufferPointer(rebasing: memory[channel * width..<(channel + 1) * width]))
        }
        for column in 0..<width {
          target[column] = luma(
            memory[column], memory[width + column], memory[2 * width + column])
        }
      }
    }
  }
}

/// SSIM (Wang, Bovik, Sheikh and Simoncelli 2004): a Gaussian window of 11x11 and deviation 1.5,
/// K1 = 0.01, K2 = 0.03, mean over the places where the window lies within the picture and over
/// the channels. Rows come one after another; of each channel those under the window are held.
struct StructuralSimilarity {
  private static let window: [Double] = {
    let weights = (-5...5).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }()
  private static let c1 = (0.01 * 255) * (0.01 * 255)
  private static let c2 = (0.03 * 255) * (0.03 * 255)

  private let columns: Int
  /// Of the last rows, smoothed along them: both pictures' levels, their squares and products.
  private var lines: [[[Double]]] = []
  private var sum = 0.0
  private var count = 0

  init(height: Int, width: Int) {
    columns = height < Self.window.count ? 0 : max(0, width - Self.window.count + 1)
  }

  /// nil for pictures smaller than the window.
  var mean: Double? { count > 0 ? sum / Double(count) : nil }

  mutating func beginChannel() { lines = [] }

  /// - Parameters:
  ///   - x: a row on the scale 0...255; `y` likewise.
  mutating func add(_ x: [Double], _ y: [Double]) {
    guard columns > 0 else { return }
    if lines.count == Self.window.count { lines.removeFirst() }
    lines.append([
      smoothed { x[$0] }, smoothed { y[$0] }, smoothed { x[$0] * x[$0] },
      smoothed { y[$0] * y[$0] }, smoothed { x[$0] * y[$0] },
    ])
    guard lines.count == Self.window.count else { return }
    for column in 0..<columns {
      func mean(_ quantity: Int) -> Double {
        var sum = 0.0
        for tap in Self.window.indices { sum += Self.window[tap] * lines[tap][quantity][column] }
        return sum
      }
      let (m, n) = (mean(0), mean(1))
      let covariance = mean(4) - m * n
      let variances = mean(2) - m * m + mean(3) - n * n
      sum +=
        (2 * m * n + Self.c1) * (2 * covariance + Self.c2)
        / ((m * m + n * n + Self.c1) * (variances + Self.c2))
      count += 1
    }
  }

  /// - Parameter x: channels of `height * width` numbers on the scale 0...255; `y` likewise.
  /// - Returns: nil for pictures smaller than the window.
  static func mean(_ x: [Double], _ y: [Double], height: Int, width: Int) -> Double? {
    var structure = StructuralSimilarity(height: height, width: width)
    for start in stride(from: 0, to: x.count, by: width) {
      if start % (height * width) == 0 { structure.beginChannel() }
      structure.add(Array(x[start..<start + width]), Array(y[start..<start + width]))
    }
    return structure.mean
  }

  private func smoothed(_ numbers: (Int) -> Double) -> [Double] {
    (0..<columns).map { column in
      var sum = 0.0
      for tap in Self.window.indices { sum += Self.window[tap] * numbers(column + tap) }
      return sum
    }
  }
}
