import Pictures
import VAE

/// In how many ways a picture is turned and mirrored before the mean is taken of what comes of it:
/// the geometric self-ensemble of Lim et al. (2017), Enhanced Deep Residual Networks for Single Image
/// Super-Resolution, section 4.3.
public enum SelfEnsemble: Int, CaseIterable, Sendable {
  /// As it is, and a quarter turn.
  case two = 2
  /// All quarter turns.
  case four = 4
  /// All quarter turns, mirrored and not.
  case eight = 8

  var symmetries: ArraySlice<TileSymmetry> { TileSymmetry.all.prefix(rawValue) }
}

/// One of the eight ways to turn and mirror a tile: rows and columns exchanged or not, then rows
/// and columns reversed or not.
struct TileSymmetry: Hashable, Sendable {
  let isTransposed: Bool
  let reversesRows: Bool
  let reversesColumns: Bool

  /// The quarter turns, clockwise, from the picture as it is on, then the same mirrored.
  static let all = [false, true].flatMap { isMirrored in
    (0..<4).map { quarters in
      TileSymmetry(
        isTransposed: !quarters.isMultiple(of: 2),
        reversesRows: (quarters >= 2) != isMirrored,
        reversesColumns: quarters == 1 || quarters == 2)
    }
  }

  func apply(to window: RestorationWindow) -> RestorationWindow {
    var margins = window.margins
    if isTransposed {
      (margins.top, margins.left) = (margins.left, margins.top)
      (margins.bottom, margins.right) = (margins.right, margins.bottom)
    }
    if reversesRows { (margins.top, margins.bottom) = (margins.bottom, margins.top) }
    if reversesColumns { (margins.left, margins.right) = (margins.right, margins.left) }
    return RestorationWindow(
      height: isTransposed ? window.width : window.height,
      width: isTransposed ? window.height : window.width, margins: margins)
  }

  /// Turns `[planes, height, width]`.
  func apply(
    to source: UnsafeBufferPointer<Float>, planes: Int, height: Int, width: Int,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    let steps = steps(
      height: isTransposed ? width : height, width: isTransposed ? height : width)
    var next = 0
    for plane in 0..<planes {
      for row in 0..<steps.height {
        var place = plane &* height &* width &+ steps.origin &+ row &* steps.row
        for _ in 0..<steps.width {
          target[next] = source[place]
          next &+= 1
          place &+= steps.column
        }
      }
    }
  }

  /// Adds a region of turned planes, `[planes, h, w]`, to a sum of planes that are not turned.
  ///
  /// - Parameters:
  ///   - height: of a whole turned plane.
  ///   - width: of a whole turned plane.
  func addBack(
    _ turned: UnsafeBufferPointer<Float>, planes: Int, _ region: Region, height: Int, width: Int,
    weight: Float, to sum: inout [Float]
  ) {
    let steps = steps(height: height, width: width)
    let first = steps.origin &+ region.top &* steps.row &+ region.left &* steps.column
    sum.withUnsafeMutableBufferPointer { sum in
      var next = 0
      for plane in 0..<planes {
        for row in 0..<region.height {
          var place = plane &* height &* width &+ first &+ row &* steps.row
          for _ in 0..<region.width {
            sum[place] += weight * turned[next]
            next &+= 1
            place &+= steps.column
          }
        }
      }
    }
  }

  /// Where a region of a turned plane lies in the plane as it was.
  ///
  /// - Parameters:
  ///   - height: of the turned plane.
  ///   - width: of the turned plane.
  func source(of region: Region, height: Int, width: Int) -> Region {
    func placed(_ range: Range<Int>, _ count: Int, _ isReversed: Bool) -> Range<Int> {
      isReversed ? count - range.upperBound..<count - range.lowerBound : range
    }
    let rows = placed(region.rows, height, reversesRows)
    let columns = placed(region.columns, width, reversesColumns)
    return isTransposed
      ? Region(rows: columns, columns: rows) : Region(rows: rows, columns: columns)
  }

  /// Where the pixels of a turned plane stand in the plane as it was.
  ///
  /// - Parameters:
  ///   - height: of the turned plane.
  ///   - width: of the turned plane.
  private func steps(
    height: Int, width: Int
  ) -> (height: Int, width: Int, origin: Int, row: Int, column: Int) {
    var row = isTransposed ? 1 : width
    var column = isTransposed ? height : 1
    var origin = 0
    if reversesRows {
      origin += (height - 1) * row
      row = -row
    }
    if reversesColumns {
      origin += (width - 1) * column
      column = -column
    }
    return (height, width, origin, row, column)
  }
}
