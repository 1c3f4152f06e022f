import Tensors
import Testing

@testable import Datasets

@Suite struct DamageSamplerTests {
  @Test func levelsOfTheMaps() {
    #expect([1, 2, 4].map { ConditionMaps.scaleLevel($0) } == [0, 0.5, 1])
    #expect(abs(ConditionMaps.scaleLevel(3) - 0.79) < 0.003)
    #expect(ConditionMaps.jpegLevel(quality: 10) == 0.9)
    #expect(ConditionMaps.jpegLevel(quality: nil) == 0)
  }

  @Test func mixturesHaveNamesAndWholeShares() {
    for mixture in DamageMixture.all {
      #expect(DamageMixture(name: mixture.name) == mixture)
      #expect(abs(mixture.shares.map(\.share).reduce(0, +) - 1) < 1e-6)
    }
    #expect(Set(DamageMixture.all.map(\.name)).count == DamageMixture.all.count)
    #expect(DamageMixture(name: "rain") == nil)
    #expect(DamageMixture.photograph.kind(at: 0) == .gaussianNoise)
    #expect(DamageMixture.photograph.kind(at: 0.99999994) == .borders)
    #expect(DamageMixture.noise.kind(at: 0.5) == .gaussianNoise)
  }

  @Test(arguments: DamageMixture.all)
  func sameNumbersGiveTheSameDamage(mixture: DamageMixture) {
    let sampler = DamageSampler(mixture)
    func crops(seed: UInt64) -> [DamagedCrop] {
      var random = RandomSource(seed: seed)
      return (0..<30).map { _ in
        var crop = DamagedCrop.waves(height: 32, width: 40)
        crop.apply(sampler, allowsEverythingHidden: true, using: &random)
        return crop
      }
    }
    let first = crops(seed: 1)
    #expect(first == crops(seed: 1))
    #expect(first != crops(seed: 2))
    #expect(first[0] != first[1])
  }

  @Test func everythingIsHiddenInHalfWhereAllowed() {
    let sampler = DamageSampler(.photograph)
    for isAllowed in [true, false] {
      var random = RandomSource(seed: 3)
      var hidden = 0
      for _ in 0..<300 {
        var crop = DamagedCrop.waves(height: 16, width: 16)
        crop.apply(sampler, allowsEverythingHidden: isAllowed, using: &random)
        guard !crop.map(ConditionMaps.seen).contains(1) else { continue }
        hidden += 1
        #expect(crop.maps.allSatisfy { $0 == 0 })
        #expect(crop.observation.allSatisfy { $0 == 0.5 })
      }
      #expect(isAllowed ? (120...180).contains(hidden) : hidden == 0)
    }
  }

  /// A share of the color crops loses fine color and keeps its luma; the others stay as they are.
  @Test func grayStaysGrayAndColorIsSmoothed() {
    let sampler = DamageSampler(.photograph)
    var random = RandomSource(seed: 4)
    var (gray, smooth) = (0, 0)
    for _ in 0..<300 {
      let whole = DamagedCrop.waves(height: 16, width: 16)
      var crop = whole
      crop.apply(sampler, allowsEverythingHidden: true, using: &random)
      guard crop.isGray(crop.clean) else {
        if crop.clean != whole.clean {
          smooth += 1
          let (before, after) = (lumaAndRoughness(whole.clean), lumaAndRoughness(crop.clean))
          #expect(zip(before.luma, after.luma).allSatisfy { abs($0 - $1) < 1e-5 })
          #expect(after.roughness < before.roughness)
        }
        continue
      }
      gray += 1
      #expect(crop.isGray(crop.observation))
      #expect(crop.map(ConditionMaps.chromaNoise).allSatisfy { $0 == 0 })
      for pixel in 0..<256 {
        let luma =
          0.299 * whole.clean[pixel] + 0.587 * whole.clean[256 + pixel]
          + 0.114 * whole.clean[512 + pixel]
        #expect(abs(crop.clean[pixel] - luma) <= 0.501 / 255)
      }
    }
    let share = DamageMixture.photograph.grayShare
    #expect(abs(Float(gray) - 300 * share) < 3 * (300 * share * (1 - share)).squareRoot())
    let color = Float(300 - gray)
    #expect(abs(Float(smooth) - 0.7 * color) < 3 * (color * 0.7 * 0.3).squareRoot())
  }

  /// The luma of a crop of 16x16, and by how much the difference of blue and luma changes from pixel to pixel.
  private func lumaAndRoughness(_ planes: [Float]) -> (luma: [Float], roughness: Float) {
    var (luma, blue): ([Float], [Float]) = ([], [])
    for pixel in 0..<256 {
      let (r, g, b) = (planes[pixel], planes[256 + pixel], planes[512 + pixel])
      luma.append(0.299 * r + 0.587 * g + 0.114 * b)
      blue.append(b - luma[pixel])
    }
    let steps = zip(blue, blue.dropFirst()).map { abs($0 - $1) }
    return (luma, steps.reduce(0, +))
  }

  @Test func sharesAreTheMixtures() {
    let sampler = DamageSampler(.photograph)
    var random = RandomSource(seed: 5)
    var counts: [String: Float] = [:]
    for _ in 0..<1000 {
      var crop = DamagedCrop.waves(height: 16, width: 16)
      crop.apply(sampler, using: &random)
      if crop.map(ConditionMaps.seen).contains(0) {
        counts["masked", default: 0] += 1
      } else if crop.maps[3 * 256] > 0 {
        counts["reduced", default: 0] += 1
      } else if crop.maps[4 * 256] > 0 {
        counts["coded", default: 0] += 1
      } else {
        counts["noisy", default: 0] += 1
      }
    }
    var shares: [String: Float] = [:]
    for share in DamageMixture.photograph.shares {
      let name =
        switch share.kind {
        case .gaussianNoise, .grayNoise, .signalDependentNoise: "noisy"
        case .jpeg: "coded"
        case .scale: "reduced"
        case .randomPixels, .strokes, .text, .boxes, .borders: "masked"
        case .camera, .grain, .noiseThenJPEG, .impulses, .none: "none of this mixture"
        }
      shares[name, default: 0] += share.share
    }
    // Three standard deviations of a binomial count.
    for (name, share) in shares {
      let deviation = (1000 * share * (1 - share)).squareRoot()
      #expect(abs((counts[name] ?? 0) - 1000 * share) < 3 * deviation)
    }
  }
}
