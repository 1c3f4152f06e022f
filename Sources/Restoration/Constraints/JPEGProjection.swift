import ImageCodecs
import Pictures
import Platform
import Tensors

/// Brings restored pictures back to what their JPEG files allow: every DCT coefficient within half a
/// step of quantization from the one in the file, where the picture that was coded had it (the
/// projection onto the quantization constraint set, Zakhor 1992).
///
/// Each row of coded units is projected on its own. Where a sample of chroma is the mean of several
/// pixels, all of them are moved by what their mean lacks.
struct JPEGProjection {
  private let coefficients: JPEGCoefficients
  private let orientation: Orientation

  /// - Returns: nil for a picture that comes from no JPEG file, or one whose coefficients do not tell of
  ///   its colors.
  init?(_ picture: Picture) {
    guard let file = picture.metadata.jpegFile, let coefficients = file.coefficients(),
      coefficients.components.count == picture.channels
    else { return nil }
    self.coefficients = coefficients
    orientation = file.orientation
  }

  /// - Parameters:
  ///   - picture: a restored one, of the extents of the file's.
  ///   - depth: bits per sample of the result; nil to keep numbers.
  func callAsFunction(_ picture: Picture, depth: Int?) -> Picture {
    let canvas = PictureCanvas(
      channels: picture.channels, height: picture.height, width: picture.width, depth: depth)
    let swaps = orientation.swapsAxes
    let (width, height) =
      swaps ? (picture.height, picture.width) : (picture.width, picture.height)
    let lines = 8 * (coefficients.components.map(\.vertical).max() ?? 1)
    for (unit, top) in stride(from: 0, to: height, by: lines).enumerated() {
      let stored = Region(rows: top..<min(top + lines, height), columns: 0..<width)
      let shown = displayed(stored, width: width, height: height)
      var numbers = [Float](repeating: 0, count: picture.channels * shown.area)
      numbers.withMutablePlanes(channels: picture.channels, shown) { numbers in
        picture.read(into: numbers)
        let places = places(of: stored, in: shown, width: width, height: height)
        project(numbers, places, stored, unit: unit)
        canvas.insert(numbers.readOnly)
      }
    }
    return canvas.picture
  }

  private func displayed(_ stored: Region, width: Int, height: Int) -> Region {
    let corners = [stored.rows.lowerBound, stored.rows.upperBound - 1].flatMap { row in
      [0, width - 1].map {
        orientation.displayed(row: row, column: $0, width: width, height: height)
      }
    }
    let (rows, columns) = (corners.map(\.row), corners.map(\.column))
    return Region(
      rows: rows.reduce(Int.max, min)..<rows.reduce(0, max) + 1,
      columns: columns.reduce(Int.max, min)..<columns.reduce(0, max) + 1)
  }

  /// For every pixel of a stored region where it stands in the displayed one.
  private func places(
    of stored: Region, in shown: Region, width: Int, height: Int
  ) -> [Int] {
    stored.rows.flatMap { row in
      stored.columns.map { column in
        let place = orientation.displayed(row: row, column: column, width: width, height: height)
        return shown.offset(row: place.row, column: place.column)
      }
    }
  }

  /// - Parameters:
  ///   - numbers: `[C, area]`, on the scale 0...1.
  ///   - places: of the stored pixels in a channel.
  ///   - unit: the row of coded units.
  private func project(
    _ numbers: MutablePlaneView, _ places: [Int], _ stored: Region, unit: Int
  ) {
    let area = numbers.region.area
    for (index, component) in coefficients.components.enumerated() {
      let weights = weights(index)
      let levels = places.map { place in
        var sum = weights.middle
        for (channel, weight) in weights.analysis.enumerated() {
          sum += 255 * weight * numbers[channel * area + place]
        }
        return sum
      }
      var plane = SampledPlane(
        levels, width: stored.width, horizontal: component.horizontal, vertical: component.vertical)
      let count = (coefficients.components.map(\.vertical).max() ?? 1) / component.vertical
      for line in 0..<count where unit * count + line < component.blocksDown {
        plane.project(
          line: line, onto: coefficients.blocks(component: index, row: unit * count + line),
          steps: component.steps)
      }
      for (pixel, place) in places.enumerated() {
        let change = (plane.levels[pixel] - levels[pixel]) / 255
        if change == 0 { continue }
        for (channel, weight) in weights.synthesis.enumerated() {
          numbers[channel * area + place] += weight * change
        }
      }
    }
  }

  /// How a component comes of the channels, on the scale 0...255 around what blocks have in the middle,
  /// and what a change of it does to them (ITU-T T.871).
  private func weights(
    _ component: Int
  ) -> (analysis: [Float], middle: Float, synthesis: [Float]) {
    guard coefficients.isOpponent else {
      let unit = coefficients.components.indices.map { $0 == component ? 1 : 0 as Float }
      return (unit, -128, unit)
    }
    switch component {
    case 0: return ([0.299, 0.587, 0.114], -128, [1, 1, 1])
    case 1: return ([-0.168_736, -0.331_264, 0.5], 0, [0, -0.344_136, 1.772])
    default: return ([0.5, -0.418_688, -0.081_312], 0, [1.402, -0.714_136, 0])
    }
  }
}

/// A component of a row of coded units, pixel by pixel, whose samples are means of pixels.
private struct SampledPlane {
  /// Row by row.
  private(set) var levels: [Float]
  private let width: Int
  private let height: Int
  private let horizontal: Int
  private let vertical: Int
  private let transform = BlockTransform()

  init(_ levels: [Float], width: Int, horizontal: Int, vertical: Int) {
    self.levels = levels
    self.width = width
    height = levels.count / max(width, 1)
    self.horizontal = horizontal
    self.vertical = vertical
  }

  /// - Parameters:
  ///   - line: of blocks, from the top.
  ///   - values: the file's, 64 a block.
  ///   - steps: of quantization.
  mutating func project(line: Int, onto values: [Int16], steps: [Float]) {
    for block in 0..<values.count / 64 {
      let found = transform.coefficients(of: block8x8(line, block))
      var changes = BlockTransform.Block(repeating: .zero, count: 8)
      var isWithin = true
      for row in 0..<8 {
        for column in 0..<8 {
          let place = 8 * row + column
          let (center, step) = (Float(values[64 * block + place]), steps[place])
          let value = found[row][column]
          let nearest = min(max(value, (center - 0.5) * step), (center + 0.5) * step)
          if nearest != value {
            changes[row][column] = nearest - value
            isWithin = false
          }
        }
      }
      if !isWithin { add(transform.samples(of: changes), line, block) }
    }
  }

  /// The means of a block; beyond the picture's edge the last pixels are repeated.
  private func block8x8(_ line: Int, _ block: Int) -> BlockTransform.Block {
    let share = 1 / Float(horizontal * vertical)
    return (0..<8).map { row in
      var samples = SIMD8<Float>.zero
      for y in 0..<vertical {
        let start = min((8 * line + row) * vertical + y, height - 1) * width
        for column in 0..<8 {
          for x in 0..<horizontal {
            samples[column] += levels[start + min((8 * block + column) * horizontal + x, width - 1)]
          }
        }
      }
      return samples * share
    }
  }

  private mutating func add(_ changes: BlockTransform.Block, _ line: Int, _ block: Int) {
    let top = 8 * line * vertical
    let left = 8 * block * horizontal
    for row in top..<max(top, min(top + 8 * vertical, height)) {
      for column in left..<max(left, min(left + 8 * horizontal, width)) {
        levels[row * width + column] +=
          changes[(row - top) / vertical][(column - left) / horizontal]
      }
    }
  }
}

/// The orthonormal DCT-II of 8 x 8 samples, and its inverse.
private struct BlockTransform {
  /// Eight rows.
  typealias Block = [SIMD8<Float>]

  /// The basis functions by frequency, and the same by place.
  private let basis: Block
  private let transposed: Block

  init() {
    var (basis, transposed) = (Self.zeros, Self.zeros)
    for frequency in 0..<8 {
      let scale = (frequency == 0 ? 1 / 8 : 1 / 4 as Float).squareRoot()
      for place in 0..<8 {
        let angle = Float((2 * place + 1) * frequency) * Float.pi / 16
        basis[frequency][place] = scale * cosf(angle)
        transposed[place][frequency] = basis[frequency][place]
      }
    }
    (self.basis, self.transposed) = (basis, transposed)
  }

  private static let zeros = Block(repeating: .zero, count: 8)

  func coefficients(of samples: Block) -> Block { product(basis, samples, transposed) }

  func samples(of coefficients: Block) -> Block { product(transposed, coefficients, basis) }

  /// The product of three matrices.
  private func product(_ left: Block, _ middle: Block, _ right: Block) -> Block {
    left.map { weights in
      var row = SIMD8<Float>.zero
      for index in 0..<8 { row += weights[index] * middle[index] }
      var result = SIMD8<Float>.zero
      for index in 0..<8 { result += row[index] * right[index] }
      return result
    }
  }
}
