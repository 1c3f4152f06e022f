import Graphs
import Pictures
import Platform
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

  /// Restores a region strip by strip, and a strip band by band.
  ///
  /// - Parameters:
  ///   - deviation: receives what is predicted of the estimates' error, of a model that predicts it.
  ///   - body: receives every pixel of every draw once.
  func run(
    _ pass: Pass, deviation: Sink? = nil,
    _ body: (_ draw: Int, Region, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    guard pass.picture.channels == channels else {
      throw RestorationError.channels(expected: channels, found: pass.picture.channels)
    }
    let strips = Strips(
      pass.region, height: padded(pass.picture.height), width: padded(pass.picture.width),
      columns: columns, halo: hierarchy.halo, alignment: hierarchy.alignment)
    for strip in strips.all {
      var passage = StripPassage(self, pass, strip)
      // What is filled in is another for each.
      let isShared = pass.completion.map { !$0.reaches(strip.window) } ?? true
      var start = 0
      while start < pass.draws.count {
        switch pass.draws[start] {
        case .estimate(nil):
          try passage.estimate(draw: start, deviation: deviation, body)
          start += 1
        case .estimate(let ensemble?):
          if deviation != nil {
            try passage.estimate(draw: start, deviation: deviation) { _, _, _ in }
          }
          try passage.mean(of: ensemble, draw: start, body)
          start += 1
        case .sample:
          let most = isShared ? largestGroup(strip) : 1
          let end = min(start + most, pass.draws.count)
          try passage.samples(start..<end, body)
          start = end
        }
      }
    }
  }

  /// Up to where a window can end.
  private func padded(_ extent: Int) -> Int {
    (extent + hierarchy.alignment - 1) / hierarchy.alignment * hierarchy.alignment
  }

  /// How many samples are drawn at once, which encodes the picture once: what each keeps from band to band takes
  /// memory.
  private func largestGroup(_ strip: Strip) -> Int {
    bandRows(height: strip.window.height, width: strip.window.width) < strip.window.height ? 4 : 16
  }
}

/// The way of a model down a strip of a picture.
struct StripPassage {
  private let restorer: ConditionalRestorer
  private let pass: ConditionalRestorer.Pass
  private let strip: Strip
  private var condition: BandCondition

  init(_ restorer: ConditionalRestorer, _ pass: ConditionalRestorer.Pass, _ strip: Strip) {
    (self.restorer, self.pass, self.strip) = (restorer, pass, strip)
    condition = BandCondition(channels: restorer.channels)
  }

  typealias Body = (_ draw: Int, Region, UnsafeBufferPointer<Float>) throws -> Void

  /// The best estimate, and its error where that is wanted.
  mutating func estimate(
    draw: Int, deviation: ConditionalRestorer.Sink?, _ body: Body
  ) throws {
    let function = try restorer.functions.estimate(
      strip.restorationWindow, rows: rows(of: strip.restorationWindow), error: deviation != nil)
    try function(
      { band, values in
        try load(band.rows(of: values.condition.observation), draw: draw)
        condition.fill(band, values.condition)
      },
      read: { band, values in
        let region = try deliver(band, values.results[0], draw: draw, body)
        guard let deviation, let error = values.error, region.area > 0 else { return }
        let core = core(band.rows(of: error))
        try deviation(region, condition.finishError(band[error], core: core, region: region))
      })
  }

  /// Draws of what the picture may be.
  mutating func samples(_ draws: Range<Int>, _ body: Body) throws {
    let window = strip.restorationWindow
    let function = try restorer.functions.samples(draws.count, window, rows: rows(of: window))
    let noises = pass.draws[draws].map { draw in
      guard case .sample(let seed, let index) = draw else { preconditionFailure("a sample") }
      return TileNoise(seed: seed, sample: index, halvings: pass.halvings)
    }
    try function(
      { band, values in
        try load(band.rows(of: values.condition.observation), draw: draws.lowerBound)
        condition.fill(band, values.condition)
        Profile.measure("drawing noise") {
          for (noise, levels) in zip(noises, values.noise) {
            for (level, value) in levels.enumerated() where !band[value].isEmpty {
              let grid = window.grid(restorer.hierarchy, level: level)
              noise.fill(
                band[value], grid.rows(band.rows(of: value)), level: level, window: strip.window)
            }
          }
        }
      },
      read: { band, values in
        for (draw, result) in zip(draws, values.results) {
          _ = try deliver(band, result, draw: draw, body)
        }
      })
  }

  /// The mean of the estimates for the strip turned and mirrored.
  mutating func mean(of ensemble: SelfEnsemble, draw: Int, _ body: Body) throws {
    let core = strip.core
    try Memory.require(
      restorer.channels, core.area, elements: 4, for: "the mean of \(ensemble.rawValue) results")
    var sum = [Float](repeating: 0, count: restorer.channels * core.area)
    for symmetry in ensemble.symmetries {
      let window = symmetry.apply(to: strip.restorationWindow)
      let function = try restorer.functions.estimate(window, rows: rows(of: window))
      let origin = strip.window
      try function(
        { band, values in
          let rows = band.rows(of: values.condition.observation)
          let turned = Region(rows: rows, columns: 0..<window.width)
          let part = symmetry.source(of: turned, height: window.height, width: window.width)
          try load(part.moved(down: origin.top, right: origin.left), draw: draw)
          condition.fill(band, values.condition, turned: symmetry)
        },
        read: { band, values in
          let result = values.results[0]
          let turned = Region(rows: band.rows(of: result), columns: 0..<window.coreWidth)
          symmetry.addBack(
            UnsafeBufferPointer(band[result]), planes: restorer.channels, turned,
            height: window.coreHeight, width: window.coreWidth,
            weight: 1 / Float(ensemble.rawValue), to: &sum)
        })
    }
    let count = rows(of: strip.restorationWindow)
    for top in stride(from: 0, to: core.height, by: count) {
      let rows = top..<min(top + count, core.height)
      var part: [Float] = []
      for channel in 0..<restorer.channels {
        let plane = channel * core.area
        part += sum[plane + rows.lowerBound * core.width..<plane + rows.upperBound * core.width]
      }
      try part.withUnsafeMutableBufferPointer {
        _ = try deliver($0, self.core(rows), draw: draw, body)
      }
    }
  }

  /// Rows of a band of a window.
  private func rows(of window: RestorationWindow) -> Int {
    restorer.bandRows(height: window.height, width: window.width)
  }

  /// Rows of the core, counted from its first, as a region of the picture.
  private func core(_ rows: Range<Int>) -> Region {
    let top = strip.core.top
    return Region(
      rows: top + rows.lowerBound..<top + rows.upperBound, columns: strip.core.columns)
  }

  /// Reads rows of the window, counted from its first.
  private mutating func load(_ rows: Range<Int>, draw: Int) throws {
    let top = strip.window.top
    try load(
      Region(rows: top + rows.lowerBound..<top + rows.upperBound, columns: strip.window.columns),
      draw: draw)
  }

  private mutating func load(_ region: Region, draw: Int) throws {
    guard region.area > 0 else { return }
    try Profile.measure("bands of the observation") {
      try condition.load(pass.picture, window: region)
    }
    if let completion = pass.completion, completion.reaches(region) {
      completion.complete(&condition, of: pass.picture, draw: draw)
    }
  }

  /// Hands on a band of a result, and returns its region.
  private mutating func deliver(
    _ band: Band, _ result: Value, draw: Int, _ body: Body
  ) throws -> Region {
    try deliver(band[result], core(band.rows(of: result)), draw: draw, body)
  }

  private mutating func deliver(
    _ numbers: UnsafeMutableBufferPointer<Float>, _ core: Region, draw: Int, _ body: Body
  ) throws -> Region {
    let region = core.clamped(to: pass.region)
    guard region.area > 0 else { return region }
    try Profile.measure("bands of the result") {
      try condition.look(pass.picture, at: region)
      let result = condition.finish(numbers, core: core)
      if let bounds = pass.bounds {
        condition.limit(result, to: bounds, halvings: pass.halvings)
      }
      try body(draw, region, UnsafeBufferPointer(result))
    }
    return region
  }
}
