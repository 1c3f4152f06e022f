/// The axes along which a picture's noise is measured, as weights of the channels.
struct NoiseBasis {
  /// `axes[axis][channel]`; orthonormal.
  let axes: [[Float]]

  /// Y, C1 and C2 for three channels, else the channels themselves.
  init(channels: Int) {
    guard channels == 3 else {
      axes = (0..<channels).map { axis in (0..<channels).map { $0 == axis ? 1 : 0 } }
      return
    }
    let (third, half, sixth) = (
      (1 / 3 as Float).squareRoot(), (1 / 2 as Float).squareRoot(), (1 / 6 as Float).squareRoot()
    )
    axes = [[third, third, third], [half, 0, -half], [sixth, -2 * sixth, sixth]]
  }

  /// The level of noise with these variances along the axes.
  func level(variances: [Float]) -> NoiseLevel {
    guard variances.count == 3 else {
      let mean = variances.reduce(0, +) / Float(max(variances.count, 1))
      return NoiseLevel(luma: mean.squareRoot())
    }
    return NoiseLevel(
      luma: variances[0].squareRoot(), chroma: ((variances[1] + variances[2]) / 2).squareRoot())
  }
}
