import Graphs
import Pictures
import Tensors
import Testing
import VAE

@testable import Restoration

@Suite struct ConditionalSamplesTests {
  private struct Results {
    var samples: [Tensor]
    var mean: Tensor
    var deviation: Tensor
  }

  private func draw(
    _ picture: (observation: Tensor, maps: Tensor), count: Int, seed: UInt64 = 3, first: Int = 0,
    tile: Int
  ) throws -> Results {
    let restorer = try ConditionalRestorer(
      RandomConditionalModel.make(), tile: tile, backend: Backends.selected)
    let empty = Tensor(picture.observation.shape)
    var results = Results(
      samples: Array(repeating: empty, count: count), mean: empty, deviation: empty)
    let (height, width) = (empty.shape[1], empty.shape[2])
    func insert(_ pixels: UnsafeBufferPointer<Float>, _ region: Region, _ target: inout Tensor) {
      target.withUnsafeMutableElements {
        $0.insert(pixels, at: region, channels: 3, height: height, width: width)
      }
    }
    try restorer.samples(
      DamagedPicture(observation: picture.observation, maps: picture.maps), count: count,
      seed: seed, first: first
    ) { sample, region, pixels in
      insert(pixels, region, &results.samples[sample - first])
    }
    for place in empty.elements.indices {
      let numbers = results.samples.map { $0[place] }
      let mean = numbers[0] + numbers.reduce(0) { $0 + ($1 - numbers[0]) } / Float(count)
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      results.mean[place] = mean
      results.deviation[place] = (squares / Float(max(count - 1, 1))).squareRoot()
    }
    return results
  }

  @Test(arguments: [false, true])
  func tilesDoNotShow(_ masked: Bool) throws {
    let picture = RandomConditionalModel.picture(height: 119, width: 142, masked: masked)
    let whole = try draw(picture, count: 3, tile: 1000)
    let tiled = try draw(picture, count: 3, tile: 51)
    #expect(whole.samples == tiled.samples)
    #expect(whole.mean == tiled.mean && whole.deviation == tiled.deviation)
  }

  @Test func samplesDifferAndAreTheirSeedsAndNumbers() throws {
    let picture = RandomConditionalModel.picture(height: 45, width: 30)
    let results = try draw(picture, count: 4, tile: 1000)
    #expect(Set(results.samples).count == 4)
    #expect(results.deviation.elements.allSatisfy { $0 > 0 })
    #expect(try draw(picture, count: 2, tile: 1000).samples == Array(results.samples[..<2]))
    #expect(try draw(picture, count: 1, first: 3, tile: 8).samples == [results.samples[3]])
    #expect(try draw(picture, count: 1, seed: 4, tile: 1000).samples != [results.samples[0]])
  }

  @Test func meanAndDeviationAreThoseOfTheSamples() throws {
    let picture = RandomConditionalModel.picture(height: 20, width: 33, masked: true)
    let results = try draw(picture, count: 5, tile: 16)
    for index in results.mean.elements.indices {
      let values = results.samples.map { Double($0[index]) }
      let mean = values.reduce(0, +) / 5
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
      #expect(abs(Double(results.mean[index]) - mean) < 1e-5)
      #expect(abs(Double(results.deviation[index]) - variance.squareRoot()) < 1e-5)
    }
  }

  @Test func whatIsKnownIsCertain() throws {
    let picture = RandomConditionalModel.picture(height: 24, width: 24, noise: 0, masked: true)
    let results = try draw(picture, count: 3, tile: 16)
    for index in results.deviation.elements.indices {
      #expect((results.deviation[index] == 0) == (picture.maps[index % 576] != 0))
    }
  }

  /// Independent standard normal numbers, in space, over channels and over samples.
  @Test func noiseIsNormal() {
    let grid = RestorationWindow(height: 256, width: 256).grid(
      Hierarchy(
        widths: [4], targetWidths: [4], latents: [2], blocks: [0], activation: .relu,
        isConditional: true), level: 0)
    let window = Region(rows: 0..<256, columns: 0..<256)
    let draws = (0..<2).map { sample in
      Tensor(grid.shape) {
        TileNoise(seed: 1, sample: sample, halvings: 0).fill($0, grid, level: 0, window: window)
      }.elements
    }
    let count = draws[0].count
    func product(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / Float(a.count)
    }
    let half = count / 2
    let limit = 5 / Float(half).squareRoot()
    #expect(abs(draws[0].reduce(0, +) / Float(count)) < limit)
    #expect(abs(product(draws[0][...], draws[0][...]) - 1) < 2 * limit)
    #expect(abs(product(draws[0][...], draws[1][...])) < limit)
    #expect(abs(product(draws[0][..<half], draws[0][half...])) < limit)
    #expect(abs(product(draws[0][1...], draws[0][..<(count - 1)])) < limit)
    #expect(abs(product(draws[0][128...], draws[0][..<(count - 128)])) < limit)
  }
}
