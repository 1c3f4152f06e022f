/// The luma of ITU-R BT.601.
@inlinable
public func luma(_ red: Float, _ green: Float, _ blue: Float) -> Float {
  0.299 * red + 0.587 * green + 0.114 * blue
}

/// What shows of a color that covers a pixel to the share `alpha`, laid on another.
@inlinable
public func composited(_ color: Float, alpha: Float, over background: Float) -> Float {
  alpha * color + (1 - alpha) * background
}

/// What transparent pixels are laid on: a level of gray.
public struct Background: Hashable, Sendable {
  /// In [0, 1].
  public let level: Float
  /// As it was given: "white".
  public let description: String

  public static let white = Background(level: 1, description: "white")

  public init(level: Float, description: String) {
    self.level = level
    self.description = description
  }

  /// white, black, or a gray level of 0 to 255.
  package init?(name: String) {
    switch name.lowercased() {
    case "white": self = .white
    case "black": self.init(level: 0, description: "black")
    default:
      guard let value = Int(name), (0...255).contains(value) else { return nil }
      self.init(level: Float(value) / 255, description: name)
    }
  }
}
