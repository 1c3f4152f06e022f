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
    /// How many times the picture was halved.
    var halvings = 0
  }

  /// Restores the tiles of a region, all draws of a tile one after another.
  func run(
    _ pass: Pass,
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
      // One estimate reads the window once, as it is.
      let isPlain = pass.draws == [.estimate(nil)]
      let plan = isPlain ? try plans.plan(.estimate, tile.restorationWindow) : nil
      try Profile.measure("tiles of the observation") {
        try condition.load(picture, window: tile.window, into: plan)
      }
      for (index, draw) in pass.draws.enumerated() {
        completion?.complete(&condition, of: picture, draw: index)
        func finish(_ result: UnsafeMutableBufferPointer<Float>) throws {
          try Profile.measure("tiles of the result") {
            try body(index, region, condition.finish(result, core: tile.core, region: region))
          }
        }
        switch draw {
        case .estimate(nil): try finish(estimate(condition, tile))
        case .estimate(let ensemble?):
          var sum = try mean(ensemble, condition, tile)
          try sum.withUnsafeMutableBufferPointer { try finish($0) }
        case .sample(let seed, let sample):
          if index == 0 || completion != nil { try encode(condition, tile) }
          let noise = TileNoise(seed: seed, sample: sample, halvings: pass.halvings)
          try finish(decode(tile, noise))
        }
      }
    }
  }

  /// Up to where a window can end.
  private func padded(_ extent: Int) -> Int {
    (extent + hierarchy.alignment - 1) / hierarchy.alignment * hierarchy.alignment
  }

  /// The best estimate of a tile's core, `[C, h, w]`, in a plan's memory, which may be changed: the
  /// next run replaces it.
  private func estimate(
    _ condition: TileCondition, _ tile: Tile
  ) throws -> UnsafeMutableBufferPointer<Float> {
    let plan = try plans.plan(.estimate, tile.restorationWindow)
    condition.fill(plan)
    try plan.runChecked()
    return UnsafeMutableBufferPointer(mutating: plan.outputBuffer(0))
  }

  /// The mean of the estimates for the tile turned and mirrored, `[C, h, w]`.
  private func mean(
    _ ensemble: SelfEnsemble, _ condition: TileCondition, _ tile: Tile
  ) throws -> [Float] {
    var sum = [Float](repeating: 0, count: channels * tile.core.area)
    let weight = 1 / Float(ensemble.rawValue)
    for symmetry in ensemble.symmetries {
      let window = symmetry.apply(to: tile.restorationWindow)
      let plan = try plans.plan(.estimate, window)
      condition.fill(plan, turned: symmetry)
      try plan.runChecked()
      symmetry.addBack(
        plan.outputBuffer(0), planes: channels, height: window.coreHeight,
        width: window.coreWidth, weight: weight, to: &sum)
    }
    return sum
  }

  /// Puts the features of a tile into the plan that draws samples of it.
  private func encode(_ condition: TileCondition, _ tile: Tile) throws {
    let encoder = try plans.plan(.features, tile.restorationWindow)
    condition.fill(encoder)
    try encoder.run()
    let decoder = try plans.plan(.sample, tile.restorationWindow)
    for level in 0..<hierarchy.levels {
      _ = decoder.input(RestorationPlans.features(level))?
        .update(fromContentsOf: encoder.outputBuffer(level))
    }
    if let observation = decoder.input("observation") {
      condition.copyCore(tile.core, to: observation)
    }
  }

  /// A sample of a tile's core after `encode`, `[C, h, w]`, in a plan's memory, as `estimate`.
  private func decode(
    _ tile: Tile, _ noise: TileNoise
  ) throws -> UnsafeMutableBufferPointer<Float> {
    let window = tile.restorationWindow
    let plan = try plans.plan(.sample, window)
    for level in 0..<hierarchy.levels {
      guard let buffer = plan.input(RestorationPlans.noise(level)) else { continue }
      Profile.measure("drawing noise") {
        noise.fill(
          buffer, window.grid(hierarchy, level: level), level: level, window: tile.window)
      }
    }
    try plan.runChecked()
    return UnsafeMutableBufferPointer(mutating: plan.outputBuffer(0))
  }
}
