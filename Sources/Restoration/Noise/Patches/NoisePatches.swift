import Tensors

/// Energies of the discrete cosine transform (DCT-II, orthonormal) of patches of 8x8 samples that
/// lie on a regular grid over a picture.
struct NoisePatches {
  /// In pixels.
  static let side = 8
  /// Coefficients (u, v) with u + v from here on tell of the noise, the others but the mean of
  /// texture.
  static let firstHighFrequency = 9
  /// How many coefficients are low, how many high.
  static let lowCount = side * side - 1 - highCount
  static let highCount = (15 - firstHighFrequency) * (16 - firstHighFrequency) / 2
  /// Where there are more places for a patch, the grid is coarser.
  static let maximumCount = 50_000

  private(set) var count = 0
  /// Energies of one axis of the basis.
  struct Energies {
    var low: [Float] = []
    /// The mean over the coefficients.
    var high: [Float] = []
  }

  /// By axis, then by patch.
  private(set) var energies: [Energies]
  /// The patches' means, by channel, then by patch.
  private(set) var means: [[Float]]

  /// Patches with numbers that are not finite are left out.
  ///
  /// - Parameter picture: `[C, H, W]`, at least 8 pixels a side.
  init(_ picture: Tensor, basis: NoiseBasis) {
    let channels = picture.shape[0]
    let (height, width) = (picture.shape[1], picture.shape[2])
    energies = basis.axes.map { _ in Energies() }
    means = [[Float]](repeating: [], count: channels)
    let (rows, columns) = (height - Self.side + 1, width - Self.side + 1)
    precondition(rows > 0 && columns > 0, "at least 8x8 pixels")
    let step = Self.step(rows: rows, columns: columns)
    let transform = NoiseTransform()
    var block = [SIMD8<Float>](repeating: .zero, count: channels * Self.side)
    picture.elements.withUnsafeBytes { bytes in
      for top in stride(from: 0, to: rows, by: step) {
        for left in stride(from: 0, to: columns, by: step) {
          for channel in 0..<channels {
            for row in 0..<Self.side {
              let index = (channel * height + top + row) * width + left
              block[channel * Self.side + row] = bytes.loadUnaligned(
                fromByteOffset: index * MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
            }
          }
          append(block, axes: basis.axes, transform)
        }
      }
    }
  }

  /// The grid's step, in pixels. No multiple of 8, which would see one phase of a JPEG's blocks.
  private static func step(rows: Int, columns: Int) -> Int {
    var step = 1
    while ((rows + step - 1) / step) * ((columns + step - 1) / step) > maximumCount
      || step % 8 == 0
    { step += 1 }
    return step
  }

  private mutating func append(
    _ block: [SIMD8<Float>], axes: [[Float]], _ transform: NoiseTransform
  ) {
    let channels = means.count
    var sums = [Float](repeating: 0, count: channels)
    for channel in 0..<channels {
      sums[channel] = block[channel * Self.side..<(channel + 1) * Self.side].reduce(.zero, +).sum()
    }
    guard sums.allSatisfy(\.isFinite) else { return }
    for (channel, sum) in sums.enumerated() { means[channel].append(sum / 64) }
    for (axis, weights) in axes.enumerated() {
      let energy = transform.energies { row in
        var sum = SIMD8<Float>.zero
        for channel in 0..<channels where weights[channel] != 0 {
          sum += weights[channel] * block[channel * Self.side + row]
        }
        return sum
      }
      energies[axis].low.append(energy.low)
      energies[axis].high.append(energy.high / Float(Self.highCount))
    }
    count += 1
  }
}
