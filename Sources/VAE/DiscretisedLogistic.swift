import Graphs
import Tensors

/// The 256 levels of 8-bit data under logistic distributions: a level has the mass within half a
/// level of it, 0 and 255 what lies beyond too, so that all add up to one (Kingma et al. 2016,
/// section 5; Salimans et al. 2017, section 2.1). Numbers are on the [0, 1] scale; one between two
/// levels has the mass of as wide an interval around it.
public struct DiscretisedLogistic {
  /// m, `[N, C, H, W]`.
  public let location: Value
  /// log s, as many, at least `smallestLogScale`.
  public let logScale: Value

  /// An eighth of a level: all of the mass in one level, and no division that overflows.
  static let smallestLogScale: Float = -7.62

  /// - Parameter rawLogScale: any numbers, kept above the smallest log scale; 0 is a scale of
  ///   exp(-2), so that a network begins with about half of all levels within reach.
  init(mean: Value, rawLogScale: Value) {
    self.init(
      location: mean, logScale: (rawLogScale - 2).above(Self.smallestLogScale))
  }

  init(location: Value, logScale: Value) {
    self.location = location
    self.logScale = logScale
  }

  /// Half a level.
  static let halfLevel: Float = 0.5 / 255

  /// log P(x), as many.
  ///
  /// With the two ends u < v of the level in scales, sigmoid(v) - sigmoid(u) =
  /// sigmoid(v) sigmoid(-u) (1 - e^(u - v)), which nowhere cancels.
  public func logProbability(_ x: Value) -> Value {
    let half = Self.halfLevel
    let precision = (-logScale).exp()
    let distance = x - location
    let upper = (distance + half) * precision
    let lower = (distance - half) * precision
    let logWidth = (-(precision * (-2 * half)).map(.elu)).log()
    let isInner = 1 - isBlack(x) - isWhite(x)
    return isInner * logWidth - (1 - isWhite(x)) * (-upper).softplus()
      - (1 - isBlack(x)) * lower.softplus()
  }

  private func isBlack(_ x: Value) -> Value {
    x.graph.constant(Self.halfLevel, x.shape).combined(.greater, x)
  }

  private func isWhite(_ x: Value) -> Value {
    x.combined(.greater, x.graph.constant(1 - Self.halfLevel, x.shape))
  }

  /// E[x] of a logistic number kept within [0, 1]; that of the levels is the same sum by the
  /// midpoint rule.
  public var mean: Value {
    let precision = (-logScale).exp()
    let difference =
      (location * precision).softplus() - ((location - 1) * precision).softplus()
    return logScale.exp() * difference
  }

  /// Var[x], from sixteen equally likely quantiles kept within [0, 1].
  public var variance: Value {
    let mean = mean
    let scale = logScale.exp()
    let squares = Self.quantiles.map { quantile in
      ((location + scale * quantile).clamped(0, 1) - mean).squared()
    }
    return squares.dropFirst().reduce(squares[0], +) / Float(squares.count)
  }

  /// The logistic distribution's at 1/32, 3/32 ... 31/32, stretched so that their variance is its
  /// own, pi^2 / 3.
  private static let quantiles: [Float] = {
    let raw = (0..<16).map { index in
      let p = (Double(index) + 0.5) / 16
      return Double(logOf(Float(p / (1 - p))))
    }
    let variance = raw.reduce(0) { $0 + $1 * $1 } / 16
    let stretch = (Double.pi * Double.pi / 3 / variance).squareRoot()
    return raw.map { Float($0 * stretch) }
  }()

  /// The same of other values.
  func mapped(_ body: (Value) -> Value) -> DiscretisedLogistic {
    DiscretisedLogistic(location: body(location), logScale: body(logScale))
  }
}
