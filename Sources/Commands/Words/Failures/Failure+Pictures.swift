import Pictures
import Restoration
import VAE

/// What is wrong with pictures, in the program's words and with its options as remedies.
extension Failure {
  init(_ error: PictureError) {
    switch error {
    case .emptySheet: self.init(.badData, "expected pictures for a grid, found none")
    case .fullSheet(let columns, let rows, let found):
      self.init(
        .usage,
        "expected at most \(columns * rows) pictures for --grid \(columns)x\(rows), found \(found); "
          + "use a larger grid")
    case .largeSheet(let width, let height):
      self.init(.usage, "a grid of \(width)x\(height) pixels is too large")
    case .mixedShapes(let first, let other):
      self.init(
        .badData, "expected pictures of one size for a grid, found \(first) and \(other)")
    }
  }

  init(_ error: PictureMisfit) {
    switch error {
    case .size(let expected, let found, let alternatives):
      let remedies = alternatives.map { $0 == .tile ? "--tiled" : "--resize" }
      self.init(
        .badData,
        remedies.isEmpty
          ? "expected \(expected), found \(found)"
          : "expected \(expected), the model's size, found \(found); use "
            + remedies.joined(separator: " or "))
    case .smallerThanTile(let tile, let found):
      self.init(
        .badData,
        "expected at least \(tile.width)x\(tile.height) pixels for tiles, found \(found); "
          + "use --resize")
    case .colors(let found):
      self.init(
        .badData,
        "expected a gray picture, as the model was trained on, found \(found); "
          + "use --gray to drop the color")
    }
  }
}
