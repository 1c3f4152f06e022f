import Datasets
import Graphs
import Pictures
import Tensors
import Testing
import VAE

@testable import Restoration

@Suite struct ConditionalRestorerTests {
  static let sizes = [(1, 1), (1, 97), (531, 1), (3, 6), (150, 131), (53, 70), (70, 520)]

  /// Bit for bit, which is more than the bytes of a file need.
  @Test(arguments: RandomConditionalModel.backends, sizes)
  func tilesDoNotShow(_ backend: String, _ size: (height: Int, width: Int)) throws {
    let model = RandomConditionalModel.make()
    let backend = try Backends.named(backend)
    let whole = try ConditionalRestorer(model, tile: 4000, backend: backend)
    for masked in [false, true] {
      let picture = RandomConditionalModel.picture(
        height: size.height, width: size.width, masked: masked)
      let expected = try whole.restore(observation: picture.observation, maps: picture.maps)
      #expect(expected.elements.allSatisfy { $0.isFinite })
      #expect(expected != picture.observation)
      for (tile, columns) in [(1, 4000), (16, 4000), (30, 40), (64, 200)]
      where tile > 1 || size.height * size.width < 10_000 {
        let tiled = try ConditionalRestorer(
          model, tile: tile, columns: columns, backend: backend)
        #expect(
          try tiled.restore(observation: picture.observation, maps: picture.maps) == expected)
      }
    }
  }

  /// The result is that of the picture mirrored up to the alignment.
  @Test(arguments: [(13, 22), (1, 6), (2, 1)])
  func edgesAreMirrored(_ size: (height: Int, width: Int)) throws {
    let (height, width) = size
    let picture = RandomConditionalModel.picture(height: height, width: width)
    let (tall, wide) = ((height + 15) / 16 * 16, (width + 15) / 16 * 16)
    func place(_ index: Int, _ count: Int) -> Int {
      let sequence = Array(0..<count) + (0..<count).reversed()
      return sequence[index % sequence.count]
    }
    func padded(_ tensor: Tensor) -> Tensor {
      Tensor([tensor.shape[0], tall, wide]) { target in
        for index in target.indices {
          let (plane, row, column) = (index / wide / tall, index / wide % tall, index % wide)
          target[index] =
            tensor[(plane * height + place(row, height)) * width + place(column, width)]
        }
      }
    }
    let restorer = try ConditionalRestorer(
      RandomConditionalModel.make(), backend: Backends.selected)
    let result = try restorer.restore(observation: picture.observation, maps: picture.maps)
    let other = try restorer.restore(
      observation: padded(picture.observation), maps: padded(picture.maps))
    #expect(other.cropped(Region(rows: 0..<height, columns: 0..<width)) == result)
  }

  @Test func threeLevelsInGray() throws {
    let model = RandomConditionalModel.make(channels: 1, levels: 3)
    let picture = RandomConditionalModel.picture(
      channels: 1, height: 233, width: 260, masked: true)
    let results = try [512, 75].map {
      try ConditionalRestorer(model, tile: $0, backend: Backends.selected)
        .restore(observation: picture.observation, maps: picture.maps)
    }
    #expect(results[0] == results[1])
  }

  @Test func whatIsKnownStays() throws {
    let model = RandomConditionalModel.make()
    let picture = RandomConditionalModel.picture(height: 61, width: 70, noise: 0, masked: true)
    let result = try ConditionalRestorer(model, backend: Backends.selected)
      .restore(observation: picture.observation, maps: picture.maps)
    let area = 61 * 70
    for index in result.elements.indices {
      let isSeen = picture.maps[index % area] != 0
      #expect((result[index] == picture.observation[index]) == isSeen)
    }
  }

  /// The hidden pixels' own numbers must not matter.
  @Test func whatIsHiddenIsNotLookedAt() throws {
    let model = RandomConditionalModel.make()
    let restorer = try ConditionalRestorer(model, backend: Backends.selected)
    let picture = RandomConditionalModel.picture(height: 40, width: 50, masked: true)
    var other = picture
    for index in other.observation.elements.indices where picture.maps[index % 2000] == 0 {
      other.observation[index] = .nan
    }
    for index in 0..<2000 where picture.maps[index] == 0 { other.maps[2000 + index] = 3 }
    #expect(
      try restorer.restore(observation: picture.observation, maps: picture.maps)
        == restorer.restore(observation: other.observation, maps: other.maps))
  }

  @Test func aBandAtATimeIsRead() throws {
    let model = RandomConditionalModel.make()
    let restorer = try ConditionalRestorer(
      model, tile: 64, columns: 64, backend: Backends.selected)
    let halo = Hierarchy.haloOfTwoLevels
    var largest = 0
    var visits = [Int](repeating: 0, count: 300 * 500)
    let picture = DamagedPicture(channels: 3, height: 300, width: 500, hasHiddenPixels: false) {
      pixels, maps in
      largest = max(largest, pixels.region.area)
      pixels.fill(with: 0.25)
      DamageLevels(noise: 0.1).fill(maps)
    }
    try restorer.restore(picture) { region, pixels in
      #expect(pixels.count == 3 * region.area)
      for row in region.rows {
        for column in region.columns { visits[row * 500 + column] += 1 }
      }
    }
    #expect(visits.allSatisfy { $0 == 1 })
    #expect(largest <= 64 * (64 + 2 * halo))
  }

  @Test("bands of wide pictures fit into their share of memory", arguments: [1000, 4000, 8192])
  func memory(width: Int) throws {
    let image = ImageShape(channels: 3, height: 64, width: 64)
    let model = Model(Configuration.Preset.photograph.configuration(image: image), seed: 1)
    let network = try #require(model.network as? HierarchicalModel)
    let restorer = try ConditionalRestorer(model, backend: PortableBackend())
    let width = (width + 15) / 16 * 16
    let window = RestorationWindow(height: 2048, width: width)
    let counts = try RestorationFunctions(model, network, backend: PortableBackend())
      .estimate(window, rows: restorer.bandRows(height: window.height, width: width)).counts()
    let megabytes = (counts.arena + counts.kept) * MemoryLayout<Float>.stride >> 20
    #expect(megabytes < (width > 4000 ? 400 : 250))
  }

  /// `[C, 64, 96]` by a quarter clockwise.
  private func turned(_ tensor: Tensor) -> Tensor {
    Tensor([tensor.shape[0], 96, 64]) { target in
      for plane in 0..<tensor.shape[0] {
        for row in 0..<64 {
          for column in 0..<96 {
            target[(plane * 96 + column) * 64 + row] =
              tensor[(plane * 64 + 63 - row) * 96 + column]
          }
        }
      }
    }
  }

  @Test("the ensemble turns with the picture", arguments: [SelfEnsemble.four, .eight])
  func ensembleTurns(ensemble: SelfEnsemble) throws {
    let model = RandomConditionalModel.make()
    let picture = RandomConditionalModel.picture(height: 64, width: 96)
    let restorer = try ConditionalRestorer(
      model, tile: 20, columns: 40, backend: Backends.selected)
    let whole = try ConditionalRestorer(model, backend: Backends.selected)
    let result = try restorer.restore(
      observation: picture.observation, maps: picture.maps, ensemble: ensemble)
    #expect(
      try whole.restore(
        observation: picture.observation, maps: picture.maps, ensemble: ensemble) == result)
    let other = try restorer.restore(
      observation: turned(picture.observation), maps: turned(picture.maps), ensemble: ensemble)
    let errors = zip(other.elements, turned(result).elements).map { abs($0 - $1) }
    #expect((errors.max() ?? 1) < 1e-4)
    let single = try restorer.restore(observation: picture.observation, maps: picture.maps)
    #expect(single != result)
  }

  @Test func theEnsembleOfTwoIsTheMeanOfThePictureAndAQuarterTurn() throws {
    let model = RandomConditionalModel.make()
    let picture = RandomConditionalModel.picture(height: 64, width: 96)
    let restorer = try ConditionalRestorer(model, backend: Backends.selected)
    let result = try restorer.restore(
      observation: picture.observation, maps: picture.maps, ensemble: .two)
    let single = try restorer.restore(observation: picture.observation, maps: picture.maps)
    let other = try restorer.restore(
      observation: turned(picture.observation), maps: turned(picture.maps))
    let means = zip(turned(single).elements, other.elements).map { ($0 + $1) / 2 }
    let errors = zip(means, turned(result).elements).map { abs($0 - $1) }
    #expect((errors.max() ?? 1) < 1e-5)
  }

  @Test func modelsAndPicturesThatDoNotFitAreRefused() throws {
    let flat = Model(
      Configuration(
        image: ImageShape(channels: 1, height: 8, width: 8), latents: 2,
        network: .mlp(hidden: [4], activation: .tanh), likelihood: .bernoulli), seed: 1)
    let backend = try Backends.selected
    #expect(throws: RestorationError.self) { try ConditionalRestorer(flat, backend: backend) }
    let restorer = try ConditionalRestorer(RandomConditionalModel.make(), backend: backend)
    let gray = RandomConditionalModel.picture(channels: 1, height: 8, width: 8)
    #expect(throws: RestorationError.self) {
      try restorer.restore(observation: gray.observation, maps: gray.maps)
    }
  }
}

extension Hierarchy {
  static var haloOfTwoLevels: Int {
    RandomConditionalModel.make().configuration.hierarchy?.halo ?? 0
  }
}
