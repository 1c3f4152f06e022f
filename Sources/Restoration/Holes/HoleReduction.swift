import Datasets
import Pictures

extension DamagedPicture {
  /// The picture at 1/2, 1/4 ... of its size: a pixel has the mean of the seen ones in its cell and
  /// is seen where there is one. Read when asked for, never held.
  func halved(_ times: Int) -> DamagedPicture {
    let size = 1 << times
    let full = region
    return DamagedPicture(
      channels: channels, height: (height + size - 1) / size, width: (width + size - 1) / size,
      hasHiddenPixels: true
    ) { observation, maps in
      let region = maps.region
      let columns =
        region.columns.lowerBound * size..<min(region.columns.upperBound * size, full.width)
      var pixels = [Float](repeating: 0, count: channels * size * columns.count)
      var levels = [Float](repeating: 0, count: ConditionMaps.count * size * columns.count)
      for (line, row) in region.rows.enumerated() {
        let rows = row * size..<min((row + 1) * size, full.height)
        let source = Region(rows: rows, columns: columns)
        try pixels.withMutablePlanes(channels: channels, source) { pixels in
          try levels.withMutablePlanes(channels: ConditionMaps.count, source) { levels in
            try read(pixels, levels)
            for column in 0..<region.width {
              let cell = Cell(
                region: source, columns: column * size..<min((column + 1) * size, columns.count))
              let place = line * region.width + column
              cell.writeMeans(of: pixels, levels, to: observation, place)
              cell.writeLevels(levels, to: maps, place, halvings: times)
            }
          }
        }
      }
    }
  }

  /// The pixels that become one.
  private struct Cell {
    /// What was read: all rows of the cell.
    let region: Region
    /// Counted from the region's first.
    let columns: Range<Int>

    /// Adds up numbers of a plane over the cell.
    private func sum(_ number: (_ place: Int) -> Float) -> Float {
      var sum: Float = 0
      for row in 0..<region.height {
        for column in columns { sum += number(row &* region.width &+ column) }
      }
      return sum
    }

    private func seenCount(_ maps: MutablePlaneView) -> Float {
      sum { maps[$0] == 0 ? 0 : 1 }
    }

    func writeMeans(
      of pixels: MutablePlaneView, _ maps: MutablePlaneView, to target: MutablePlaneView,
      _ place: Int
    ) {
      let area = target.region.area
      let count = seenCount(maps)
      for channel in 0..<pixels.channels {
        let plane = channel &* region.area
        let total = sum { maps[$0] == 0 ? 0 : pixels[plane &+ $0] }
        target[channel &* area &+ place] = count == 0 ? 0 : total / count
      }
    }

    /// The mean of n pixels has their noise divided by the root of n; half the size takes back half
    /// of an enlargement, and JPEG's blocks fade as they shrink.
    func writeLevels(
      _ maps: MutablePlaneView, to target: MutablePlaneView, _ place: Int, halvings: Int
    ) {
      let area = target.region.area
      let count = seenCount(maps)
      let all = Float(region.height * columns.count)
      target[ConditionMaps.seen &* area &+ place] = count == 0 ? 0 : 1
      for map in [ConditionMaps.lumaNoise, ConditionMaps.chromaNoise] {
        let variance = sum {
          maps[$0] == 0 ? 0 : maps[map &* region.area &+ $0] * maps[map &* region.area &+ $0]
        }
        target[map &* area &+ place] = count == 0 ? 0 : variance.squareRoot() / count
      }
      let scale = sum { maps[ConditionMaps.scale &* region.area &+ $0] } / all
      target[ConditionMaps.scale &* area &+ place] = max(0, scale - Float(halvings) / 2)
      let jpeg = sum { maps[ConditionMaps.jpeg &* region.area &+ $0] } / all
      target[ConditionMaps.jpeg &* area &+ place] = jpeg / Float(1 << halvings)
      for map in ConditionMaps.jpeg + 1..<ConditionMaps.count {
        target[map &* area &+ place] = sum { maps[map &* region.area &+ $0] } / all
      }
    }
  }
}
