import Pictures
import VAE

/// How a piece of a picture came about, as far as its noise goes.
///
/// Noise makes nearly every pixel differ a little from the next. In what was drawn, most neighbors are
/// equal and the others differ much; JPEG files have equal neighbors too, but many that differ little.
enum PieceKind {
  /// One color, or nearly: a bar, a frame, a box. Says nothing of the noise beside it.
  case flat
  /// Lettering, line art, a sprite, halftone: without noise.
  case drawn
  case photographed

  /// Of the pairs of neighbors, how many are equal in a flat piece.
  private static let flatShare: Float = 0.98
  /// And in a drawn one, at least.
  private static let drawnShare: Float = 0.4
  /// Of the others, how many differ little in a drawn piece, at most.
  private static let littleShare: Float = 0.25
  /// The largest difference that is little.
  private static let little: Float = 6.5 / 255

  /// - Parameter pixels: `[C, 64, 64]`, on the scale 0...1.
  init(of pixels: [Float], channels: Int) {
    let side = NoiseEstimator.side
    let area = side * side
    var (pairs, equal, little) = (0, 0, 0)
    for row in 0..<side {
      for column in 0..<side {
        let place = row * side + column
        for other in [column + 1 < side ? place + 1 : -1, row + 1 < side ? place + side : -1]
        where other >= 0 {
          var difference: Float = 0
          for channel in 0..<channels {
            let index = channel * area
            difference = max(difference, abs(pixels[index + place] - pixels[index + other]))
          }
          pairs += 1
          if difference == 0 { equal += 1 } else if difference < Self.little { little += 1 }
        }
      }
    }
    let share = Float(equal) / Float(max(pairs, 1))
    if share >= Self.flatShare {
      self = .flat
    } else if share >= Self.drawnShare, Float(little) <= Self.littleShare * Float(pairs - equal) {
      self = .drawn
    } else {
      self = .photographed
    }
  }

  /// Whether a picture was drawn: where a third of its pieces are, the others are denser drawing.
  ///
  /// - Parameters:
  ///   - region: all of the picture.
  ///   - read: writes a region, `[C, h, w]`, on the scale 0...1.
  static func isDrawn(
    _ region: Region, channels: Int,
    read: (MutablePlaneView) throws -> Void
  ) rethrows -> Bool {
    let kinds = try NoiseReader.pieces(of: region).map { piece in
      try PieceKind(
        of: NoiseReader.pixels(of: piece, channels: channels, read: read), channels: channels)
    }
    let drawn = kinds.count { $0 == .drawn }
    return drawn > 0 && 2 * drawn >= kinds.count { $0 == .photographed }
  }
}
