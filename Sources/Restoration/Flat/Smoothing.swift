import Tensors

extension Tensor {
  /// `[C, H, W]` convolved with a Gaussian of this deviation in pixels (cut at three deviations,
  /// edges extended); itself for 0.
  func smoothed(deviation: Float) -> Tensor {
    guard deviation > 0 else { return self }
    let radius = Int((3 * deviation).rounded(.up))
    let taps = softmax(
      (-radius...radius).map { -Float($0 * $0) / (2 * deviation * deviation) })
    let (height, width) = (shape[1], shape[2])
    func filtered(_ x: [Float], _ stride: Int, _ extent: Int) -> [Float] {
      x.indices.map { index in
        let place = index / stride % extent
        return taps.indices.reduce(0) { sum, tap in
          let neighbor = min(max(place + tap - radius, 0), extent - 1)
          return sum + taps[tap] * x[index + (neighbor - place) * stride]
        }
      }
    }
    return Tensor(shape, filtered(filtered(elements, 1, width), width, height))
  }
}
