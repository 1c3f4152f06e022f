import Pictures
import Platform
import Tensors

/// Pieces that sets of photographs lack, drawn over a crop: flat areas, lettering, line art,
/// screenshots, halftone, bars and frames.
extension DamageCanvas {
  /// Draws over the clean crop.
  func draw(using random: inout RandomSource) {
    switch random.nextIndex(below: 11) {
    case 0: paint(color(using: &random)) { _, _ in 1 }
    case 1: drawGradient(using: &random)
    case 2: drawBars(using: &random)
    case 3: drawHalftone(using: &random)
    case 4, 5:
      paint(paper(using: &random)) { _, _ in 1 }
      drawMarks(using: &random) { mask, random in mask.hideText(using: &random) }
    case 6:
      paint(paper(using: &random)) { _, _ in 1 }
      drawMarks(using: &random) { mask, random in mask.hideStrokes(using: &random) }
    case 7: drawPanels(using: &random)
    case 8: drawPattern(using: &random)
    default: drawShapes(using: &random)
    }
    // Files hold 256 levels.
    for index in 0..<count { clean[index] = Self.rounded(clean[index]) }
  }

  /// Mixes a color into the crop.
  ///
  /// - Parameter share: of the color at a row and column, 0...1.
  private func paint(_ color: [Float], share: (Int, Int) -> Float) {
    for y in 0..<height {
      for x in 0..<width {
        let share = share(y, x)
        if share <= 0 { continue }
        for plane in 0..<planes {
          let index = plane * pixels + y * width + x
          clean[index] += share * (color[plane] - clean[index])
        }
      }
    }
  }

  /// Any color, black and white more often.
  private func color(using random: inout RandomSource) -> [Float] {
    let kind = random.nextUniform()
    let level: Float = kind < 0.2 ? 0 : kind < 0.4 ? 1 : random.nextUniform()
    let isGray = kind < 0.6
    return (0..<planes).map { _ in isGray ? level : random.nextUniform() }
  }

  /// Mostly a light color.
  private func paper(using random: inout RandomSource) -> [Float] {
    if random.nextUniform() < 0.3 { return color(using: &random) }
    let level = random.next(in: 0.75...1)
    return (0..<planes).map { _ in min(1, level + random.next(in: -0.08...0.08)) }
  }

  private func drawGradient(using random: inout RandomSource) {
    paint(color(using: &random)) { _, _ in 1 }
    let angle = random.next(in: 0...2 * Float.pi)
    let (dx, dy) = (cosf(angle) / Float(width), sinf(angle) / Float(height))
    let steepness = random.next(in: 0.1...1)
    paint(color(using: &random)) { y, x in
      let place = (Float(x) - Float(width) / 2) * dx + (Float(y) - Float(height) / 2) * dy
      return min(max(0.5 + steepness * place, 0), 1)
    }
  }

  /// Letterbox bars or a frame over what is there.
  private func drawBars(using random: inout RandomSource) {
    let depth = random.next(in: 2...max(3, min(width, height) / 2))
    let sides = random.next(in: 1...15)
    paint(color(using: &random)) { y, x in
      let isInside =
        (sides & 1 == 0 || y >= depth) && (sides & 2 == 0 || x >= depth)
        && (sides & 4 == 0 || y < height - depth) && (sides & 8 == 0 || x < width - depth)
      return isInside ? 0 : 1
    }
  }

  /// Dots on a turned grid, whose size goes with the crop's luma.
  private func drawHalftone(using random: inout RandomSource) {
    let pitch = random.next(in: 3...9)
    let angle = random.next(in: 0...Float.pi / 2)
    let (c, s) = (cosf(angle) / Float(pitch), sinf(angle) / Float(pitch))
    let ink =
      random.nextUniform() < 0.6 ? [Float](repeating: 0, count: planes) : color(using: &random)
    let paper = paper(using: &random)
    let softness = random.next(in: 0.05...0.3)
    let tone = (0..<pixels).map { pixel in
      (0..<planes).reduce(Float(0)) { $0 + clean[$1 * pixels + pixel] } / Float(planes)
    }
    paint(paper) { _, _ in 1 }
    paint(ink) { y, x in
      let (u, v) = (Float(x) * c + Float(y) * s, Float(y) * c - Float(x) * s)
      let (a, b) = (u - u.rounded(), v - v.rounded())
      let radius = ((1 - tone[y * width + x]) / Float.pi).squareRoot()
      return min(max((radius - (a * a + b * b).squareRoot()) / softness + 0.5, 0), 1)
    }
  }

  /// Two colors in turn, as squares, stripes, or an ordered dither of what is there.
  private func drawPattern(using random: inout RandomSource) {
    let (first, second) = (color(using: &random), color(using: &random))
    let period = random.next(in: 1...4)
    let kind = random.nextIndex(below: 3)
    let order: [Float] = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
    let tone = Array(clean.plane(0).numbers)
    paint(first) { _, _ in 1 }
    paint(second) { y, x in
      switch kind {
      case 0: Float((x / period + y / period) & 1)
      case 1: Float(x / period & 1)
      default: tone[y * width + x] * 16 > order[(y & 3) * 4 + (x & 3)] + 0.5 ? 1 : 0
      }
    }
  }

  /// Overlapping ellipses of plain colors, with outlines, as in a comic or a logo.
  private func drawShapes(using random: inout RandomSource) {
    paint(color(using: &random)) { _, _ in 1 }
    let ink =
      random.nextUniform() < 0.7 ? [Float](repeating: 0, count: planes) : color(using: &random)
    let breadth = random.next(in: 0...4)
    for _ in 0..<random.next(in: 1...7) {
      let (cx, cy) = (
        random.nextUniform() * Float(width), random.nextUniform() * Float(height)
      )
      let (rx, ry) = (random.next(in: 4.0...40.0), random.next(in: 4.0...40.0))
      let smaller = min(rx, ry)
      /// How far outside the ellipse a place lies, in pixels, nearly.
      func distance(_ y: Int, _ x: Int) -> Float {
        let (u, v) = ((Float(x) - cx) / rx, (Float(y) - cy) / ry)
        return ((u * u + v * v).squareRoot() - 1) * smaller
      }
      paint(color(using: &random)) { y, x in min(max(0.5 - distance(y, x), 0), 1) }
      if breadth > 0 {
        paint(ink) { y, x in
          min(max(Float(breadth) / 2 + 0.5 - abs(distance(y, x)), 0), 1)
        }
      }
    }
  }

  /// Marks of a mask in a color, sharp or with soft edges.
  private func drawMarks(
    using random: inout RandomSource, _ draw: (MaskCanvas, inout RandomSource) -> Void
  ) {
    var marks = [Float](repeating: 1, count: pixels)
    marks.withMutablePlanes(channels: 1, clean.region) { marks in
      draw(MaskCanvas(seen: marks), &random)
      if random.nextUniform() < 0.6 {
        PlaneFilter.blur(marks, deviation: random.next(in: 0.3...0.8))
      }
    }
    let ink =
      random.nextUniform() < 0.6 ? [Float](repeating: 0, count: planes) : color(using: &random)
    paint(ink) { y, x in 1 - marks[y * width + x] }
  }

  /// Panels with thin borders and lines of lettering, as on a screen.
  private func drawPanels(using random: inout RandomSource) {
    paint(paper(using: &random)) { _, _ in 1 }
    for _ in 0..<random.next(in: 1...4) {
      let (panelWidth, panelHeight) = (random.next(in: 8...width), random.next(in: 6...height))
      let left = random.nextIndex(below: width) - panelWidth / 2
      let top = random.nextIndex(below: height) - panelHeight / 2
      let (fill, border) = (color(using: &random), color(using: &random))
      paint(fill) { y, x in
        (top..<top + panelHeight).contains(y) && (left..<left + panelWidth).contains(x) ? 1 : 0
      }
      paint(border) { y, x in
        let isRow = (y == top || y == top + panelHeight - 1) && x >= left && x < left + panelWidth
        let isColumn =
          (x == left || x == left + panelWidth - 1) && y >= top && y < top + panelHeight
        return isRow || isColumn ? 1 : 0
      }
    }
    if random.nextUniform() < 0.7 {
      drawMarks(using: &random) { mask, random in mask.hideText(using: &random) }
    }
  }
}
