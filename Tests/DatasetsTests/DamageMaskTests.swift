import Pictures
import Tensors
import Testing

@testable import Datasets

@Suite struct DamageMaskTests {
  /// A mask of a canvas: 1 seen, 0 hidden.
  static func mask(
    height: Int = 64, width: Int = 64, _ body: (MaskCanvas) -> Void
  ) -> [Float] {
    var seen = [Float](repeating: 1, count: height * width)
    seen.withMutablePlanes(channels: 1, Region(height: height, width: width)) {
      body(MaskCanvas(seen: $0))
    }
    return seen
  }

  static func hiddenShare(_ seen: [Float]) -> Float {
    Float(seen.count { $0 == 0 }) / Float(seen.count)
  }

  @Test(arguments: [0.1, 0.5, 0.8, 0.95] as [Float])
  func hidesTheShareOfPixels(share: Float) {
    var random = RandomSource(seed: 1)
    let seen = Self.mask(height: 128, width: 128) { $0.hidePixels(share: share, using: &random) }
    #expect(abs(Self.hiddenShare(seen) - share) < 0.015)
  }

  @Test func drawnSharesSpreadOverTheirRange() {
    var random = RandomSource(seed: 2)
    let sampler = DamageSampler.only(.randomPixels)
    var shares: [Float] = []
    for _ in 0..<100 {
      var crop = DamagedCrop.waves(channels: 1, height: 48, width: 48)
      crop.apply(sampler, using: &random)
      shares.append(Self.hiddenShare(crop.map(ConditionMaps.seen)))
    }
    #expect(shares.allSatisfy { (0.06...0.98).contains($0) })
    #expect(shares.min()! < 0.2 && shares.max()! > 0.85)
    #expect(abs(shares.reduce(0, +) / 100 - 0.525) < 0.09)
  }

  /// A box is what is left between the first and the last hidden column and row.
  @Test func boxesAreSolidAndOfTheirSizes() {
    var random = RandomSource(seed: 3)
    var shares: [Float] = []
    for _ in 0..<200 {
      let seen = Self.mask { $0.hideBoxes(using: &random) }
      shares.append(Self.hiddenShare(seen))
      // Both boxes are at least four pixels wide where the border cuts them at the center.
      for y in 0..<64 {
        let row = seen[y * 64..<(y + 1) * 64]
        let runs = row.split(separator: 1)
        #expect(runs.count <= 2)
        #expect(runs.allSatisfy { $0.count >= 3 && $0.count <= 64 })
      }
    }
    #expect(shares.min()! < 0.05 && shares.max()! > 0.4 && shares.max()! < 0.8)
  }

  @Test func bordersHideWholeRowsAndColumns() {
    var random = RandomSource(seed: 4)
    var sides = Set<Int>()
    for _ in 0..<100 {
      let seen = Self.mask(height: 48, width: 64) { $0.hideBorders(using: &random) }
      let columns = (0..<64).filter { x in (0..<48).contains { seen[$0 * 64 + x] == 1 } }
      let rows = (0..<48).filter { y in (0..<64).contains { seen[y * 64 + $0] == 1 } }
      let depths = [columns[0], rows[0], 63 - columns.last!, 47 - rows.last!]
      let hidden = depths.filter { $0 > 0 }
      sides.insert(hidden.count)
      #expect(hidden.allSatisfy { (8...24).contains($0) })
      for y in rows { for x in columns { #expect(seen[y * 64 + x] == 1) } }
    }
    #expect(sides == [1, 2, 3])
  }

  @Test func strokesAndTextHideAPart() {
    var random = RandomSource(seed: 5)
    var strokes: [Float] = []
    var text: [Float] = []
    for _ in 0..<200 {
      strokes.append(Self.hiddenShare(Self.mask { $0.hideStrokes(using: &random) }))
      text.append(Self.hiddenShare(Self.mask { $0.hideText(using: &random) }))
    }
    #expect((0.05...0.3).contains(strokes.reduce(0, +) / 200))
    #expect(strokes.max()! < 0.75)
    #expect((0.08...0.35).contains(text.reduce(0, +) / 200))
    #expect(text.max()! < 0.6 && text.count { $0 == 0 } < 10)
  }

  @Test(arguments: [(1, 1), (1, 9), (5, 3), (28, 28)])
  func fitEveryExtent(height: Int, width: Int) {
    var random = RandomSource(seed: 6)
    let kinds: [DamageKind] = [
      .gaussianNoise, .signalDependentNoise, .grayNoise, .jpeg, .scale(2), .scale(3), .scale(4),
      .randomPixels, .strokes, .text, .boxes, .borders,
    ]
    for kind in kinds {
      for _ in 0..<20 {
        var crop = DamagedCrop.waves(height: height, width: width)
        crop.apply(.only(kind, grayShare: 0.3), using: &random)
        #expect(crop.map(ConditionMaps.seen).contains(1))
        #expect(crop.map(ConditionMaps.seen).allSatisfy { $0 == 0 || $0 == 1 })
        #expect(crop.observation.allSatisfy { $0.isFinite && $0 > -2 && $0 < 3 })
      }
    }
  }

  @Test func hiddenPixelsAreFilledAndHaveNoNoise() {
    var random = RandomSource(seed: 7)
    var noisy = 0
    for _ in 0..<100 {
      var crop = DamagedCrop.waves()
      crop.apply(.only(.randomPixels), using: &random)
      let seen = crop.map(ConditionMaps.seen)
      let luma = crop.map(ConditionMaps.lumaNoise)
      #expect(zip(seen, luma).allSatisfy { $0 == 1 || $1 == 0 })
      let level = luma.max()!
      #expect(level <= 25 / 255)
      if level > 0 { noisy += 1 }
      var filled = crop.observation
      for index in filled.indices where seen[index % crop.pixels] == 0 { filled[index] = .nan }
      HoleFilling.fill(&filled, seen: seen, channels: 3, height: 64, width: 64)
      #expect(filled == crop.observation)
      let noise = crop.clean.indices.filter { seen[$0 % crop.pixels] == 1 }
        .map { crop.observation[$0] - crop.clean[$0] }
      #expect(level == 0 ? noise.allSatisfy { $0 == 0 } : abs(deviation(noise) / level - 1) < 0.2)
    }
    let expected = 100 * DamageSampler.noisyMaskShare
    let deviation = (expected * (1 - DamageSampler.noisyMaskShare)).squareRoot()
    #expect(noisy > 0 && abs(Float(noisy) - expected) < 3 * deviation)
  }
}
