import Graphs
import Pictures
import Tensors
import VAE

extension ConditionalRestorer {
  /// One result of the model on a picture.
  enum Draw: Hashable {
    case estimate(SelfEnsemble?)
    case sample(seed: UInt64, index: Int)
  }

  /// What is restored, in which ways.
  struct Pass {
    let picture: DamagedPicture
    /// Of the picture.
    let region: Region
    let draws: [Draw]
    /// What the deep parts of holes are filled with.
    var completion: HoleCompletion?
    /// Within which hidden pixels stay.
    var bounds: HoleBounds?
    /// How many times the picture was halved.
    var halvings = 0
  }

  /// Restores the tiles of a region, all draws of a tile one after another.
  ///
  /// - Parameter deviation: receives what is predicted of the estimates' error, of a model that predicts it.
  func run(
    _ pass: Pass, deviation: Sink? = nil,
    _ body: (_ draw: Int, Region, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let picture = pass.picture
    guard picture.channels == channels else {
      throw RestorationError.channels(expected: channels, found: picture.channels)
    }
    let tiling = Tiling(
      pass.region, height: padded(picture.height), width: padded(picture.width),
      tile: tile(for: pass.region), halo: hierarchy.halo, alignment: hierarchy.alignment)
    var condition = TileCondition(channels: channels)
    for tile in tiling.tiles {
      let region = tile.core.clamped(to: pass.region)
      let completion = pass.completion.flatMap { $0.reaches(tile.window) ? $0 : nil }
      try Profile.measure("tiles of the observation") {
        try condition.load(picture, window: tile.window)
      }
      for (index, draw) in pass.draws.enumerated() {
        completion?.complete(&condition, of: picture, draw: index)
        func finish(_ result: UnsafeMutableBufferPointer<Float>) throws {
          try Profile.measure("tiles of the result") {
            let result = condition.finish(result, core: tile.core, region: region)
            if let bounds = pass.bounds {
              condition.limit(result, region, to: bounds, halvings: pass.halvings)
            }
            try body(index, region, UnsafeBufferPointer(result))
          }
        }
        switch draw {
        case .estimate(nil): try estimate(condition, tile, region, deviation: deviation, finish)
        case .estimate(let ensemble?):
          if let deviation {
            try estimate(condition, tile, region, deviation: deviation) { _ in }
          }
          var sum = try mean(ensemble, condition, tile)
          try sum.withUnsafeMutableBufferPointer { try finish($0) }
        case .sample(let seed, let sample):
          if index == 0 || completion != nil { try encode(condition, tile) }
          let noise = TileNoise(seed: seed, sample: sample, halvings: pass.halvings)
          try decode(tile, noise, finish)
        }
      }
    }
  }

  /// Up to where a window can end.
  private func padded(_ extent: Int) -> Int {
    (extent + hierarchy.alignment - 1) / hierarchy.alignment * hierarchy.alignment
  }

  /// Lends the best estimate of a tile's core, `[C, h, w]`, which may be changed.
  private func estimate(
    _ condition: TileCondition, _ tile: Tile, _ region: Region, deviation: Sink?,
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) throws {
    try functions.estimate(tile.restorationWindow, error: deviation != nil)(
      { condition.fill($0, $1.condition) },
      read: {
        try body($0.changing($1.results[0]))
        guard let deviation else { return }
        let error = $0.changing($1.results[1])
        try deviation(region, condition.finishError(error, core: tile.core, region: region))
      })
  }

  /// The mean of the estimates for the tile turned and mirrored, `[C, h, w]`.
  private func mean(
    _ ensemble: SelfEnsemble, _ condition: TileCondition, _ tile: Tile
  ) throws -> [Float] {
    var sum = [Float](repeating: 0, count: channels * tile.core.area)
    let weight = 1 / Float(ensemble.rawValue)
    for symmetry in ensemble.symmetries {
      let window = symmetry.apply(to: tile.restorationWindow)
      try functions.estimate(window)(
        { condition.fill($0, $1.condition, turned: symmetry) },
        read: {
          symmetry.addBack(
            $0[$1.results[0]], planes: channels, height: window.coreHeight,
            width: window.coreWidth, weight: weight, to: &sum)
        })
    }
    return sum
  }

  /// Puts the features of a tile into the function that draws samples of it.
  private func encode(_ condition: TileCondition, _ tile: Tile) throws {
    let encoder = try functions.features(tile.restorationWindow)
    let decoder = try functions.sample(tile.restorationWindow)
    try encoder(
      { condition.fill($0, $1.condition) },
      read: { results, encoding in
        decoder.write { inputs, decoding in
          for (feature, result) in zip(decoding.features, encoding.results) {
            inputs.set(feature, results[result])
          }
          condition.copyCore(tile.core, to: inputs[decoding.observation])
        }
      })
  }

  /// Lends a sample of a tile's core after `encode`, `[C, h, w]`, which may be changed.
  private func decode(
    _ tile: Tile, _ noise: TileNoise,
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) throws {
    let window = tile.restorationWindow
    try functions.sample(window)(
      { inputs, values in
        for (level, value) in values.noise.enumerated() where !inputs[value].isEmpty {
          Profile.measure("drawing noise") {
            noise.fill(
              inputs[value], window.grid(hierarchy, level: level), level: level,
              window: tile.window)
          }
        }
      }, read: { try body($0.changing($1.sample)) })
  }
}
