import Checkpoints
import Graphs
import Platform
import Tensors

/// The 256 levels of 8-bit data by the mass of a logistic distribution (Kingma et al. 2016,
/// section 5).
struct LogisticLikelihood: DiscreteLikelihood {
  let mean: Configuration.MeanFunction

  static let name = "discretized-logistic"
  static let hyperparameters = [Configuration.MeanFunction.hyperparameter]
  var members: [JSONMember] { [mean.member] }
  func outputs(channels: Int) -> Int { 2 * channels }

  func distribution(_ output: Value) -> any PixelDistribution {
    let channels = output.shape[1] / 2
    return DiscretizedLogistic(
      mean: mean.apply(output.sliced(axis: 1, 0..<channels)),
      rawLogScale: output.sliced(axis: 1, channels..<2 * channels))
  }

  func draw(
    into picture: inout [Float], _ parameters: [[Float]], where isWanted: (Int) -> Bool,
    using random: inout RandomSource
  ) {
    for index in picture.indices where isWanted(index) {
      picture[index] = DiscretizedLogistic.level(
        location: parameters[0][index], logScale: parameters[1][index],
        uniform: random.nextUniform())
    }
  }
}

extension LogisticLikelihood {
  init(json: JSONValue) throws { self.init(mean: try json.choice("mean")) }
}

extension Configuration.Likelihood {
  public static func discretizedLogistic(mean: Configuration.MeanFunction) -> Self {
    Self(LogisticLikelihood(mean: mean))
  }
}

/// The 256 levels of 8-bit data under logistic distributions: a level has the mass within half a
/// level of it, 0 and 255 what lies beyond too, so that all add up to one (Kingma et al. 2016,
/// section 5; Salimans et al. 2017, section 2.1). Numbers are on the [0, 1] scale; one between two
/// levels has the mass of as wide an interval around it.
package struct DiscretizedLogistic: PixelDistribution {
  /// m, `[N, C, H, W]`.
  package let location: Value
  /// log s, as many, at least `smallestLogScale`.
  package let logScale: Value

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
  package func pixelLogDensity(_ x: Value) -> Value {
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
  package var mean: Value {
    let precision = (-logScale).exp()
    let difference =
      (location * precision).softplus() - ((location - 1) * precision).softplus()
    return logScale.exp() * difference
  }

  /// Var[x] of a logistic number kept within [0, 1], in closed form.
  ///
  /// With c the place in [0, 1] that is nearest to m, which must not lie above 1/2 (the picture is
  /// turned to its negative where it does), and P(t) the integral of softplus up to t, integration by
  /// parts gives E[(x - c)^2] without a difference of nearly equal numbers; Var[x] is what is left of
  /// it after (E[x] - c)^2.
  package var variance: Value {
    let s = logScale.exp()
    let precision = (-logScale).exp()
    let near = location.combined(.minimum, 1 - location)
    let (t, far) = (near * precision, (near - 1) * precision)
    let isOutside = near.graph.constant(0, near.shape).combined(.greater, near)
    let inside = near.clamped(0, 1)
    // Of a place inside P(-t) is what is wanted, of one outside P(t).
    let below = -t.map(.absolute)
    let whole = Self.softplusIntegral(below)
    let squares =
      isOutside * (whole - Self.softplusIntegral(far))
      + (1 - isOutside) * (Float.pi * Float.pi / 6 - whole - Self.softplusIntegral(far))
    let lines = inside * below.softplus() + (1 - inside) * far.softplus()
    let offset = s * (below.softplus() - far.softplus())
    return (s * (s * squares - lines) * 2 - offset.squared()).clamped(0, 0.25)
  }

  /// The integral of softplus from minus infinity to t <= 0, which is -Li2(-e^t): by Bernoulli's
  /// numbers in y = log(1 + e^t) <= log 2 (Abramowitz and Stegun, 27.7).
  private static func softplusIntegral(_ t: Value) -> Value {
    let y = t.softplus()
    let square = y.squared()
    let tail = square * (square * (1 / 211_680) - 1 / 3600) + 1 / 36
    return y * (1 + y * 0.25 + square * tail)
  }

  package var drawParameters: [Value] { [location, logScale] }

  package func mapped(_ body: (Value) -> Value) -> Self {
    Self(location: body(location), logScale: body(logScale))
  }

  /// A logistic number rounded to the nearest of the 256 levels.
  static func level(location: Float, logScale: Float, uniform u: Float) -> Float {
    let x = location + expf(logScale) * logf(u / (1 - u))
    return (min(max(x, 0), 1) * 255).rounded() / 255
  }
}
