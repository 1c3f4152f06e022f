import Tensors

/// The extents of the pictures that a fixed-size model sees.
public struct ImageShape: Hashable, Sendable {
  /// 1 (gray) or 3 (red, green, blue).
  public let channels: Int
  /// In pixels.
  public let height: Int
  /// In pixels.
  public let width: Int

  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Why no model takes such pictures, in lower case; nil where all is well.
  var problem: String? {
    guard channels == 1 || channels == 3 else {
      return "expected 1 or 3 channels, found \(channels)"
    }
    return (1...4096).contains(height) && (1...4096).contains(width)
      ? nil : "expected a picture of 1 to 4096 pixels a side, found \(self)"
  }

  /// In pixels.
  var area: Int { height * width }

  /// The number of samples of a picture.
  public var count: Int { channels * height * width }

  /// `[C, H, W]`.
  public var shape: Shape { [channels, height, width] }

  /// `[N, C, H, W]`.
  public func batch(_ count: Int) -> Shape { [count, channels, height, width] }
}

extension ImageShape: CustomStringConvertible {
  public var description: String { "\(width)x\(height) \(channels == 1 ? "gray" : "color")" }
}
