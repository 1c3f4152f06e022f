import Pictures
import Platform
import Tensors

/// Noise whose variance is a * x + b^2 at a value x in [0, 1] (Foi, Trimeche, Katkovnik and
/// Egiazarian 2008).
struct SignalDependentNoise: Sendable {
  /// The variance per unit of signal.
  let gain: Float
  /// The standard deviation at 0.
  let offset: Float
  /// Whether the map is computed from the observation, clipped to [0, 1], as it has to be where
  /// there is nothing else; from the clean crop otherwise.
  let isMeasured: Bool

  /// A gain of 0.0005...0.03, log-uniform, and an offset of 1...15 on the scale 0...255.
  static func random(using random: inout RandomSource) -> SignalDependentNoise {
    SignalDependentNoise(
      gain: 0.0005 * powf(60, random.nextUniform()), offset: random.next(in: 1...15) / 255,
      isMeasured: random.nextWord() & 1 == 1)
  }

  func variance(_ value: Float) -> Float { gain * min(max(value, 0), 1) + offset * offset }
}

extension DamageCanvas {
  /// Adds independent Gaussian noise to every channel; to a repeated plane, the same to all.
  ///
  /// - Parameter level: standard deviation on the scale 0...1.
  func addNoise(level: Float, using random: inout RandomSource) {
    random.fillNormal(observation.planes(0..<planes).numbers)
    for index in 0..<count { observation[index] = clean[index] + level * observation[index] }
    let factor = isRepeated ? ConditionMaps.repeatedNoiseFactor : 1
    map(ConditionMaps.lumaNoise).fill(with: level * factor)
    if planes == 3 { map(ConditionMaps.chromaNoise).fill(with: level) }
  }

  /// Adds the same Gaussian noise to all channels.
  ///
  /// - Parameter level: standard deviation on the scale 0...1.
  func addGrayNoise(level: Float, using random: inout RandomSource) {
    guard planes == 3 else {
      addNoise(level: level, using: &random)
      return
    }
    random.fillNormal(observation.plane(0).numbers)
    for pixel in 0..<pixels {
      let noise = level * observation[pixel]
      for index in stride(from: pixel, to: count, by: pixels) {
        observation[index] = clean[index] + noise
      }
    }
    map(ConditionMaps.lumaNoise).fill(with: level * ConditionMaps.repeatedNoiseFactor)
  }

  /// Adds independent noise whose level depends on the signal.
  func addSignalDependentNoise(
    _ noise: SignalDependentNoise, using random: inout RandomSource
  ) {
    random.fillNormal(observation.planes(0..<planes).numbers)
    for index in 0..<count {
      let level = noise.variance(clean[index]).squareRoot()
      observation[index] = clean[index] + level * observation[index]
    }
    let source = noise.isMeasured ? observation : clean
    let luma = map(ConditionMaps.lumaNoise)
    let chroma = map(ConditionMaps.chromaNoise)
    for pixel in 0..<pixels {
      // With three channels Y has the mean of their variances, and C1 and C2 have it on average.
      var sum: Float = 0
      for index in stride(from: pixel, to: count, by: pixels) {
        sum += noise.variance(source[index])
      }
      let level = (sum / Float(planes)).squareRoot()
      luma[pixel] = isRepeated ? level * ConditionMaps.repeatedNoiseFactor : level
      chroma[pixel] = planes == 3 ? level : 0
    }
  }
}
