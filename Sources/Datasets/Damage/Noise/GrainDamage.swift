import Pictures
import Platform
import Tensors

/// Grain and blotches: noise that is correlated over pixels, of luma and of chroma, and depends on
/// the signal. Film has it, and so has noise that was enlarged or smoothed with its picture.
struct GrainDamage: Sendable {
  /// Deviations on the scale 0...1.
  let luma: Float
  let chroma: Float
  /// How coarse each is: the largest weight of fields of 2, 4 and 8 pixels beside that of 1.
  let lumaCoarseness: Float
  let chromaCoarseness: Float
  /// The noise goes with (luma + 0.1) to this power.
  let power: Float
  /// The deviation of an offset for every row or column; 0 for none.
  let lines: Float
  let areRows: Bool

  static func random(using random: inout RandomSource) -> GrainDamage {
    let hasLines = random.nextUniform() < 0.1
    return GrainDamage(
      luma: powf(14, random.nextUniform()) / 255, chroma: powf(16, random.nextUniform()) / 255,
      lumaCoarseness: random.nextUniform(), chromaCoarseness: random.next(in: 0...1.5),
      power: random.next(in: -0.7...0.5), lines: hasLines ? random.next(in: 0.5...4) / 255 : 0,
      areRows: random.nextWord() & 1 == 1)
  }
}

extension DamageCanvas {
  /// Observes the crop under grain.
  func addGrain(_ grain: GrainDamage, using random: inout RandomSource) {
    let noise = observation
    for plane in 0..<planes {
      field(
        noise.plane(plane), deviation: plane == 0 ? grain.luma : grain.chroma,
        coarseness: plane == 0 ? grain.lumaCoarseness : grain.chromaCoarseness, using: &random)
    }
    if grain.lines > 0 { addLines(grain, using: &random) }
    if planes == 3 { LumaChroma.join(noise) }
    let scale = powf(0.5, -grain.power)
    for pixel in 0..<pixels {
      var sum: Float = 0
      for plane in 0..<planes { sum += clean[plane &* pixels &+ pixel] }
      let factor = scale * powf(max(sum / Float(planes), 0) + 0.1, grain.power)
      for plane in 0..<planes {
        let index = plane &* pixels &+ pixel
        observation[index] = min(max(clean[index] + factor * noise[index], 0), 1)
      }
    }
  }

  /// The sum of fields of independent numbers, each enlarged by 1, 2, 4 and 8.
  private func field(
    _ plane: MutablePlaneView, deviation: Float, coarseness: Float,
    using random: inout RandomSource
  ) {
    plane.fill(with: 0)
    for size in [1, 2, 4, 8] {
      let weight =
        random.nextUniform() * (size > 1 ? coarseness : 1) / (size < 8 ? 1 : 2)
      let (rows, columns) = (height / size + 2, width / size + 2)
      var numbers = random.normal([rows * columns]).elements
      if size > 1 {
        numbers = Resampling.resize(
          numbers, width: columns, height: rows, channels: 1, toWidth: columns * size,
          toHeight: rows * size)
      }
      for y in 0..<height {
        let row = (y &+ size / 2) &* columns &* size &+ size / 2
        for x in 0..<width { plane[y &* width &+ x] += weight * numbers[row &+ x] }
      }
    }
    let square = plane.numbers.reduce(0) { $0 + $1 * $1 } / Float(max(plane.count, 1))
    let factor = square > 0 ? deviation / square.squareRoot() : 0
    for pixel in 0..<plane.count { plane[pixel] *= factor }
  }

  private func addLines(_ grain: GrainDamage, using random: inout RandomSource) {
    let offsets = random.normal([grain.areRows ? height : width]).elements
    for y in 0..<height {
      for x in 0..<width {
        observation[y &* width &+ x] += grain.lines * offsets[grain.areRows ? y : x]
      }
    }
  }

  /// Single pixels that tell nothing: hot, dead or of any value, in all channels or in one. A part
  /// of them may be known and hidden.
  ///
  /// - Parameter share: of the pixels, 0...1.
  func addImpulses(share: Float, areKnown: Bool, using random: inout RandomSource) {
    let isSaltAndPepper = random.nextWord() & 1 == 1
    let isPerChannel = random.nextWord() & 1 == 1 && planes == 3
    let seen = map(ConditionMaps.seen)
    for pixel in 0..<pixels where random.nextUniform() < share {
      let value =
        isSaltAndPepper ? Float(random.nextWord() & 1) : random.nextUniform()
      let own = random.nextIndex(below: planes)
      for plane in 0..<planes where !isPerChannel || plane == own {
        observation[plane &* pixels &+ pixel] = value
      }
      // One in twenty is overlooked.
      if areKnown && random.nextUniform() < 0.95 { seen[pixel] = 0 }
    }
    if areKnown { fillHoles() }
  }
}
