import Datasets
import Graphs
import Pictures
import VAE

/// What a model is told of a part of a picture: the observation with its holes filled, and the maps.
struct BandCondition {
  let channels: Int
  private(set) var window = Region(rows: 0..<0, columns: 0..<0)
  /// `[C, h, w]` of the window.
  private(set) var observation = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)
  /// `[5, h, w]` of the window.
  private(set) var maps = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)
  /// Holds the memory of both.
  private var memory: AlignedMemory?
  /// The observation before the deep parts of its holes were filled otherwise.
  private var filled: [Float] = []

  init(channels: Int) { self.channels = channels }

  /// Reads what a window shows of a picture. Beyond the picture's lower and right edge, up to the
  /// model's alignment, it is mirrored, which restores edges better than repeating the outermost
  /// pixels.
  mutating func load(_ picture: DamagedPicture, window: Region) throws {
    self.window = window
    filled.removeAll(keepingCapacity: true)
    takeMemory()
    let visible = Region(
      rows: window.rows.shown(of: picture.height), columns: window.columns.shown(of: picture.width))
    let source =
      picture.hasHiddenPixels
      ? Region(
        rows: HoleFilling.window(visible.rows, extent: picture.height),
        columns: HoleFilling.window(visible.columns, extent: picture.width)) : visible
    if source == window { return try Self.read(picture, planes(observation), planes(maps)) }
    let parts = AlignedMemory(count: (channels + ConditionMaps.count) * source.area)
    // The buffers alone do not hold it.
    try withExtendedLifetime(parts) {
      let pixels = parts.buffer(0, channels * source.area)
      let levels = parts.buffer(pixels.count, ConditionMaps.count * source.area)
      try Self.read(
        picture, MutablePlaneView(pixels, channels: channels, region: source),
        MutablePlaneView(levels, channels: ConditionMaps.count, region: source))
      for (part, target) in [(pixels, observation), (levels, maps)] {
        UnsafeBufferPointer(part).extend(from: source, to: window, within: visible, into: target)
      }
    }
  }

  /// Reads what a region shows of a picture, holes as they are.
  ///
  /// - Precondition: it lies within the picture.
  mutating func look(_ picture: DamagedPicture, at region: Region) throws {
    window = region
    filled.removeAll(keepingCapacity: true)
    takeMemory()
    try picture.read(planes(observation), planes(maps))
  }

  /// Numbers of the window as planes.
  private func planes(_ numbers: UnsafeMutableBufferPointer<Float>) -> MutablePlaneView {
    MutablePlaneView(numbers, channels: numbers.count / window.area, region: window)
  }

  /// Sees to memory for the window.
  private mutating func takeMemory() {
    let counts = (pixels: channels * window.area, levels: ConditionMaps.count * window.area)
    if memory.map({ $0.count < counts.pixels + counts.levels }) ?? true {
      memory = nil
      memory = AlignedMemory(count: counts.pixels + counts.levels)
    }
    if let memory {
      observation = memory.buffer(0, counts.pixels)
      maps = memory.buffer(counts.pixels, counts.levels)
    }
  }

  /// Reads a region and fills its holes.
  private static func read(
    _ picture: DamagedPicture, _ pixels: MutablePlaneView, _ maps: MutablePlaneView
  ) throws {
    try picture.read(pixels, maps)
    if picture.hasHiddenPixels { fillHoles(pixels, maps) }
  }

  /// Hidden pixels get a value from around them and no noise.
  private static func fillHoles(_ pixels: MutablePlaneView, _ maps: MutablePlaneView) {
    let seen = maps.plane(ConditionMaps.seen)
    for map in [ConditionMaps.lumaNoise, ConditionMaps.chromaNoise] {
      let noise = maps.plane(map)
      for index in seen.indices where seen[index] == 0 { noise[index] = 0 }
    }
    HoleFilling.fill(pixels, seen: seen)
  }

  /// Replaces values of hidden pixels, starting from those that `load` gave.
  mutating func replaceHidden(
    _ body: (
      _ pixels: UnsafeMutableBufferPointer<Float>, _ seen: UnsafeBufferPointer<Float>
    ) -> Void
  ) {
    if filled.isEmpty {
      filled = Array(observation)
    } else {
      _ = observation.update(fromContentsOf: filled)
    }
    body(observation, UnsafeBufferPointer(rebasing: maps[..<window.area]))
  }

  /// Writes the inputs of a function for the window; nothing where they take nothing of it.
  func fill(_ band: Band, _ values: ConditionValues) {
    for (input, numbers) in [(values.observation, observation), (values.maps, maps)] {
      let memory = band[input]
      guard !memory.isEmpty else { continue }
      precondition(memory.count == numbers.count, "a band of the window")
      _ = memory.update(fromContentsOf: numbers)
    }
  }

  /// Writes the inputs of a function for the window turned.
  func fill(_ band: Band, _ values: ConditionValues, turned symmetry: TileSymmetry) {
    for (input, numbers) in [(values.observation, observation), (values.maps, maps)] {
      let memory = band[input]
      guard !memory.isEmpty else { continue }
      precondition(memory.count == numbers.count, "a band of the window")
      symmetry.apply(
        to: UnsafeBufferPointer(numbers), planes: numbers.count / window.area,
        height: window.height, width: window.width, into: memory)
    }
  }

  /// Cuts a core's result down to the region that is looked at, and puts in what is known exactly as it is: pixels
  /// that were seen without noise, of a picture that is neither scaled nor from a JPEG file.
  ///
  /// - Returns: `[C, h, w]` of the region, at the start of the result's memory.
  func finish(
    _ result: UnsafeMutableBufferPointer<Float>, core: Region
  ) -> UnsafeMutableBufferPointer<Float> {
    if core != window { cut(result, planes: channels, core: core, region: window) }
    let area = window.area
    forEachKnown { place in
      for channel in 0..<channels {
        result[channel &* area &+ place] = observation[channel &* area &+ place]
      }
    }
    return UnsafeMutableBufferPointer(rebasing: result[..<(channels * area)])
  }

  /// Keeps the hidden pixels of a result, `[C, h, w]` of the region that is looked at, within the bounds.
  ///
  /// - Parameter halvings: how many times the picture of the bounds was halved to be this one.
  func limit(
    _ result: UnsafeMutableBufferPointer<Float>, to bounds: HoleBounds, halvings: Int
  ) {
    let scale = Float(1 << halvings)
    for row in window.rows {
      let start = window.offset(row: row, column: window.left)
      for column in 0..<window.width where maps[start + column] == 0 {
        let place = (
          row: (Float(row) + 0.5) * scale - 0.5,
          column: (Float(window.left + column) + 0.5) * scale - 0.5
        )
        for channel in 0..<channels {
          let index = channel * window.area + start + column
          result[index] = bounds.limited(
            result[index], row: place.row, column: place.column, channel: channel)
        }
      }
    }
  }

  /// Cuts the deviation of a core's error, `[1, h, w]`, down to the region that is looked at; what is known exactly
  /// has none.
  func finishError(
    _ deviation: UnsafeMutableBufferPointer<Float>, core: Region, region: Region
  ) -> UnsafeBufferPointer<Float> {
    if core != region { cut(deviation, planes: 1, core: core, region: region) }
    forEachKnown { deviation[$0] = 0 }
    return UnsafeBufferPointer(rebasing: deviation[..<region.area])
  }

  /// Calls `body` with the place of every pixel that is known exactly.
  private func forEachKnown(_ body: (_ place: Int) -> Void) {
    let area = window.area
    for place in 0..<area {
      guard maps[place] != 0, maps[area &+ place] == 0, maps[2 &* area &+ place] == 0,
        maps[3 &* area &+ place] == 0, maps[4 &* area &+ place] == 0
      else { continue }
      body(place)
    }
  }

  /// Moves a region's part of `[N, h, w]` of a core to the start.
  private func cut(
    _ result: UnsafeMutableBufferPointer<Float>, planes: Int, core: Region, region: Region
  ) {
    guard let start = result.baseAddress else { return }
    var next = start
    for channel in 0..<planes {
      for row in region.rows {
        let place = channel * core.area + core.offset(row: row, column: region.columns.lowerBound)
        // Never behind what is still to be moved.
        next.update(from: start + place, count: region.width)
        next += region.width
      }
    }
  }
}

extension UnsafeBufferPointer<Float> {
  /// Writes all planes, `[N, h, w]` of a region, for another region; what lies outside `valid` is
  /// mirrored at its edges.
  ///
  /// - Precondition: `valid` is a part of `region` and not empty.
  func extend(
    from region: Region, to target: Region, within valid: Region,
    into result: UnsafeMutableBufferPointer<Float>
  ) {
    let inside = target.columns.clamped(to: valid.columns)
    var next = 0
    for plane in 0..<count / region.area {
      for row in target.rows {
        let line =
          plane * region.area
          + region.offset(row: valid.rows.mirrored(row), column: region.columns.lowerBound)
        func copy(_ column: Int) {
          result[next] = self[line &+ (column &- region.columns.lowerBound)]
          next &+= 1
        }
        for column in inside { copy(column) }
        for column in inside.upperBound..<target.columns.upperBound {
          copy(valid.columns.mirrored(column))
        }
      }
    }
  }
}

extension Range<Int> {
  /// What such a range shows of a picture's rows or columns: those in it, and those that are mirrored into it.
  fileprivate func shown(of extent: Int) -> Range<Int> {
    guard upperBound > extent else { return self }
    return Swift.max(0, Swift.min(lowerBound, 2 * extent - upperBound))..<extent
  }

  /// A place of the range: the one given, or its image where the range is mirrored at its ends
  /// again and again. Meant for what follows the range.
  func mirrored(_ place: Int) -> Int {
    if contains(place) { return place }
    let offset = (place - lowerBound) % (2 * count)
    return lowerBound + (offset < count ? offset : 2 * count - 1 - offset)
  }
}
