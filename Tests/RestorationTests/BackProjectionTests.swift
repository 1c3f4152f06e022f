import Pictures
import Tensors
import Testing

@testable import Restoration

@Suite struct BackProjectionTests {
  /// Smooth numbers in [0.2, 0.8] and some noise.
  private static func picture(
    channels: Int, height: Int, width: Int, noise: Float = 0.05
  ) -> Tensor {
    var random = RandomSource(seed: 4, stream: UInt64(height))
    let numbers = random.uniform([channels, height, width])
    return Tensor(
      numbers.shape,
      numbers.elements.enumerated().map { index, number in
        let (row, column) = (index / width % height, index % width)
        return 0.5 + Float((row * 7 + column * 3) % 40 - 20) / 100 + noise * (number - 0.5)
      })
  }

  private static func reduced(_ picture: Tensor, by scale: Int) -> Tensor {
    let (height, width) = (picture.shape[1], picture.shape[2])
    return Tensor(
      [picture.shape[0], height / scale, width / scale],
      Resampling.resize(
        picture.elements, width: width, height: height, channels: picture.shape[0],
        toWidth: width / scale, toHeight: height / scale))
  }

  private static func distance(_ a: Tensor, _ b: Tensor) -> Float {
    let squares = zip(a.elements, b.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (squares / Float(a.elements.count)).squareRoot()
  }

  @Test(
    "the result's reduction is the picture, and the result is nearer to the original",
    arguments: [2, 3, 4], [1, 3])
  func consistency(scale: Int, channels: Int) throws {
    let truth = Self.picture(channels: channels, height: 12 * scale, width: 9 * scale)
    let small = Self.reduced(truth, by: scale)
    var random = RandomSource(seed: 1)
    let guess = Tensor(
      truth.shape,
      zip(truth.elements, random.normal(truth.shape).elements).map { $0 + 0.03 * $1 + 0.02 })
    let result = BackProjection(Picture(pixels: guess), of: Picture(pixels: small))
      .result(depth: nil).pixels
    let (before, after) = (
      Self.distance(Self.reduced(guess, by: scale), small),
      Self.distance(Self.reduced(result, by: scale), small)
    )
    #expect(after < before / 8)
    #expect(Self.distance(result, truth) < Self.distance(guess, truth) - 0.003)
  }

  /// Nothing is changed where nothing is to be changed.
  @Test func aConsistentPictureStays() throws {
    let large = Self.picture(channels: 3, height: 20, width: 26)
    let result = BackProjection(
      Picture(pixels: large), of: Picture(pixels: Self.reduced(large, by: 2))
    ).result(depth: nil).pixels
    #expect(Self.distance(result, large) < 1e-6)
  }

  @Test(arguments: [2, 3, 4])
  func bandsDoNotShow(scale: Int) throws {
    let large = Picture(
      pixels: Self.picture(channels: 3, height: 31 * scale, width: 10 * scale))
    let small = Picture(pixels: Self.picture(channels: 3, height: 31, width: 10))
    let results = [1 << 19, 1, 10 * scale * 7].map {
      BackProjection(large, of: small, bandArea: $0).result(depth: nil).pixels
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  /// One pixel, which has no neighbors, becomes a flat picture of its level.
  @Test func theSmallestPicture() throws {
    let large = Picture(pixels: Tensor([1, 2, 2], [0.1, 0.2, 0.3, 0.4]))
    let small = Picture(pixels: Tensor([1, 1, 1], [0.75]))
    let result = BackProjection(large, of: small).result(depth: nil).pixels
    #expect(abs(result.elements.reduce(0, +) / 4 - 0.75) < 1e-5)
    #expect(result.elements[3] > result.elements[0])
  }
}
