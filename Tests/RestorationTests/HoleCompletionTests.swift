import Datasets
import Graphs
import Pictures
import Tensors
import Testing
import VAE

@testable import Restoration

@Suite struct HoleCompletionTests {
  /// A ramp with a hole, and one beside it in reach.
  private func picture(
    height: Int = 190, width: Int = 230, hole: Region, noise: Float = 0
  ) -> (observation: Tensor, maps: Tensor) {
    let observation = Tensor([3, height, width]) { target in
      for index in target.indices {
        let (row, column) = (index / width % height, index % width)
        target[index] = 0.2 + 0.6 * Float(row + column) / Float(height + width)
      }
    }
    var maps = DamageLevels(noise: noise).maps(height: height, width: width)
    let small = Region(rows: 3..<20, columns: 150..<190)
    for row in 0..<height {
      for column in 0..<width {
        let pixel = Region(rows: row..<row + 1, columns: column..<column + 1)
        if hole.contains(pixel) || small.contains(pixel) { maps[row * width + column] = 0 }
      }
    }
    return (observation, maps)
  }

  private let hole = Region(rows: 37..<160, columns: 22..<150)

  @Test func depthIsTheDistanceToTheNearestSeenPixel() throws {
    let picture = picture(hole: hole)
    let depth = try #require(
      try HoleDepth(DamagedPicture(observation: picture.observation, maps: picture.maps)))
    #expect(depth.depth(row: 10, column: 10) == 0)
    for (row, column) in [(100, 90), (60, 60), (140, 100)] {
      let exact = min(row - 36, 160 - row, column - 21, 150 - column)
      let found = depth.depth(row: Float(row), column: Float(column))
      #expect(abs(found - Float(exact)) <= Float(2 * HoleDepth.cell))
    }
    let holes = depth.deepHoles()
    #expect(holes.count == 1)
    #expect(holes.first?.halvings == 2)
    #expect(holes.first.map { hole.contains($0.region) } ?? false)
    #expect((holes.first?.region.height ?? 0) > 123 - 2 * HoleDepth.reach)
  }

  @Test func nothingSeenHasNoDepth() throws {
    let maps = Tensor([ConditionMaps.count, 30, 30])
    let picture = DamagedPicture(observation: Tensor([3, 30, 30]), maps: maps)
    #expect(try HoleDepth(picture) == nil)
    let result = try ConditionalRestorer(
      RandomConditionalModel.make(), backend: Backends.selected
    ).restore(observation: Tensor([3, 30, 30]), maps: maps)
    #expect(result.elements.allSatisfy { $0.isFinite })
  }

  @Test func aHalvedPictureHasTheMeansOfWhatIsSeen() throws {
    var picture = picture(height: 7, width: 10, hole: Region(rows: 0..<2, columns: 4..<8))
    picture.maps[0] = 0
    for index in 0..<70 { picture.maps[70 + index] = 0.2 }
    let halved = DamagedPicture(observation: picture.observation, maps: picture.maps).halved(1)
    #expect(halved.height == 4 && halved.width == 5)
    var pixels = [Float](repeating: -1, count: 60)
    var maps = [Float](repeating: -1, count: 100)
    try pixels.withMutablePlanes(channels: 3, halved.region) { pixels in
      try maps.withMutablePlanes(channels: 5, halved.region) { try halved.read(pixels, $0) }
    }
    #expect(maps[..<20].map { $0 == 0 } == (0..<20).map { $0 == 2 || $0 == 3 })
    let y = picture.observation
    #expect(abs(pixels[0] - (y[1] + y[10] + y[11]) / 3) < 1e-6)
    #expect(abs(pixels[1] - (y[2] + y[3] + y[12] + y[13]) / 4) < 1e-6)
    #expect(abs(maps[20] - 0.2 / Float(3).squareRoot()) < 1e-6)
    #expect(abs(maps[21] - 0.1) < 1e-6)
    #expect(maps[22] == 0)
    // The last row has cells of two pixels.
    #expect(abs(pixels[15] - (y[60] + y[61]) / 2) < 1e-6)
  }

  /// Regions of a halved picture have the numbers of the whole.
  @Test func aHalvedPictureIsTheSameInParts() throws {
    let source = picture(hole: hole, noise: 0.1)
    let halved = DamagedPicture(observation: source.observation, maps: source.maps).halved(2)
    func read(_ region: Region) throws -> (Tensor, Tensor) {
      var pixels = [Float](repeating: 0, count: 3 * region.area)
      var maps = [Float](repeating: 0, count: ConditionMaps.count * region.area)
      try pixels.withMutablePlanes(channels: 3, region) { pixels in
        try maps.withMutablePlanes(channels: ConditionMaps.count, region) {
          try halved.read(pixels, $0)
        }
      }
      return (
        Tensor([3, region.height, region.width], pixels),
        Tensor([ConditionMaps.count, region.height, region.width], maps)
      )
    }
    let whole = try read(halved.region)
    let region = Region(rows: 7..<31, columns: 20..<58)
    let part = try read(region)
    #expect(part.0 == whole.0.cropped(region) && part.1 == whole.1.cropped(region))
  }

  @Test(arguments: [0, 0.1] as [Float])
  func tilesDoNotShow(_ noise: Float) throws {
    let picture = picture(hole: hole, noise: noise)
    let model = RandomConditionalModel.make()
    let results = try [1000, 61].map { tile in
      try ConditionalRestorer(model, tile: tile, backend: Backends.selected)
        .restore(observation: picture.observation, maps: picture.maps)
    }
    #expect(results[0] == results[1])
    #expect(results[0].elements.allSatisfy { $0.isFinite })
    if noise == 0 {
      let area = picture.maps.shape[1] * picture.maps.shape[2]
      for index in results[0].elements.indices where picture.maps[index % area] != 0 {
        #expect(results[0][index] == picture.observation[index])
      }
    }
  }

  /// A model that changes nothing leaves the filling, which here comes down from an eighth of the
  /// size: it must follow the picture into a hole that is deeper than the filling's largest cells.
  @Test func theFillingComesFromTheCoarserPicture() throws {
    var picture = picture(
      height: 300, width: 310, hole: Region(rows: 35..<265, columns: 30..<270))
    picture.observation = Tensor(
      picture.observation.shape, picture.observation.elements.map { $0 / 4 })
    let model = RandomConditionalModel.make()
    for slot in model.parameters.slots { model.parameters[slot.name] = Tensor(slot.shape) }
    let result = try ConditionalRestorer(model, tile: 80, backend: Backends.selected)
      .restore(observation: picture.observation, maps: picture.maps)
    func largestError(_ elements: [Float]) -> Float {
      zip(elements, picture.observation.elements).map { abs($0 - $1) }.max() ?? 1
    }
    #expect(largestError(result.elements) < 0.05)
    #expect(largestError(try tileCondition(picture)) > 0.3)
  }

  /// The observation with all holes filled at once.
  private func tileCondition(_ picture: (observation: Tensor, maps: Tensor)) throws -> [Float] {
    var condition = BandCondition(channels: 3)
    let source = DamagedPicture(observation: picture.observation, maps: picture.maps)
    try condition.load(source, window: source.region)
    return Array(condition.observation)
  }

  @Test func samplesFillDeepHolesInTheirOwnWays() throws {
    let picture = picture(hole: hole)
    let source = DamagedPicture(observation: picture.observation, maps: picture.maps)
    let model = RandomConditionalModel.make()
    var all: [[Tensor]] = []
    for tile in [1000, 72] {
      var samples = Array(repeating: Tensor(picture.observation.shape), count: 2)
      try ConditionalRestorer(model, tile: tile, backend: Backends.selected)
        .samples(source, count: 2, seed: 8) { sample, region, pixels in
          samples[sample].withUnsafeMutableElements {
            $0.insert(pixels, at: region, channels: 3, height: 190, width: 230)
          }
        }
      all.append(samples)
    }
    #expect(all[0] == all[1])
    let area = 190 * 230
    let isFilledOtherwise = (0..<3 * area).contains {
      picture.maps[$0 % area] == 0 && all[0][0][$0] != all[0][1][$0]
    }
    #expect(isFilledOtherwise)
  }

  /// A hole over the edge between a bright and a dark field is neither brighter nor darker than them.
  @Test(arguments: [40, 64, 1000])
  func noFlares(tile: Int) throws {
    let (height, width) = (150, 170)
    var (observation, maps) = (
      Tensor([3, height, width]), DamageLevels().maps(height: height, width: width)
    )
    for index in observation.elements.indices {
      observation[index] = index % width < 85 ? 0.8 : 0.05
    }
    for row in 30..<120 { for column in 40..<130 { maps[row * width + column] = 0 } }
    let restorer = try ConditionalRestorer(
      RandomConditionalModel.make(), tile: tile, backend: Backends.selected)
    let result = try restorer.restore(observation: observation, maps: maps)
    #expect(result.elements.allSatisfy { (0.05...0.8).contains($0) })
    let whole = try ConditionalRestorer(
      RandomConditionalModel.make(), tile: 4000, backend: Backends.selected)
    #expect(try whole.restore(observation: observation, maps: maps) == result)
  }
}
