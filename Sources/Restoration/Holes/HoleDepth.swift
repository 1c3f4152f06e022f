import Datasets
import Pictures

/// How far hidden pixels are from the nearest seen one, on a grid of small cells.
struct HoleDepth {
  /// The side of a cell in pixels, and the precision of depths.
  static let cell = 4
  /// Holes up to this depth in pixels are filled at once: boxes of 40 pixels, as in training.
  static let reach = 20

  private let rows: Int
  private let columns: Int
  /// To the nearest cell with a seen pixel, in cells, the longer of both axes.
  private var distances: [UInt16]

  /// A hole too deep to be filled at once.
  struct Hole: Hashable {
    /// Encloses everything deeper than half the reach, in pixels of the picture.
    var region: Region
    /// How often the picture is to be halved until the hole is within reach.
    var halvings: Int
  }

  /// nil where nothing was seen.
  init?(_ picture: DamagedPicture) throws {
    rows = (picture.height + Self.cell - 1) / Self.cell
    columns = (picture.width + Self.cell - 1) / Self.cell
    distances = [UInt16](repeating: .max, count: rows * columns)
    try findSeen(picture)
    guard distances.contains(0) else { return nil }
    propagate()
  }

  private mutating func findSeen(_ picture: DamagedPicture) throws {
    try picture.forEachStrip(of: 16 * Self.cell) { strip, _, maps in
      for index in 0..<strip.area where maps[index] != 0 {
        let row = (strip.rows.lowerBound &+ index / strip.width) / Self.cell
        distances[row &* columns &+ index % strip.width / Self.cell] = 0
      }
    }
  }

  /// Two sweeps, each over the neighbors already visited.
  private mutating func propagate() {
    func near(_ row: Int, _ column: Int, _ steps: [(Int, Int)]) {
      let index = row &* columns &+ column
      var least = distances[index]
      for (down, right) in steps {
        let (row, column) = (row + down, column + right)
        guard row >= 0, row < rows, column >= 0, column < columns else { continue }
        let other = distances[row &* columns &+ column]
        if other < least { least = min(least, other + 1) }
      }
      distances[index] = least
    }
    for row in 0..<rows {
      for column in 0..<columns where distances[row &* columns &+ column] != 0 {
        near(row, column, [(-1, -1), (-1, 0), (-1, 1), (0, -1)])
      }
    }
    for row in (0..<rows).reversed() {
      for column in (0..<columns).reversed() where distances[row &* columns &+ column] != 0 {
        near(row, column, [(1, 1), (1, 0), (1, -1), (0, 1)])
      }
    }
  }

  /// The depth at a place of the picture, in pixels, interpolated bilinearly.
  func depth(row: Float, column: Float) -> Float {
    let (above, below, down) = Self.neighbors(row, count: rows)
    let (left, right, across) = Self.neighbors(column, count: columns)
    func at(_ row: Int, _ column: Int) -> Float { Float(distances[row &* columns &+ column]) }
    let top = at(above, left) * (1 - across) + at(above, right) * across
    let bottom = at(below, left) * (1 - across) + at(below, right) * across
    return (top * (1 - down) + bottom * down) * Float(Self.cell)
  }

  private static func neighbors(
    _ place: Float, count: Int
  ) -> (before: Int, after: Int, share: Float) {
    let position = max((place + 0.5) / Float(cell) - 0.5, 0)
    let before = min(Int(position), count - 1)
    return (before, min(before + 1, count - 1), position - Float(before))
  }

  /// The holes deeper than the reach, from the top left.
  func deepHoles() -> [Hole] {
    var isVisited = [Bool](repeating: false, count: distances.count)
    var holes: [Hole] = []
    func isPart(_ index: Int) -> Bool { Int(distances[index]) * Self.cell * 2 > Self.reach }
    for start in distances.indices where isPart(start) && !isVisited[start] {
      var (top, bottom, left, right) = (rows, 0, columns, 0)
      var deepest = 0
      var open = [start]
      isVisited[start] = true
      while let index = open.popLast() {
        let (row, column) = (index / columns, index % columns)
        (top, bottom) = (min(top, row), max(bottom, row + 1))
        (left, right) = (min(left, column), max(right, column + 1))
        deepest = max(deepest, Int(distances[index]) * Self.cell)
        for row in max(0, row - 1)...min(rows - 1, row + 1) {
          for column in max(0, column - 1)...min(columns - 1, column + 1) {
            let other = row &* columns &+ column
            if isPart(other) && !isVisited[other] {
              isVisited[other] = true
              open.append(other)
            }
          }
        }
      }
      guard deepest > Self.reach else { continue }
      var halvings = 1
      while deepest >> halvings > Self.reach { halvings += 1 }
      let region = Region(
        rows: top * Self.cell..<bottom * Self.cell, columns: left * Self.cell..<right * Self.cell)
      holes.append(Hole(region: region, halvings: halvings))
    }
    return holes
  }
}
