import Tensors

/// Why pictures cannot be put to the use that was asked for. How to say it, and what to do about it,
/// is the caller's: a program names its options.
public enum PictureError: Error, Hashable {
  /// There is nothing to put into a sheet.
  case emptySheet
  /// More pictures than a sheet has cells.
  case fullSheet(columns: Int, rows: Int, found: Int)
  /// A sheet of more pixels than are handled.
  case largeSheet(width: Int, height: Int)
  /// Pictures of two shapes where one was expected.
  case mixedShapes(Shape, Shape)
}
