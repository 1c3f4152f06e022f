import Tensors
import Testing

@testable import Datasets

/// Noise as files have it: its levels are measured.
@Suite struct FileNoiseTests {
  @Test func theMeasuredLevelIsThatOfTheOpponentBasis() {
    var crop = DamagedCrop.waves()
    var random = RandomSource(seed: 3)
    var level: (luma: Float, chroma: Float) = (0, 0)
    crop.draw { canvas in
      canvas.addNoise(level: 0.05, using: &random)
      level = canvas.measuredNoise
    }
    let noise = crop.opponentNoise()
    #expect(abs(level.luma - deviation(noise[0])) < 1e-6)
    #expect(abs(level.chroma - deviation(noise[1] + noise[2])) < 1e-6)
    #expect(abs(level.luma - 0.05) < 0.002)
  }

  @Test func theMeasuredLevelOfARepeatedPlane() {
    var crop = DamagedCrop.waves()
    var random = RandomSource(seed: 3)
    crop.draw(isRepeated: true) { canvas in
      canvas.addNoise(level: 0.05, using: &random)
      let level = canvas.measuredNoise
      #expect(level.chroma == 0)
      #expect(abs(level.luma - 0.05 * Float(3).squareRoot()) < 0.003)
    }
  }

  @Test func grainHasItsLevelsAndIsCoarse() {
    var crop = DamagedCrop(
      [Float](repeating: 0.4, count: 3 * 64 * 64), channels: 3, height: 64, width: 64)
    var random = RandomSource(seed: 4)
    let grain = GrainDamage(
      luma: 0.02, chroma: 0.01, lumaCoarseness: 1, chromaCoarseness: 1, power: 0, lines: 0,
      areRows: true)
    crop.draw { $0.addGrain(grain, using: &random) }
    let luma = (0..<64 * 64).map { pixel in
      let noise = (0..<3).map { crop.observation[$0 * 4096 + pixel] - 0.4 }
      return 0.299 * noise[0] + 0.587 * noise[1] + 0.114 * noise[2]
    }
    #expect(abs(deviation(luma) - 0.02) < 0.001)
    // Neighbors are alike.
    let pairs = luma.indices.filter { $0 % 64 != 0 }
    let correlation =
      pairs.reduce(Float(0)) { $0 + luma[$1] * luma[$1 - 1] } / Float(pairs.count)
      / (deviation(luma) * deviation(luma))
    #expect(correlation > 0.2)
  }

  @Test(arguments: [true, false])
  func impulsesMayBeKnown(areKnown: Bool) {
    var crop = DamagedCrop.waves()
    var random = RandomSource(seed: 5)
    crop.draw { canvas in
      canvas.copy()
      canvas.addImpulses(share: 0.05, areKnown: areKnown, using: &random)
    }
    let hidden = crop.map(ConditionMaps.seen).count { $0 == 0 }
    #expect(areKnown ? (120...290).contains(hidden) : hidden == 0)
    let different = (0..<4096).count { pixel in
      (0..<3).contains { crop.observation[$0 * 4096 + pixel] != crop.clean[$0 * 4096 + pixel] }
    }
    #expect((120...290).contains(different))
  }

  @Test func aFadedPieceHasAShareOfTheNoise() {
    var crop = DamagedCrop.waves()
    var random = RandomSource(seed: 6)
    crop.draw { canvas in
      canvas.addNoise(level: 0.04, using: &random)
      let whole = canvas.measuredNoise
      canvas.fadeNoise(to: 0.25)
      #expect(abs(canvas.measuredNoise.luma / whole.luma - 0.25) < 1e-4)
    }
  }

  /// Levels are told where they can be, unknown in about as many pieces as the mixture says.
  @Test func someLevelsAreUnknown() {
    let sampler = DamageSampler(
      DamageMixture(
        name: "one", shares: [.init(kind: .camera, share: 1)], grayShare: 0, roundedShare: 0,
        telling: .estimated(unknownShare: 0.5)))
    var random = RandomSource(seed: 7)
    var unknown = 0
    for _ in 0..<200 {
      var crop = DamagedCrop.waves(height: 16, width: 16)
      crop.apply(sampler, using: &random)
      let luma = crop.map(ConditionMaps.lumaNoise)
      #expect(Set(luma).count == 1)
      if luma[0] == ConditionMaps.unknown {
        unknown += 1
      } else {
        #expect(luma[0] >= 0)
        let found = deviation(crop.opponentNoise()[0])
        #expect(found == 0 || (0.25...2.5).contains(luma[0] / found))
      }
    }
    #expect((75...125).contains(unknown))
  }

  /// What estimators learn from is told exactly.
  @Test func levelsForEstimatorsAreExact() {
    let sampler = DamageSampler(.noiseLevels)
    var random = RandomSource(seed: 8)
    for _ in 0..<100 {
      var crop = DamagedCrop.waves(height: 16, width: 16)
      crop.apply(sampler, using: &random)
      let noise = crop.opponentNoise()
      #expect(abs(crop.map(ConditionMaps.lumaNoise)[0] - deviation(noise[0])) < 1e-5)
      #expect(
        abs(crop.map(ConditionMaps.chromaNoise)[0] - deviation(noise[1] + noise[2])) < 1e-5)
    }
  }

  @Test func drawnPiecesAreOnTheLevelsOfFiles() {
    var random = RandomSource(seed: 9)
    for _ in 0..<60 {
      var crop = DamagedCrop.waves(height: 24, width: 31)
      let photograph = crop.clean
      crop.draw { $0.draw(using: &random) }
      #expect(crop.clean.allSatisfy { DamageCanvas.rounded($0) == $0 })
      #expect(crop.clean != photograph)
    }
  }
}
