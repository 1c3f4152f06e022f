import Datasets
import Graphs

/// What a model is told of a tile's window: the observation with its holes filled, and the maps.
struct TileCondition {
  let channels: Int
  private(set) var window = PixelRegion(rows: 0..<0, columns: 0..<0)
  /// `[C, h, w]` of the window.
  private(set) var observation: [Float] = []
  /// `[5, h, w]` of the window.
  private(set) var maps: [Float] = []
  /// The observation before the deep parts of its holes were filled otherwise.
  private var filled: [Float] = []

  init(channels: Int) { self.channels = channels }

  /// Reads what a window shows of a picture. Beyond the picture's lower and right edge, up to the
  /// model's alignment, it is mirrored, which restores edges better than repeating the outermost
  /// pixels.
  mutating func load(_ picture: DamagedPicture, window: PixelRegion) throws {
    self.window = window
    filled.removeAll(keepingCapacity: true)
    let visible = window.clamped(to: picture.region)
    let source =
      picture.hasHiddenPixels
      ? PixelRegion(
        rows: HoleFilling.window(visible.rows, extent: picture.height),
        columns: HoleFilling.window(visible.columns, extent: picture.width)) : visible
    var pixels = [Float](repeating: 0, count: channels * source.area)
    var levels = [Float](repeating: 0, count: ConditionMaps.count * source.area)
    try pixels.withUnsafeMutableBufferPointer { pixels in
      try levels.withUnsafeMutableBufferPointer { levels in
        try picture.read(source, pixels, levels)
        if picture.hasHiddenPixels { Self.fillHoles(pixels, levels, source, channels: channels) }
      }
    }
    observation = pixels.extended(channels, from: source, to: window, within: visible)
    maps = levels.extended(ConditionMaps.count, from: source, to: window, within: visible)
  }

  /// Hidden pixels get a value from around them and no noise.
  private static func fillHoles(
    _ pixels: UnsafeMutableBufferPointer<Float>, _ maps: UnsafeMutableBufferPointer<Float>,
    _ region: PixelRegion, channels: Int
  ) {
    let area = region.area
    let seen = UnsafeBufferPointer(rebasing: maps[..<area])
    for map in [ConditionMaps.lumaNoise, ConditionMaps.chromaNoise] {
      for index in 0..<area where seen[index] == 0 { maps[map * area + index] = 0 }
    }
    HoleFilling.fill(
      pixels, seen: seen, channels: channels, height: region.height, width: region.width)
  }

  /// Replaces values of hidden pixels, starting from those that `load` gave.
  mutating func replaceHidden(
    _ body: (
      _ pixels: UnsafeMutableBufferPointer<Float>, _ seen: UnsafeBufferPointer<Float>
    ) -> Void
  ) {
    if filled.isEmpty { filled = observation } else { observation = filled }
    let area = window.area
    maps.withUnsafeBufferPointer { maps in
      let seen = UnsafeBufferPointer(rebasing: maps[..<area])
      observation.withUnsafeMutableBufferPointer { body($0, seen) }
    }
  }

  /// Fills the inputs of a plan for the window.
  func fill(_ plan: Plan) {
    _ = plan.input("observation")?.update(fromContentsOf: observation)
    _ = plan.input("maps")?.update(fromContentsOf: maps)
  }

  /// Fills the inputs of a plan for the window turned.
  func fill(_ plan: Plan, turned symmetry: TileSymmetry) {
    for (name, numbers) in [("observation", observation), ("maps", maps)] {
      guard let input = plan.input(name) else { continue }
      numbers.withUnsafeBufferPointer {
        symmetry.apply(
          to: $0, planes: $0.count / window.area, height: window.height, width: window.width,
          into: input)
      }
    }
  }

  /// Copies the observation of the core, `[C, h, w]`.
  func copyCore(_ core: PixelRegion, to target: UnsafeMutableBufferPointer<Float>) {
    var next = target.startIndex
    for channel in 0..<channels {
      for row in core.rows {
        let start =
          channel * window.area + window.offset(row: row, column: core.columns.lowerBound)
        _ = target[next...].update(fromContentsOf: observation[start..<start + core.width])
        next += core.width
      }
    }
  }

  /// Cuts a core's result down to a region, and returns what is known exactly as it is: pixels
  /// that were seen without noise, of a picture that is neither scaled nor from a JPEG file.
  func finish(_ result: inout [Float], core: PixelRegion, region: PixelRegion) {
    if core != region {
      result = result.extended(channels, from: core, to: region, within: region)
    }
    let area = window.area
    for row in region.rows {
      let start = window.offset(row: row, column: region.columns.lowerBound)
      for column in 0..<region.width {
        let place = start + column
        guard maps[place] != 0, maps[area + place] == 0, maps[2 * area + place] == 0,
          maps[3 * area + place] == 0, maps[4 * area + place] == 0
        else { continue }
        let target = (row - region.rows.lowerBound) * region.width + column
        for channel in 0..<channels {
          result[channel * region.area + target] = observation[channel * area + place]
        }
      }
    }
  }
}

extension [Float] {
  /// `[planes, h, w]` of another region; what lies outside `valid` is mirrored at its edges.
  ///
  /// - Precondition: `valid` is a part of `region` and not empty.
  func extended(
    _ planes: Int, from region: PixelRegion, to target: PixelRegion, within valid: PixelRegion
  ) -> [Float] {
    if region == target { return self }
    let inside = target.columns.clamped(to: valid.columns)
    return [Float](unsafeUninitializedCapacity: planes * target.area) { buffer, count in
      for plane in 0..<planes {
        for row in target.rows {
          let line =
            plane * region.area
            + region.offset(row: valid.rows.mirrored(row), column: region.columns.lowerBound)
          func copy(_ column: Int) {
            buffer.initializeElement(
              at: count, to: self[line &+ (column &- region.columns.lowerBound)])
            count += 1
          }
          for column in inside { copy(column) }
          for column in inside.upperBound..<target.columns.upperBound {
            copy(valid.columns.mirrored(column))
          }
        }
      }
    }
  }
}

extension Range<Int> {
  /// A place of the range: the one given, or its image where the range is mirrored at its ends
  /// again and again. Meant for what follows the range.
  func mirrored(_ place: Int) -> Int {
    if contains(place) { return place }
    let offset = (place - lowerBound) % (2 * count)
    return lowerBound + (offset < count ? offset : 2 * count - 1 - offset)
  }
}
