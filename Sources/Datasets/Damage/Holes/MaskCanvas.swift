import Pictures
import Platform
import Tensors

/// Hides pixels of a crop.
struct MaskCanvas {
  /// `[H, W]`: 1 seen, 0 hidden.
  let seen: MutablePlaneView

  private var height: Int { seen.region.height }
  private var width: Int { seen.region.width }

  /// Hides every pixel with a probability.
  func hidePixels(share: Float, using random: inout RandomSource) {
    for pixel in 0..<height * width where random.nextUniform() < share { seen[pixel] = 0 }
  }

  /// Hides one to six strokes of 1...8 pixels' breadth: random walks, from straight scratches to
  /// scribbles.
  func hideStrokes(using random: inout RandomSource) {
    for _ in 0..<random.next(in: 1...6) {
      let breadth = random.next(in: 1...8)
      let length = random.next(in: 12...2 * max(12, min(width, height)))
      let bend = random.next(in: 0...0.3)
      var x = random.nextUniform() * Float(width)
      var y = random.nextUniform() * Float(height)
      var direction = random.next(in: 0...2 * Float.pi)
      for _ in 0..<length {
        stamp(x, y, breadth: breadth)
        // The sum of two uniform numbers is bell-shaped enough, and two words a step.
        direction += bend * (random.nextUniform() + random.nextUniform() - 1)
        x += cosf(direction)
        y += sinf(direction)
      }
    }
  }

  /// Hides lines of glyph-like marks of one size, 1...3 pixels thin.
  func hideText(using random: inout RandomSource) {
    let breadth = random.next(in: 1...3)
    let unit = random.next(in: 1.0...1.0 + Float(breadth))
    let slope = random.nextWord() & 3 == 0 ? random.next(in: -0.3...0.3) : 0
    let advance = StrokeGlyphs.width * unit + Float(breadth) + random.next(in: 1...3)
    let leading = (StrokeGlyphs.height * unit + Float(breadth)) * random.next(in: 1.2...2.2)
    let rise = abs(slope) * Float(width)
    var top = -random.nextUniform() * leading - (slope > 0 ? rise : 0)
    while top < Float(height) + (slope < 0 ? rise : 0) {
      var left = -random.nextUniform() * advance
      while left < Float(width) {
        let glyph = random.nextIndex(below: StrokeGlyphs.all.count + StrokeGlyphs.blanks)
        if glyph < StrokeGlyphs.all.count {
          for part in StrokeGlyphs.all[glyph] {
            let (x0, x1) = (left + part.x * unit, left + part.z * unit)
            line(
              x0, top + part.y * unit + slope * x0, x1, top + part.w * unit + slope * x1,
              breadth: breadth)
          }
        }
        left += advance
      }
      top += leading
    }
  }

  /// Hides one or two boxes with sides of 8...40 pixels, at most 5/8 of the crop's.
  func hideBoxes(using random: inout RandomSource) {
    for _ in 0..<random.next(in: 1...2) {
      let boxWidth = Self.extent(of: width, using: &random)
      let boxHeight = Self.extent(of: height, using: &random)
      let left = random.nextIndex(below: width) - boxWidth / 2
      let top = random.nextIndex(below: height) - boxHeight / 2
      hide(x: left..<left + boxWidth, y: top..<top + boxHeight)
    }
  }

  private static func extent(of side: Int, using random: inout RandomSource) -> Int {
    let largest = max(1, min(40, side * 5 / 8))
    return random.next(in: min(8, largest)...largest)
  }

  /// Hides one to three sides, 8...32 pixels deep, at most 3/8 of the crop's extent.
  func hideBorders(using random: inout RandomSource) {
    let count = random.next(in: 1...3)
    let first = random.nextIndex(below: 4)
    for side in first..<first + count {
      let extent = side & 1 == 0 ? width : height
      let largest = max(1, min(32, extent * 3 / 8))
      let depth = random.next(in: min(8, largest)...largest)
      switch side & 3 {
      case 0: hide(x: 0..<depth, y: 0..<height)
      case 1: hide(x: 0..<width, y: 0..<depth)
      case 2: hide(x: width - depth..<width, y: 0..<height)
      default: hide(x: 0..<width, y: height - depth..<height)
      }
    }
  }

  /// Shows a pixel where all are hidden.
  func showOne(using random: inout RandomSource) {
    if !seen.numbers.contains(1) { seen[random.nextIndex(below: seen.count)] = 1 }
  }

  private func hide(x: Range<Int>, y: Range<Int>) {
    let columns = x.clamped(to: 0..<width)
    for row in y.clamped(to: 0..<height) {
      for column in columns { seen[row * width + column] = 0 }
    }
  }

  /// Hides a dot: a square up to three pixels' breadth, a disc beyond.
  private func stamp(_ x: Float, _ y: Float, breadth: Int) {
    let half = Float(breadth) / 2
    let left = Int((x - half).rounded())
    let top = Int((y - half).rounded())
    for row in (top..<top + breadth).clamped(to: 0..<height) {
      for column in (left..<left + breadth).clamped(to: 0..<width) {
        if breadth > 3 {
          let (dx, dy) = (Float(column - left) + 0.5 - half, Float(row - top) + 0.5 - half)
          if dx * dx + dy * dy > half * half { continue }
        }
        seen[row * width + column] = 0
      }
    }
  }

  private func line(_ x0: Float, _ y0: Float, _ x1: Float, _ y1: Float, breadth: Int) {
    let steps = max(1, Int(max(abs(x1 - x0), abs(y1 - y0)).rounded(.up)))
    for step in 0...steps {
      let share = Float(step) / Float(steps)
      stamp(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, breadth: breadth)
    }
  }
}
