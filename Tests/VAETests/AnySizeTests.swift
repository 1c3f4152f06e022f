import Foundation
import Graphs
import Pictures
import Tensors
import Testing

@testable import VAE

/// A hierarchical model on pictures of any size.
@Suite struct AnySizeTests {
  private let model = Hierarchies.model()

  @Test(arguments: [(8, 8), (8, 12), (7, 9), (1, 1), (21, 5)])
  func codesPictures(height: Int, width: Int) throws {
    let coder = Coder(model, backend: PortableBackend())
    let picture = Hierarchies.picture(height: height, width: width)
    let posterior = try coder.encode(picture)
    let image = ImageShape(channels: 1, height: height, width: width)
    let (rows, columns) = ((height + 3) / 4, (width + 3) / 4)
    #expect(posterior.mean.shape == [(2 * 4 + 3) * rows * columns])
    #expect(posterior.logVariance.shape == posterior.mean.shape)
    let result = try coder.decode(posterior.mean, image: image)
    #expect(result.shape == picture.shape)

    // The same as of the picture extended by hand.
    let whole = picture.extendedByRepetition(toHeight: 4 * rows, width: 4 * columns)
    #expect(try coder.encode(whole).mean == posterior.mean)
    let large = try coder.decode(
      posterior.mean, image: ImageShape(channels: 1, height: 4 * rows, width: 4 * columns))
    #expect(large.cropped(height: height, width: width) == result)
  }

  @Test func extensionRepeatsTheEdge() {
    let picture = Tensor([2, 1, 2], [1, 2, 3, 4])
    let whole = picture.extendedByRepetition(toHeight: 2, width: 3)
    #expect(whole == Tensor([2, 2, 3], [1, 2, 2, 1, 2, 2, 3, 4, 4, 3, 4, 4]))
    #expect(whole.cropped(height: 1, width: 2) == picture)
    #expect(
      whole.cropped(to: Region(top: 1, left: 2, height: 1, width: 1)) == Tensor([2, 1, 1], [2, 4]))
  }

  @Test("more sizes than plans are kept for, in turn")
  func sizesInTurn() throws {
    let coder = Coder(model, backend: PortableBackend())
    let pictures = (1...6).map { Hierarchies.picture(height: 4 * $0, width: 8) }
    let first = try pictures.map { try coder.encode($0).mean }
    #expect(try pictures.reversed().map { try coder.encode($0).mean } == first.reversed())
  }

  @Test func whatSettlesTheSize() {
    let configuration = model.configuration
    #expect(configuration.image(latents: 11 * 9)?.width == 12)
    #expect(configuration.image(latents: 11 * 9)?.height == 12)
    #expect(configuration.image(latents: 11 * 8) == nil)
    #expect(configuration.image(latents: 0) == nil)
    let wide = Hierarchies.configuration(height: 4, width: 8)
    #expect(wide.image(latents: 22) == wide.image)
    #expect(configuration.enclosing(width: 9, height: 1)?.width == 12)
  }

  @Test func drawsFollowSeedAndTemperature() throws {
    let coder = Coder(model, backend: PortableBackend())
    let image = ImageShape(channels: 1, height: 6, width: 10)
    func draw(_ seed: UInt64, _ temperature: Float = 1) throws -> Tensor {
      var random = RandomSource(seed: seed)
      return try coder.drawPicture(image: image, temperatures: [temperature], using: &random)
    }
    #expect(try draw(1).shape == [1, 6, 10])
    #expect(try draw(1) == draw(1))
    #expect(try draw(1) != draw(2))
    #expect(try draw(1, 0) == draw(2, 0))

    let picture = Hierarchies.picture(height: 6, width: 10)
    func sample(_ seed: UInt64) throws -> (latents: Tensor, posterior: Coder.Posterior) {
      var random = RandomSource(seed: seed)
      return try coder.sample(picture, using: &random)
    }
    let mean = try coder.encode(picture).mean
    #expect(try sample(1).latents == sample(1).latents)
    #expect(try sample(1).latents != sample(2).latents)
    // The coarsest group depends on no other: its posterior is the same in every draw.
    let (a, b) = (try sample(1).posterior.mean, try sample(2).posterior.mean)
    let coarsest = 2 * 4 * 6..<mean.shape.count
    #expect(a != b)
    #expect(Array(a.elements[coarsest]) == Array(b.elements[coarsest]))
    #expect(Array(a.elements[coarsest]) == Array(mean.elements[coarsest]))
  }
}

@Suite struct AnySizeBoundTests {
  private let model = Hierarchies.model()

  private func bound(
    _ picture: Tensor, samples: Int = 1, seed: UInt64 = 1
  ) throws -> BoundEvaluator.Bound {
    let evaluator = try BoundEvaluator(
      model, samples: samples, countsLevels: true, backend: PortableBackend())
    var random = RandomSource(seed: seed)
    return try evaluator.evaluate(picture, using: &random)
  }

  @Test func oneByOneAsInABatch() throws {
    let picture = Hierarchies.picture(height: 8, width: 8)
    let evaluator = try BoundEvaluator(
      model, batchSize: 1, countsLevels: true, backend: PortableBackend())
    var random = RandomSource(seed: 1)
    let batch = try evaluator.evaluate(picture.elements, using: &random)
    #expect(try batch == [bound(picture)])
  }

  /// A picture and its extension have the same posterior; the likelihood counts the picture's own
  /// pixels only.
  @Test func countsOwnPixels() throws {
    let picture = Hierarchies.picture(height: 7, width: 6)
    let own = try bound(picture)
    let whole = try bound(picture.extendedByRepetition(toHeight: 8, width: 8))
    #expect(own.groupRates == whole.groupRates)
    let (few, many) = (try #require(own.levelDistortion), try #require(whole.levelDistortion))
    #expect(few < many && few > 0)
  }

  @Test func importanceWeightsTightenTheBound() throws {
    let estimator = try ImportanceWeightedEstimator(
      model, samples: 300, chunk: 64, countsLevels: true, backend: PortableBackend())
    for seed: UInt64 in 1...3 {
      let picture = Hierarchies.picture(height: 6, width: 9, seed: seed)
      let bound = try bound(picture, samples: 300)
      var random = RandomSource(seed: 7)
      let estimate = try estimator.estimate(picture, using: &random)
      #expect(estimate.logLikelihood > Double(bound.bound))
      let (level, levelBound) = (
        try #require(estimate.levelLogLikelihood), try #require(bound.levelBound)
      )
      #expect(level > levelBound && level < 0)
      // Levels have the mass of an interval of 1/255 around them.
      let width = 54 * 5.541_263_545_158_426
      #expect(abs(level - (estimate.logLikelihood - width)) < 0.5)
    }
  }

  @Test(arguments: [1, 64, 1024, 1025, 2050, 5000])
  func tilesHoldEveryPixelOnce(extent: Int) {
    let picture = Tensor([1, extent, 3], (0..<3 * extent).map { Float($0) })
    let tiles = PictureTiles(picture).tiles
    #expect(tiles.allSatisfy { $0.shape[1] <= PictureTiles.largest })
    #expect(tiles.dropLast().allSatisfy { $0.shape[1] % 64 == 0 })
    #expect(tiles.flatMap(\.elements) == picture.elements)
    #expect(tiles.count == (extent + 1023) / 1024)
  }
}

@Suite struct GaussianLevelsTests {
  @Test(arguments: [(0.4, 0.1), (0.4, 0.002), (0.5, 1e-4), (-0.3, 0.05), (1.2, 0.3), (0, 4)])
  func addUpToOne(mean: Double, deviation: Double) {
    let levels = GaussianLevels(deviation: deviation)
    let sum = (0...255).reduce(0.0) { sum, level in
      sum + exp(levels.logProbability(Double(level) / 255, mean: mean))
    }
    #expect(abs(sum - 1) < 1e-5)
  }

  /// Against scipy.stats.norm: `logsf` of both ends of the interval.
  @Test(
    arguments: [
      (100, 0.4, 0.1, -4.160_756_407_591_574), (100, 0.4, 0.002, -6.416_499_961_046_037),
      (100, 0.4, 1e-4, -1735.097_575_488_015), (1, 0.9, 0.01, -4002.644_149_760_497_4),
      (0, 0.9, 0.01, -4037.788_855_687_756_4), (0, -0.1, 0.05, -0.020_931_802_653_335_72),
      (255, 0.7, 0.02, -114.659_102_454_936_42),
    ] as [(Int, Double, Double, Double)])
  func golden(level: Int, mean: Double, deviation: Double, expected: Double) {
    let found = GaussianLevels(deviation: deviation)
      .logProbability(Double(level) / 255, mean: mean)
    #expect(abs(found - expected) < 1e-5 * max(1, abs(expected)), "\(found)")
  }
}
