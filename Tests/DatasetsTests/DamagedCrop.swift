import Pictures
import Tensors

@testable import Datasets

/// A crop with its observation and maps.
struct DamagedCrop: Equatable {
  var clean: [Float]
  var observation: [Float]
  var maps: [Float]
  let channels: Int
  let height: Int
  let width: Int

  init(_ clean: [Float], channels: Int, height: Int, width: Int) {
    self.clean = clean
    self.channels = channels
    self.height = height
    self.width = width
    observation = [Float](repeating: -7, count: clean.count)
    maps = [Float](repeating: -7, count: ConditionMaps.count * height * width)
  }

  /// Smooth waves of other phases in each channel, on 256 levels, in 0.2...0.8.
  static func waves(channels: Int = 3, height: Int = 64, width: Int = 64) -> DamagedCrop {
    var clean: [Float] = []
    for channel in 0..<channels {
      for y in 0..<height {
        for x in 0..<width {
          let phase = (x * (3 + channel) + y * (7 - channel)) % 128
          let ramp = Float(phase < 64 ? phase : 128 - phase) / 64
          clean.append(DamageCanvas.rounded(0.2 + 0.6 * ramp))
        }
      }
    }
    return DamagedCrop(clean, channels: channels, height: height, width: width)
  }

  var pixels: Int { height * width }

  func map(_ channel: Int) -> [Float] { Array(maps[channel * pixels..<(channel + 1) * pixels]) }

  func plane(_ values: [Float], _ channel: Int) -> [Float] {
    Array(values[channel * pixels..<(channel + 1) * pixels])
  }

  /// Whether all three channels are equal.
  func isGray(_ values: [Float]) -> Bool {
    plane(values, 0) == plane(values, 1) && plane(values, 0) == plane(values, 2)
  }

  mutating func apply(
    _ sampler: DamageSampler, allowsEverythingHidden: Bool = false,
    using random: inout RandomSource
  ) {
    let (channels, height, width) = (channels, height, width)
    let region = Region(height: height, width: width)
    clean.withMutablePlanes(channels: channels, region) { clean in
      observation.withMutablePlanes(channels: channels, region) { observation in
        maps.withMutablePlanes(channels: ConditionMaps.count, region) { maps in
          sampler.apply(
            clean: clean, observation: observation, maps: maps,
            allowsEverythingHidden: allowsEverythingHidden,
            using: &random)
        }
      }
    }
  }

  /// One kind of damage with known numbers.
  mutating func draw(isRepeated: Bool = false, _ body: (DamageCanvas) -> Void) {
    let (channels, height, width) = (channels, height, width)
    let region = Region(height: height, width: width)
    clean.withMutablePlanes(channels: channels, region) { clean in
      observation.withMutablePlanes(channels: channels, region) { observation in
        maps.withMutablePlanes(channels: ConditionMaps.count, region) { maps in
          maps.fill(with: 0)
          maps.plane(0).fill(with: 1)
          body(
            DamageCanvas(
              clean: clean, observation: observation, maps: maps,
              planes: isRepeated ? 1 : channels, isRepeated: isRepeated))
        }
      }
    }
  }

  /// The noise in the opponent basis: Y, C1, C2.
  func opponentNoise() -> [[Float]] {
    let noise = zip(observation, clean).map { $0 - $1 }
    let (red, green, blue) = (plane(noise, 0), plane(noise, 1), plane(noise, 2))
    return [
      red.indices.map { (red[$0] + green[$0] + blue[$0]) / Float(3).squareRoot() },
      red.indices.map { (red[$0] - blue[$0]) / Float(2).squareRoot() },
      red.indices.map { (red[$0] - 2 * green[$0] + blue[$0]) / Float(6).squareRoot() },
    ]
  }
}

extension DamageSampler {
  /// One kind of damage alone.
  static func only(
    _ kind: DamageKind, grayShare: Float = 0, roundedShare: Float = 0
  ) -> DamageSampler {
    DamageSampler(
      DamageMixture(
        name: "one", shares: [.init(kind: kind, share: 1)], grayShare: grayShare,
        roundedShare: roundedShare))
  }
}

/// The square root of the mean square.
func deviation(_ values: some Collection<Float>) -> Float {
  let sum = values.reduce(into: 0.0) { $0 += Double($1) * Double($1) }
  return Float((sum / Double(values.count)).squareRoot())
}
