import ImageCodecs
import Pictures

/// What a data set makes of its files.
public struct DatasetOptions: Hashable, Sendable {
  /// The extents of an example in pixels.
  public enum Size: Hashable, Sendable {
    /// The files' own, which have to be equal.
    case own
    /// These, whatever the files have.
    case scaled(width: Int, height: Int)
    /// The files' own, which may differ; a `BatchLoader` cuts pieces of these extents. Smaller
    /// pictures are left out.
    case pieces(width: Int, height: Int)
  }

  public enum Color: String, Hashable, Sendable, CaseIterable {
    /// RGB where any picture has color, gray otherwise.
    case automatic
    case gray
    case rgb
  }

  public var size: Size
  public var color: Color
  /// With `Size.scaled`: what is done with other proportions.
  public var fitting: ImageGeometry.Fitting
  /// What is done with a picture of more than 1,000 pixels on its longer side.
  public enum Halving: String, Hashable, Sendable, CaseIterable {
    case none
    /// It stands a second time, at half its size, so that pieces show finer structure.
    case also
    /// It is shown at half its size only, which takes its own grain and artifacts.
    case only
  }

  /// With `Size.pieces`.
  public var halved: Halving
  /// What shows through where a picture is transparent: 0 black, 1 white.
  public var background: Float
  /// How many bytes of decoded pictures are kept; the others are decoded when they are needed.
  public var cacheBudget: Int
  public var limits: ImageLimits
  /// How NumPy arrays are understood.
  package var arrays = ArrayReading(takesAlpha: true)

  public init(
    size: Size = .own, color: Color = .automatic, fitting: ImageGeometry.Fitting = .crop,
    halved: Halving = .none, background: Float = 1, cacheBudget: Int = 1 << 30,
    limits: ImageLimits = .default
  ) {
    self.size = size
    self.color = color
    self.fitting = fitting
    self.halved = halved
    self.background = background
    self.cacheBudget = cacheBudget
    self.limits = limits
  }
}
