import Pictures

/// A crop while it is damaged.
struct DamageCanvas {
  /// `[C, H, W]`, of which the first `planes` count.
  let clean: MutablePlaneView
  /// `[C, H, W]`, of which the first `planes` count.
  let observation: MutablePlaneView
  /// `[5, H, W]`
  let maps: MutablePlaneView
  /// 1 or 3.
  let planes: Int
  /// Whether the one plane stands for three equal channels.
  let isRepeated: Bool

  var height: Int { clean.region.height }
  var width: Int { clean.region.width }

  /// H * W
  var pixels: Int { height * width }
  /// The numbers of `clean` and `observation` that count.
  var count: Int { planes * pixels }

  /// A condition map, `[H, W]`.
  func map(_ channel: Int) -> MutablePlaneView { maps.plane(channel) }

  /// Makes the first plane of `clean` the luma of ITU-R BT.601, rounded to 8 bits as in a gray
  /// file.
  func makeGray() {
    for pixel in 0..<pixels {
      let luma =
        0.299 * clean[pixel] + 0.587 * clean[pixels &+ pixel] + 0.114 * clean[2 &* pixels &+ pixel]
      clean[pixel] = Self.rounded(luma)
    }
  }

  /// Copies the first plane over the other two.
  func repeatFirst(_ buffer: MutablePlaneView) {
    for pixel in 0..<pixels {
      buffer[pixels &+ pixel] = buffer[pixel]
      buffer[2 &* pixels &+ pixel] = buffer[pixel]
    }
  }

  /// Observes the crop as it is.
  func copy() {
    for index in 0..<count { observation[index] = clean[index] }
  }

  /// Leaves a share of what the observation differs by from the crop.
  func fadeNoise(to share: Float) {
    for index in 0..<count {
      observation[index] = clean[index] + share * (observation[index] - clean[index])
    }
  }

  /// Rounds and clips the observation to 8 bits.
  func roundObservation() {
    for index in 0..<count { observation[index] = Self.rounded(observation[index]) }
  }

  /// Fills the hidden pixels; their noise levels become 0.
  func fillHoles() {
    let seen = map(ConditionMaps.seen)
    let luma = map(ConditionMaps.lumaNoise)
    let chroma = map(ConditionMaps.chromaNoise)
    for pixel in 0..<pixels {
      luma[pixel] *= seen[pixel]
      chroma[pixel] *= seen[pixel]
    }
    HoleFilling.fill(observation.planes(0..<planes), seen: seen)
  }

  /// The deviation of the observation from the crop in the opponent basis (`ConditionMaps`), a root
  /// mean square over all pixels.
  var measuredNoise: (luma: Float, chroma: Float) {
    var (luma, all) = (0.0, 0.0)
    for pixel in 0..<pixels {
      var (sum, squares): (Float, Float) = (0, 0)
      for index in stride(from: pixel, to: count, by: pixels) {
        let noise = observation[index] - clean[index]
        sum += noise
        squares += noise * noise
      }
      luma += Double(sum * sum / Float(planes))
      all += Double(squares)
    }
    let deviation = Float((luma / Double(pixels)).squareRoot())
    guard planes == 3 else {
      return (isRepeated ? deviation * ConditionMaps.repeatedNoiseFactor : deviation, 0)
    }
    return (deviation, Float((max(all - luma, 0) / Double(2 * pixels)).squareRoot()))
  }

  /// Planes with edge pixels repeated: `left` and `top` before, up to `toWidth` and `toHeight`.
  func extended(
    _ source: MutablePlaneView, left: Int, top: Int, toWidth: Int, toHeight: Int
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: planes * toWidth * toHeight) { target, initialized in
      var position = 0
      for plane in 0..<planes {
        for y in 0..<toHeight {
          let row = (plane &* height &+ min(max(y - top, 0), height - 1)) &* width
          for x in 0..<toWidth {
            target.initializeElement(
              at: position, to: source[row &+ min(max(x - left, 0), width - 1)])
            position += 1
          }
        }
      }
      initialized = position
    }
  }

  /// Observes the crop out of extended planes.
  func observe(_ extended: [Float], left: Int, top: Int, width: Int, height: Int) {
    for plane in 0..<planes {
      for y in 0..<self.height {
        let row = (plane * height + top + y) * width + left
        let target = (plane * self.height + y) * self.width
        for x in 0..<self.width { observation[target + x] = extended[row + x] }
      }
    }
  }

  /// The nearest of the 256 levels; what is outside [0, 1] is clipped.
  static func rounded(_ value: Float) -> Float {
    (min(max(value, 0), 1) * 255).rounded(.toNearestOrEven) / 255
  }
}
