import Graphs
import Tensors
import Testing
import VAE

@testable import Restoration

@Suite struct DenoiserTests {
  private static let sigma: Float = 0.4

  private func denoiser() throws -> Denoiser {
    var options = Denoiser.Options()
    (options.steps, options.draws) = (40, 4)
    return try Denoiser(Bars.model(), options: options, backend: PortableBackend())
  }

  private func noisy(_ bars: Bars) -> Tensor {
    var random = RandomSource(seed: 30 + UInt64(bars.rawValue))
    let noise = random.normal(Bars.image.shape)
    return Tensor(
      noise.shape, zip(bars.picture.elements, noise.elements).map { $0 + Self.sigma * $1 })
  }

  @Test(arguments: Bars.allCases)
  func isNearerToTheTruthThanItsInput(bars: Bars) throws {
    var random = RandomSource(seed: 1)
    let input = noisy(bars)
    let result = try denoiser().denoise(input, sigma: Self.sigma, using: &random)
    let before = input.squaredError(bars.picture)
    let after = result.squaredError(bars.picture)
    #expect(after < 0.2 * before, "\(before) -> \(after)")
  }

  @Test func oneSeedGivesOneResult() throws {
    let denoiser = try denoiser()
    let results = try (0..<2).map { _ in
      var random = RandomSource(seed: 7)
      return try denoiser.denoise(noisy(.left), sigma: Self.sigma, using: &random)
    }
    #expect(results[0] == results[1])
  }

  /// A picture seen almost exactly is its own best estimate, whatever the model expects.
  @Test func littleNoiseLeavesThePictureAlone() throws {
    var random = RandomSource(seed: 1)
    let input = Bars.average
    let result = try denoiser().denoise(input, sigma: 0.001, using: &random)
    #expect(result.squaredError(input).squareRoot() < 0.005)
  }

  /// Where there is no noise nothing is to be removed, even where the model is certain of a pixel
  /// and its variance rounds to zero.
  @Test func noNoiseGivesBackThePicture() throws {
    let model = try Bars.model()
    model.parameters["decoder.1.bias"] = Tensor([64], repeating: 40)
    let denoiser = try Denoiser(model, backend: PortableBackend())
    var random = RandomSource(seed: 1)
    let input = noisy(.right)
    #expect(try denoiser.denoise(input, sigma: 0, using: &random) == input)
    #expect(try denoiser.samples(input, sigma: 0, count: 2, using: &random) == [input, input])
  }

  @Test func samplesDifferAndRepeat() throws {
    let denoiser = try denoiser()
    let runs = try (0..<2).map { _ in
      var random = RandomSource(seed: 3)
      return try denoiser.samples(noisy(.right), sigma: Self.sigma, count: 4, using: &random)
    }
    #expect(runs[0] == runs[1])
    #expect(Set(runs[0]).count == 4)
    for sample in runs[0] {
      #expect(
        sample.squaredError(Bars.right.picture) < sample.squaredError(Bars.left.picture))
    }
  }
}
