import Tensors

/// Which pixels of a picture are hidden, and how much of what is made for each shows in the result.
public struct PictureMask: Hashable, Sendable {
  /// `[1, H, W]`: 0 for a pixel that is seen; for a hidden one the share of what is made for it, up to 1.
  /// The rest is the pixel as it was, so that soft edges blend.
  public private(set) var weights: Tensor
  /// The highest level of the mask, in [0, 1], whatever the threshold is.
  package let highestLevel: Float

  /// The level from which on nothing of the pixel as it was shows: what is nearly white is meant to be.
  private static let full: Float = 0.9

  /// - Parameters:
  ///   - levels: `[1, H, W]` in [0, 1], 1 for a hidden pixel.
  ///   - threshold: the level from which on a pixel is hidden, above 0.
  ///   - growth: by how many pixels what is hidden is widened, in all directions.
  ///   - isHard: whether a hidden pixel is hidden altogether: what looks soft in a lossy file is its loss.
  public init(levels: Tensor, threshold: Float, growth: Int = 0, isHard: Bool = false) {
    var highest: Float = 0
    let elements = levels.elements.map { level -> Float in
      highest = max(highest, level)
      return level < threshold ? 0 : isHard ? 1 : min(level / Self.full, 1)
    }
    highestLevel = highest
    weights = Tensor(levels.shape, elements)
    if growth > 0 { grow(by: growth) }
  }

  /// How many pixels are hidden.
  public var hiddenCount: Int { weights.elements.count { $0 > 0 } }

  /// How many pixels there are.
  public var count: Int { weights.elements.count }

  /// Gives every pixel the largest weight within a disc: a row's largest numbers over ever wider windows
  /// go to the rows above and below where the disc is so wide.
  private mutating func grow(by radius: Int) {
    let (height, width) = (weights.shape[1], weights.shape[2])
    let rows = weights.elements
    let halfWidths = (0...radius).map { distance in
      Int(Double((radius * radius + radius) - distance * distance).squareRoot())
    }
    weights.withUnsafeMutableElements { grown in
      var window = [Float](repeating: 0, count: width)
      for row in 0..<height {
        let line = rows[row * width..<(row + 1) * width]
        guard line.contains(where: { $0 > 0 }) else { continue }
        window.replaceSubrange(0..<width, with: line)
        var reach = 0
        for distance in (0...radius).reversed() {
          while reach < halfWidths[distance] {
            Self.widen(&window)
            reach += 1
          }
          for target in Set([row - distance, row + distance]) where (0..<height).contains(target) {
            for column in 0..<width {
              let place = target * width + column
              grown[place] = max(grown[place], window[column])
            }
          }
        }
      }
    }
  }

  /// Gives every number the largest of itself and its neighbors.
  private static func widen(_ numbers: inout [Float]) {
    var before: Float = 0
    for place in numbers.indices {
      let own = numbers[place]
      let after = place + 1 < numbers.count ? numbers[place + 1] : 0
      numbers[place] = max(before, own, after)
      before = own
    }
  }
}

extension PictureMask {
  /// A mask that was drawn: light where to fill.
  ///
  /// - Parameters:
  ///   - picture: of the extents of the pictures that it is for. In a lossy file soft edges are its loss.
  ///   - threshold: the level from which on a pixel is hidden, in [0, 1]; half a level of 8 bits below the
  ///     middle, so that files of 16 bits have their middle there too.
  ///   - growth: by how many pixels what is hidden is widened, in all directions.
  public init(_ picture: Picture, threshold: Float = 127.5 / 255, growth: Int = 0) {
    self.init(
      levels: Self.levels(of: picture), threshold: threshold, growth: growth,
      isHard: picture.metadata.jpegQuality != nil)
  }

  /// Hides nothing of a picture of one pixel.
  package static let none = PictureMask(levels: Tensor([1, 1, 1]), threshold: 1)

  /// Colors that differ by less are one color: a lossy file's strokes are not of one level.
  private static let sameColor: Float = 16 / 255

  /// What a picture says as a mask: the lightest of its channels, in so far as it shows. Where its
  /// transparency varies and the color that shows does not, transparency is what was drawn.
  ///
  /// - Returns: `[1, H, W]` in [0, 1].
  package static func levels(of picture: Picture) -> Tensor {
    let shape: Shape = [1, picture.height, picture.width]
    let area = picture.region.area
    let elements = picture.pixels.elements
    if let alpha = picture.alpha, isDrawnByAlpha(elements, alpha) { return Tensor(shape, alpha) }
    let lightest = (0..<area).map { pixel in
      stride(from: pixel, to: elements.count, by: area).reduce(Float(0)) {
        max($0, elements[$1])
      }
    }
    let shown = picture.alpha.map { zip(lightest, $0).map { $0 * $1 } } ?? lightest
    return Tensor(shape, shown.map { min($0, 1) })
  }

  /// What a picture leaves to be filled: as much as it is transparent.
  ///
  /// - Returns: `[1, H, W]` in [0, 1]; nil where the picture has no alpha.
  package static func transparency(of picture: Picture) -> Tensor? {
    picture.alpha.map { Tensor([1, picture.height, picture.width], $0.map { 1 - $0 }) }
  }

  private static func isDrawnByAlpha(_ elements: [Float], _ alpha: [Float]) -> Bool {
    guard let lowest = alpha.min(), let highest = alpha.max(), lowest < highest else {
      return false
    }
    return stride(from: 0, to: elements.count, by: alpha.count).allSatisfy { start in
      var range = (lowest: Float.infinity, highest: -Float.infinity)
      for pixel in alpha.indices where alpha[pixel] > 0 {
        let level = elements[start + pixel]
        range = (min(range.lowest, level), max(range.highest, level))
      }
      return range.highest - range.lowest < sameColor
    }
  }
}
