import Pictures

/// Fills hidden pixels from the seen ones around them: push and pull through a pyramid (Gortler,
/// Grzeszczuk, Szeliski and Cohen 1996, section 3.4), smoothed on the way down.
///
/// Push: a cell of 2^l x 2^l pixels, l = 1...5, has the mean of the seen pixels in it. Pull: a cell
/// without any, and in the end a pixel, is interpolated bilinearly between those of the four
/// nearest cells of the next level that have a value. On the three finest levels two sweeps of
/// Gauss-Seidel relaxation towards the harmonic function follow, in which every second filled
/// cell, as on a chessboard, becomes the mean of its neighbors (red and black in turn: Briggs,
/// Henson and McCormick 2000, chapter 2). What no level knows becomes 0.5.
package enum HoleFilling {
  /// The side of the largest cells, in pixels. Cells begin at multiples of their sides.
  package static let alignment = 32
  /// How far beyond its own largest cell a pixel's value can depend, in pixels: on the largest
  /// cells beside, after relaxation by four cells on each of three levels. A part of a picture that
  /// begins at a multiple of `alignment` is filled with equal bits, except for the `halo` outermost
  /// pixels at edges that are not the picture's.
  package static let halo = 96

  private static let levels = 5
  /// Levels that are smoothed, the pixels' own the first.
  private static let smoothedLevels = 3
  private static let sweeps = 2

  /// The part of a side of `extent` pixels that has to be there for the values in `range` to be
  /// what they are in the whole picture.
  package static func window(_ range: Range<Int>, extent: Int) -> Range<Int> {
    let lower = range.lowerBound / alignment * alignment - halo
    let upper = (range.upperBound + alignment - 1) / alignment * alignment + halo
    return max(0, lower)..<min(extent, upper)
  }

  /// - Parameters:
  ///   - picture: `[C, H, W]`; values at hidden pixels do not count.
  ///   - seen: `[H, W]`: 0 where the pixel is hidden.
  /// - Precondition: the counts fit the extents.
  package static func fill(
    _ picture: inout [Float], seen: [Float], channels: Int, height: Int, width: Int
  ) {
    precondition(picture.count == channels * height * width && seen.count == height * width)
    let region = Region(height: height, width: width)
    var seen = seen
    picture.withMutablePlanes(channels: channels, region) { picture in
      seen.withMutablePlanes(channels: 1, region) { fill(picture, seen: $0) }
    }
  }

  /// As above, in memory of the caller's. What is seen is read only.
  package static func fill(_ picture: MutablePlaneView, seen: MutablePlaneView) {
    precondition(picture.region == seen.region, "a plane that says what is seen")
    guard seen.numbers.contains(0) else { return }
    let (channels, region) = (picture.channels, picture.region)
    let (height, width) = (region.height, region.width)
    var pyramid: [Level] = []
    var (rows, columns, offset) = (height, width, height * width)
    for _ in 0..<levels {
      (rows, columns) = ((rows + 1) / 2, (columns + 1) / 2)
      pyramid.append(Level(height: rows, width: columns, offset: offset))
      offset += (channels + 2) * rows * columns
    }
    MutablePlaneView.withTemporary(height: 1, width: offset) { memory in
      let known = MutablePlaneView(
        UnsafeMutableBufferPointer(rebasing: memory.numbers[..<region.area]), channels: 1,
        region: region)
      let pixels = Cells(weights: seen, known: known, values: picture)
      let cells = [pixels] + pyramid.map { $0.cells(memory, channels: channels) }
      for (fine, coarse) in zip(cells, cells.dropFirst()) { push(fine, to: coarse) }
      let last = cells[levels]
      for cell in 0..<last.count where last.weights[cell] > 0 { last.settle(cell) }
      for level in (0..<levels).reversed() {
        pull(cells[level + 1], to: cells[level])
        if level < smoothedLevels {
          for _ in 0..<sweeps { cells[level].relax() }
        }
      }
      for pixel in 0..<pixels.count where pixels.known[pixel] == 0 {
        for channel in 0..<channels { picture[channel &* pixels.count &+ pixel] = 0.5 }
      }
    }
  }

  private static func push(_ source: Cells, to target: Cells) {
    for y in 0..<source.height {
      for x in 0..<source.width where source.weights[y &* source.width &+ x] > 0 {
        let (from, to) = (y &* source.width &+ x, (y >> 1) &* target.width &+ x >> 1)
        target.weights[to] += source.weights[from]
        for channel in 0..<source.channels {
          target.values[channel &* target.count &+ to] +=
            source.values[channel &* source.count &+ from]
        }
      }
    }
  }

  private static func pull(_ coarse: Cells, to fine: Cells) {
    for y in 0..<fine.height {
      for x in 0..<fine.width {
        let cell = y &* fine.width &+ x
        if fine.weights[cell] > 0 {
          fine.settle(cell)
        } else if coarse.interpolate(x: x, y: y, to: fine, cell) {
          fine.known[cell] = 1
        }
      }
    }
  }
}

/// Where a level of the pyramid stands in memory.
private struct Level {
  let height: Int
  let width: Int
  let offset: Int

  func cells(_ memory: MutablePlaneView, channels: Int) -> Cells {
    let planes = MutablePlaneView(
      UnsafeMutableBufferPointer(
        rebasing: memory.numbers[offset..<offset + (channels + 2) * height * width]),
      channels: channels + 2, region: Region(height: height, width: width))
    return Cells(
      weights: planes.plane(0), known: planes.plane(1), values: planes.planes(2..<channels + 2))
  }
}

/// The cells of one level, or the pixels themselves.
private struct Cells {
  /// `[H, W]`: how many seen pixels a cell has.
  let weights: MutablePlaneView
  /// `[H, W]`: 1 where a cell has a value.
  let known: MutablePlaneView
  /// `[C, H, W]`: first the sums of the seen pixels, then the cells' values.
  let values: MutablePlaneView

  var channels: Int { values.channels }
  var height: Int { values.region.height }
  var width: Int { values.region.width }

  var count: Int { height &* width }

  /// Makes the mean of the sum.
  func settle(_ cell: Int) {
    known[cell] = 1
    for index in stride(from: cell, to: channels &* count, by: count) {
      values[index] /= weights[cell]
    }
  }

  /// Every cell that was filled, and not seen, becomes the mean of its known neighbors: first
  /// those whose row and column sum to an even number, then the others.
  func relax() {
    for color in 0..<2 {
      for y in 0..<height {
        for x in stride(from: (y &+ color) & 1, to: width, by: 2) {
          let cell = y &* width &+ x
          guard weights[cell] == 0 && known[cell] > 0 else { continue }
          let above = y > 0 ? known[cell &- width] : 0
          let below = y &+ 1 < height ? known[cell &+ width] : 0
          let left = x > 0 ? known[cell &- 1] : 0
          let right = x &+ 1 < width ? known[cell &+ 1] : 0
          let sum = (above + below) + (left + right)
          guard sum > 0 else { continue }
          for channel in 0..<channels {
            let place = channel &* count &+ cell
            var total: Float = 0
            if above > 0 { total += values[place &- width] }
            if below > 0 { total += values[place &+ width] }
            if left > 0 { total += values[place &- 1] }
            if right > 0 { total += values[place &+ 1] }
            values[place] = total / sum
          }
        }
      }
    }
  }

  /// Gives a cell of the next finer level, at the place x, y, its value; false where none of the four
  /// cells around it has one.
  func interpolate(x: Int, y: Int, to fine: Cells, _ cell: Int) -> Bool {
    let (column, row) = (x >> 1, y >> 1)
    let (besideColumn, besideRow) = (column &- 1 &+ 2 &* (x & 1), row &- 1 &+ 2 &* (y & 1))
    let hasColumn = besideColumn >= 0 && besideColumn < width
    let hasRow = besideRow >= 0 && besideRow < height
    let near = row &* width
    let far = (hasRow ? besideRow : row) &* width
    let beside = hasColumn ? besideColumn : column
    let (a, b, c, d) = (near &+ column, near &+ beside, far &+ column, far &+ beside)
    let wa = 0.5625 * known[a]
    let wb = hasColumn ? 0.1875 * known[b] : 0
    let wc = hasRow ? 0.1875 * known[c] : 0
    let wd = hasColumn && hasRow ? 0.0625 * known[d] : 0
    let sum = (wa + wb) + (wc + wd)
    guard sum > 0 else { return false }
    for channel in 0..<channels {
      let plane = channel &* count
      fine.values[channel &* fine.count &+ cell] =
        ((wa * values[plane &+ a] + wb * values[plane &+ b])
          + (wc * values[plane &+ c] + wd * values[plane &+ d])) / sum
    }
    return true
  }
}
