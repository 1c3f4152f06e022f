import Tensors
import Testing

@testable import Datasets

@Suite struct DamageNoiseTests {
  /// The measured level in the basis of the maps, over the map's; 1 where both are right.
  @Test func gaussianNoiseHasTheLevelOfItsMap() {
    var random = RandomSource(seed: 1)
    let sampler = DamageSampler.only(.gaussianNoise)
    var levels: [Float] = []
    for _ in 0..<100 {
      var crop = DamagedCrop.waves()
      crop.apply(sampler, using: &random)
      let level = crop.map(ConditionMaps.lumaNoise)[0]
      levels.append(level * 255)
      #expect(crop.map(ConditionMaps.lumaNoise).allSatisfy { $0 == level })
      #expect(crop.map(ConditionMaps.chromaNoise).allSatisfy { $0 == level })
      #expect(crop.map(ConditionMaps.seen).allSatisfy { $0 == 1 })
      for noise in crop.opponentNoise() { #expect(abs(deviation(noise) / level - 1) < 0.05) }
    }
    #expect(levels.allSatisfy { (0...55).contains($0) })
    #expect(levels.min()! < 5 && levels.max()! > 50)
    #expect(abs(levels.reduce(0, +) / 100 - 27.5) < 5)
  }

  @Test func oneChannelHasLumaNoiseOnly() {
    var random = RandomSource(seed: 2)
    var crop = DamagedCrop.waves(channels: 1)
    crop.draw { $0.addNoise(level: 0.1, using: &random) }
    let noise = zip(crop.observation, crop.clean).map { $0 - $1 }
    #expect(abs(deviation(noise) - 0.1) < 0.005)
    #expect(crop.map(ConditionMaps.lumaNoise).allSatisfy { $0 == 0.1 })
    #expect(crop.map(ConditionMaps.chromaNoise).allSatisfy { $0 == 0 })
  }

  @Test(arguments: [false, true])
  func equalNoiseInAllChannelsIsLuma(isRepeated: Bool) {
    var random = RandomSource(seed: 3)
    var crop = DamagedCrop.waves()
    crop.draw(isRepeated: isRepeated) {
      if isRepeated {
        $0.makeGray()
        $0.addNoise(level: 0.1, using: &random)
        $0.repeatFirst($0.clean)
        $0.repeatFirst($0.observation)
      } else {
        $0.addGrayNoise(level: 0.1, using: &random)
      }
    }
    let noise = crop.opponentNoise()
    let level = crop.map(ConditionMaps.lumaNoise)[0]
    #expect(abs(level - 0.173205) < 1e-5)
    #expect(abs(deviation(noise[0]) / level - 1) < 0.05)
    #expect(deviation(noise[1]) < 1e-6 && deviation(noise[2]) < 1e-6)
    #expect(crop.map(ConditionMaps.chromaNoise).allSatisfy { $0 == 0 })
  }

  /// Pixels are sorted by the level in the map; in each tenth the measured level is the map's.
  @Test(arguments: [1, 3])
  func signalDependentNoiseFollowsItsMap(channels: Int) {
    var random = RandomSource(seed: 4)
    var noise: [(level: Float, value: Float)] = []
    for _ in 0..<6 {
      var crop = DamagedCrop.waves(channels: channels)
      crop.draw {
        $0.addSignalDependentNoise(
          SignalDependentNoise(gain: 0.02, offset: 0.01, isMeasured: false), using: &random)
      }
      let (luma, chroma) = (crop.map(ConditionMaps.lumaNoise), crop.map(ConditionMaps.chromaNoise))
      if channels == 1 {
        #expect(chroma.allSatisfy { $0 == 0 })
        for (index, level) in luma.enumerated() {
          noise.append((level, crop.observation[index] - crop.clean[index]))
        }
      } else {
        #expect(chroma == luma)
        for part in crop.opponentNoise() { noise += zip(luma, part).map { ($0, $1) } }
      }
    }
    noise.sort { $0.level < $1.level }
    #expect(noise.last!.level > 1.2 * noise[0].level)
    let tenth = noise.count / 10
    for part in 0..<10 {
      let slice = noise[part * tenth..<(part + 1) * tenth]
      let ratio = deviation(slice.map(\.value)) / deviation(slice.map(\.level))
      #expect(abs(ratio - 1) < 0.07)
    }
  }

  @Test func measuredLevelsComeFromTheObservation() {
    var random = RandomSource(seed: 5)
    var crop = DamagedCrop.waves(channels: 1)
    crop.draw {
      $0.addSignalDependentNoise(
        SignalDependentNoise(gain: 0.03, offset: 0.02, isMeasured: true), using: &random)
    }
    for (level, value) in zip(crop.map(ConditionMaps.lumaNoise), crop.observation) {
      let expected = (0.03 * min(max(value, 0), 1) + 0.0004).squareRoot()
      #expect(abs(level - expected) < 1e-6)
    }
  }

  @Test func drawnSignalDependentNoiseIsWithinItsRange() {
    var random = RandomSource(seed: 6)
    let drawn = (0..<400).map { _ in SignalDependentNoise.random(using: &random) }
    #expect(drawn.allSatisfy { (0.000499...0.0301).contains($0.gain) })
    #expect(drawn.allSatisfy { (1...15).contains($0.offset * 255) })
    #expect((140...260).contains(drawn.count(where: \.isMeasured)))
    #expect((140...260).contains(drawn.count { $0.gain < 0.0039 }))
  }

  @Test func aShareOfNoiseIsRoundedAsFilesAre() {
    var random = RandomSource(seed: 7)
    let sampler = DamageSampler.only(.gaussianNoise, roundedShare: 0.5)
    var rounded = 0
    for _ in 0..<200 {
      var crop = DamagedCrop.waves(channels: 1, height: 8, width: 8)
      crop.apply(sampler, using: &random)
      let isRounded = crop.observation.allSatisfy { DamageCanvas.rounded($0) == $0 }
      if isRounded { rounded += 1 }
    }
    #expect((75...125).contains(rounded))
    #expect(DamageCanvas.rounded(-0.3) == 0 && DamageCanvas.rounded(1.2) == 1)
    #expect(DamageCanvas.rounded(100.4 / 255) == Float(100) / 255)
  }
}
