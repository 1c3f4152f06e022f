import Datasets
import Pictures

/// Between which values lie the seen pixels around a place, on a grid of cells: what fills a deep hole is kept
/// within them, as nothing tells that it should be brighter or darker than all that surrounds it.
struct HoleBounds {
  /// The side of a cell in pixels.
  static let cell = 8
  /// The share of pixels around a place that must be seen.
  private static let seenShare = 8

  private let rows: Int
  private let columns: Int
  /// The least and the largest value, `[cells][channels]`.
  private var least: [Float]
  private var largest: [Float]
  private let channels: Int

  init(_ picture: DamagedPicture) throws {
    var level = try Level(picture)
    (rows, columns, channels) = (level.rows, level.columns, picture.channels)
    least = [Float](repeating: -.infinity, count: rows * columns * channels)
    largest = [Float](repeating: .infinity, count: rows * columns * channels)
    var open = Array(0..<rows * columns)
    var shift = 0
    while !open.isEmpty {
      open.removeAll { cell in
        let (row, column) = ((cell / columns) >> shift, (cell % columns) >> shift)
        guard let around = level.around(row, column) else { return false }
        for channel in 0..<channels {
          least[cell * channels + channel] = around.least[channel]
          largest[cell * channels + channel] = around.largest[channel]
        }
        return true
      }
      // Nothing lies around the whole picture: what is left has no bounds.
      guard level.rows > 1 || level.columns > 1 else { return }
      level = level.halved
      shift += 1
    }
  }

  /// A value within the bounds at a place of the picture, interpolated bilinearly.
  func limited(_ value: Float, row: Float, column: Float, channel: Int) -> Float {
    let (above, below, down) = Self.neighbors(row, count: rows)
    let (left, right, across) = Self.neighbors(column, count: columns)
    func at(_ values: [Float]) -> Float {
      func corner(_ row: Int, _ column: Int) -> Float {
        values[(row &* columns &+ column) &* channels &+ channel]
      }
      let top = Self.mean(corner(above, left), corner(above, right), across)
      return Self.mean(top, Self.mean(corner(below, left), corner(below, right), across), down)
    }
    return min(max(value, at(least)), at(largest))
  }

  /// Infinities stay what they are.
  private static func mean(_ a: Float, _ b: Float, _ share: Float) -> Float {
    share == 0 ? a : a == b ? a : a * (1 - share) + b * share
  }

  private static func neighbors(
    _ place: Float, count: Int
  ) -> (before: Int, after: Int, share: Float) {
    let position = min(max((place + 0.5) / Float(cell) - 0.5, 0), Float(count - 1))
    let before = Int(position)
    return (before, min(before + 1, count - 1), position - Float(before))
  }

  /// The seen pixels of the cells of one size.
  private struct Level {
    let rows: Int
    let columns: Int
    let channels: Int
    /// Of pixels, and of those that are seen, by cell.
    var areas: [Int]
    var seen: [Int]
    /// `[cells][channels]`.
    var least: [Float]
    var largest: [Float]

    private init(rows: Int, columns: Int, channels: Int) {
      (self.rows, self.columns, self.channels) = (rows, columns, channels)
      areas = [Int](repeating: 0, count: rows * columns)
      seen = areas
      least = [Float](repeating: .infinity, count: rows * columns * channels)
      largest = [Float](repeating: -.infinity, count: rows * columns * channels)
    }

    init(_ picture: DamagedPicture) throws {
      self.init(
        rows: (picture.height + cell - 1) / cell, columns: (picture.width + cell - 1) / cell,
        channels: picture.channels)
      try picture.forEachStrip(of: 8 * cell) { strip, pixels, maps in
        for index in 0..<strip.area {
          let row = strip.rows.lowerBound &+ index / strip.width
          let place = row / cell &* columns &+ index % strip.width / cell
          areas[place] &+= 1
          guard maps[index] != 0 else { continue }
          seen[place] &+= 1
          for channel in 0..<channels {
            let value = pixels[channel &* strip.area &+ index]
            let target = place &* channels &+ channel
            least[target] = min(least[target], value)
            largest[target] = max(largest[target], value)
          }
        }
      }
    }

    private mutating func add(_ cell: Int, of other: Level, to target: Int) {
      areas[target] += other.areas[cell]
      seen[target] += other.seen[cell]
      for channel in 0..<channels {
        let (from, to) = (cell * channels + channel, target * channels + channel)
        least[to] = min(least[to], other.least[from])
        largest[to] = max(largest[to], other.largest[from])
      }
    }

    /// Cells of twice the side.
    var halved: Level {
      var result = Level(rows: (rows + 1) / 2, columns: (columns + 1) / 2, channels: channels)
      for cell in areas.indices {
        let target = cell / columns / 2 * result.columns + cell % columns / 2
        result.add(cell, of: self, to: target)
      }
      return result
    }

    /// A cell and its neighbors; nil where too little of them is seen.
    func around(_ row: Int, _ column: Int) -> (least: [Float], largest: [Float])? {
      var result = Level(rows: 1, columns: 1, channels: channels)
      for row in max(row - 1, 0)...min(row + 1, rows - 1) {
        for column in max(column - 1, 0)...min(column + 1, columns - 1) {
          result.add(row * columns + column, of: self, to: 0)
        }
      }
      guard result.seen[0] * seenShare >= result.areas[0] else { return nil }
      return (result.least, result.largest)
    }
  }
}
