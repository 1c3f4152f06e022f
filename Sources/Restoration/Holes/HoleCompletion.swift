import Pictures
import Tensors

/// Values for the deep parts of a picture's holes, from a result at half the size.
struct HoleCompletion {
  private let depth: HoleDepth
  /// Within which every result stays.
  let bounds: HoleBounds
  /// How many times the picture was halved whose holes are completed.
  private let halvings: Int
  private let parts: [Part]

  /// A result at half the size.
  private struct Part {
    /// Of the halved picture.
    let region: Region
    /// `[C, h, w]`, one a draw.
    let results: [Tensor]
  }

  /// Restores the surroundings of holes that are too deep to be filled at once, from the coarsest
  /// picture to the one at half the size; nil where there are none.
  static func make(
    _ picture: DamagedPicture, _ draws: [ConditionalRestorer.Draw], _ restorer: ConditionalRestorer
  ) throws -> HoleCompletion? {
    guard picture.hasHiddenPixels, !draws.isEmpty, let depth = try HoleDepth(picture) else {
      return nil
    }
    let holes = depth.deepHoles()
    guard !holes.isEmpty else { return nil }
    let bounds = try HoleBounds(picture)
    var completion: HoleCompletion?
    var halvings = holes.map(\.halvings).max() ?? 0
    while halvings > 0 {
      let halved = picture.halved(halvings)
      let parts = try holes.filter { $0.halvings >= halvings }.map { hole in
        let region = hole.region.halved(halvings).clamped(to: halved.region)
        var results = draws.map { _ in
          Tensor([halved.channels, region.height, region.width])
        }
        try restorer.run(
          ConditionalRestorer.Pass(
            picture: halved, region: region, draws: draws, completion: completion,
            bounds: bounds, halvings: halvings)
        ) { draw, band, pixels in
          results[draw].withUnsafeMutableElements {
            $0.insert(
              pixels, at: band.relative(to: region), channels: halved.channels,
              height: region.height, width: region.width)
          }
        }
        return Part(region: region, results: results)
      }
      halvings -= 1
      completion = HoleCompletion(
        depth: depth, bounds: bounds, halvings: halvings, parts: parts)
    }
    return completion
  }

  /// Whether a window of the picture holds something to complete.
  func reaches(_ window: Region) -> Bool {
    parts.contains { $0.region.doubled.clamped(to: window).area > 0 }
  }

  /// Gives the hidden pixels of a window that lie deeper than half the reach the enlarged result,
  /// wholly from the reach on.
  func complete(_ condition: inout BandCondition, of picture: DamagedPicture, draw: Int) {
    let (window, channels) = (condition.window, condition.channels)
    let scale = Float(1 << halvings)
    condition.replaceHidden { pixels, seen in
      for part in parts {
        let region = part.region.doubled.clamped(to: window)
        part.results[draw].elements.withUnsafeBufferPointer { result in
          for row in region.rows {
            let place = Region.Doubling(picture.region.rows.mirrored(row), part.region.rows)
            for column in region.columns {
              let index = window.offset(row: row, column: column)
              guard seen[index] == 0 else { continue }
              let across = Region.Doubling(
                picture.region.columns.mirrored(column), part.region.columns)
              let depth = depth.depth(
                row: (Float(place.fine) + 0.5) * scale - 0.5,
                column: (Float(across.fine) + 0.5) * scale - 0.5)
              let weight = Self.weight(depth / scale)
              guard weight > 0 else { continue }
              for channel in 0..<channels {
                let plane = UnsafeBufferPointer(
                  rebasing: result[channel &* part.region.area..<(channel &+ 1) &* part.region.area]
                )
                let value = Region.interpolate(
                  plane, width: part.region.width, place, across)
                let target = channel &* window.area &+ index
                pixels[target] += weight * (value - pixels[target])
              }
            }
          }
        }
      }
    }
  }

  /// 0 up to half the reach, 1 from the reach on, smooth between.
  private static func weight(_ depth: Float) -> Float {
    let half = Float(HoleDepth.reach) / 2
    let t = min(max(depth / half - 1, 0), 1)
    return t * t * (3 - 2 * t)
  }
}

extension Region {
  /// The pixels of a picture halved a number of times that this region of the picture lies in, and
  /// two around them for interpolation.
  func halved(_ times: Int) -> Region {
    func halved(_ range: Range<Int>) -> Range<Int> {
      let size = 1 << times
      return max(0, range.lowerBound / size - 2)..<(range.upperBound + size - 1) / size + 2
    }
    return Region(rows: halved(rows), columns: halved(columns))
  }

  /// The same in a picture of twice the size.
  var doubled: Region {
    Region(
      rows: rows.lowerBound * 2..<rows.upperBound * 2,
      columns: columns.lowerBound * 2..<columns.upperBound * 2)
  }

  /// Where a pixel lies between two of the picture at half the size.
  struct Doubling {
    let fine: Int
    /// Counted from the start of the coarse range.
    let near: Int
    let far: Int

    init(_ fine: Int, _ coarse: Range<Int>) {
      self.fine = fine
      let near = fine >> 1
      let far = near - 1 + 2 * (fine & 1)
      self.near = min(max(near, coarse.lowerBound), coarse.upperBound - 1) - coarse.lowerBound
      self.far = min(max(far, coarse.lowerBound), coarse.upperBound - 1) - coarse.lowerBound
    }
  }

  static func interpolate(
    _ plane: UnsafeBufferPointer<Float>, width: Int, _ row: Doubling, _ column: Doubling
  ) -> Float {
    let near =
      plane[row.near &* width &+ column.near] * 0.75
      + plane[row.near &* width &+ column.far] * 0.25
    let far =
      plane[row.far &* width &+ column.near] * 0.75
      + plane[row.far &* width &+ column.far] * 0.25
    return near * 0.75 + far * 0.25
  }
}
