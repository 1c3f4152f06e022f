import Tensors
import Testing

@testable import Restoration

@Suite struct NoiseEstimateTests {
  /// A picture with texture on the left, a slope on the right: `[C, 128, 192]` in [0, 1], the
  /// channels alike but for their brightness.
  private static func scene(channels: Int) -> Tensor {
    let (height, width) = (128, 192)
    var random = RandomSource(seed: 3)
    let texture = random.uniform([height, width])
    return Tensor([channels, height, width]) { target in
      for index in target.indices {
        let (row, column) = (index / width % height, index % width)
        let light =
          0.3 + 0.4 * Float(column) / Float(width) - 0.05 * Float(index / (width * height))
        target[index] =
          column < width / 2 ? light + 0.4 * (texture[row / 4 * width + column / 4] - 0.5) : light
      }
    }
  }

  private static func sum(_ a: Tensor, _ b: Tensor, _ scale: Float) -> Tensor {
    Tensor(a.shape, zip(a.elements, b.elements).map { $0 + scale * $1 })
  }

  @Test(arguments: [1, 5, 15, 25, 50, 75] as [Float])
  func findsTheNoiseBesideTexture(sigma: Float) {
    var random = RandomSource(seed: 8)
    let scene = Self.scene(channels: 1)
    let noisy = Self.sum(scene, random.normal(scene.shape), sigma / 255)
    let level = NoiseEstimate.level(of: noisy)
    #expect(abs(level.luma * 255 / sigma - 1) < 0.05)
    #expect(level.chroma == 0)
    #expect(NoiseEstimate.deviation(noisy) == level.luma)
  }

  @Test(arguments: [5, 25, 50, 75] as [Float])
  func makesUpForClipping(sigma: Float) {
    var random = RandomSource(seed: 9)
    let scene = Self.scene(channels: 1)
    var noisy = Self.sum(scene, random.normal(scene.shape), sigma / 255)
    // A black border and a blown highlight, as a camera leaves them.
    for row in 0..<128 {
      for column in 0..<24 { noisy[row * 192 + column] = 0 }
      for column in 168..<192 { noisy[row * 192 + column] = 1 }
    }
    let clipped = Tensor(
      noisy.shape, noisy.elements.map { (min(max($0, 0), 1) * 255).rounded() / 255 })
    #expect(abs(NoiseEstimate.level(of: clipped).luma * 255 / sigma - 1) < 0.06)
  }

  @Test(arguments: [5, 25, 50] as [Float])
  func independentNoiseIsAlikeInLumaAndChroma(sigma: Float) {
    var random = RandomSource(seed: 10)
    let scene = Self.scene(channels: 3)
    let noisy = Self.sum(scene, random.normal(scene.shape), sigma / 255)
    let level = NoiseEstimate.level(of: noisy)
    #expect(abs(level.luma * 255 / sigma - 1) < 0.05)
    #expect(abs(level.chroma * 255 / sigma - 1) < 0.05)
    #expect(abs(NoiseEstimate.deviation(noisy) * 255 / sigma - 1) < 0.05)
  }

  @Test func grayNoiseHasNoChroma() {
    var random = RandomSource(seed: 11)
    let scene = Self.scene(channels: 3)
    let gray = random.normal([1, 128, 192])
    let noise = Tensor(scene.shape, gray.elements + gray.elements + gray.elements)
    let level = NoiseEstimate.level(of: Self.sum(scene, noise, 0.1))
    let expected = 0.1 * Float(3).squareRoot()
    #expect(abs(level.luma / expected - 1) < 0.05)
    #expect(level.chroma < 0.002)
    #expect(abs(level.perChannel / 0.1 - 1) < 0.05)
  }

  @Test func cleanPicturesHaveNone() {
    #expect(NoiseEstimate.deviation(Tensor([3, 40, 40], repeating: 0.25)) < 1e-6)
    #expect(NoiseEstimate.deviation(Tensor([1, 40, 40])) == 0)
    #expect(NoiseEstimate.deviation(Tensor([1, 40, 40], repeating: 1)) < 1e-6)
  }

  @Test func smallPictures() {
    #expect(NoiseEstimate.deviation(Tensor([1, 1, 9], repeating: 1)) == 0)
    #expect(NoiseEstimate.deviation(Tensor([1, 1, 1], repeating: 0.5)) == 0)
    #expect(abs(NoiseEstimate.deviation(Tensor([1, 2, 2], [0, 0, 0, 2])) * 0.6745 - 1) < 1e-6)
    var random = RandomSource(seed: 12)
    for shape in [[1, 28, 28], [3, 8, 8], [1, 1, 400], [1, 300, 1], [3, 5, 90]] as [Shape] {
      let estimate = NoiseEstimate.deviation(
        Self.sum(Tensor(shape, repeating: 0.5), random.normal(shape), 0.05))
      #expect(abs(estimate / 0.05 - 1) < 0.25, "\(shape): \(estimate)")
    }
  }

  @Test func numbersThatAreNotFiniteAreLeftOut() {
    var random = RandomSource(seed: 13)
    var picture = random.normal([1, 64, 64])
    picture[1000] = .nan
    picture[2000] = .infinity
    #expect(abs(NoiseEstimate.deviation(picture) - 1) < 0.1)
    #expect(NoiseEstimate.deviation(Tensor([1, 16, 16], repeating: .nan)) == 0)
  }

  /// Against the mean of many draws.
  @Test func momentsOfClippedNoise() {
    var random = RandomSource(seed: 14)
    let draws = random.normal([200_000]).elements
    for (level, deviation) in [(0.5, 0.3), (0.1, 0.2), (0, 0.1)] as [(Float, Float)] {
      let clipped = draws.map { min(max(level + deviation * $0, 0), 1) }
      let mean = clipped.reduce(0.0) { $0 + Double($1) } / Double(clipped.count)
      let square = clipped.reduce(0.0) { $0 + Double($1 * $1) } / Double(clipped.count)
      let moments = NoiseClipping.moments(level, deviation)
      #expect(abs(Double(moments.mean) - mean) < 2e-3)
      #expect(abs(Double(moments.variance) / (square - mean * mean) - 1) < 0.02)
      let share = NoiseClipping(deviation: deviation).share(mean: moments.mean)
      #expect(abs(share * deviation * deviation / moments.variance - 1) < 0.05)
    }
    #expect(NoiseClipping(deviation: 0.01).share(mean: 0.5) > 0.999)
  }
}
