import Checkpoints
import Graphs
import Platform
import Tensors

/// The 256 levels of a pixel's channels together, by a mixture of logistic distributions whose locations in a
/// channel follow what the channels before it turned out to be (Salimans et al. 2017, section 2.2). Of gray
/// pictures it is `LogisticMixtureLikelihood`.
struct PixelMixtureLikelihood: DiscreteLikelihood {
  let components: Int
  let mean: Configuration.MeanFunction

  static let name = "dmol"
  static let summary: String? = "8-bit levels, a pixel's colors together"
  static let hyperparameters = LogisticMixtureLikelihood.hyperparameters
  var members: [JSONMember] { [JSONMember("components", JSONValue(components)), mean.member] }

  var problem: String? {
    LogisticMixtureLikelihood(components: components, mean: mean).problem
  }

  func outputs(channels: Int) -> Int {
    components * (1 + 2 * channels + PixelMixture.coefficients(channels: channels))
  }

  func distribution(_ output: Value) -> any PixelDistribution {
    PixelMixture(output, components: components, mean: mean)
  }

  func draw(
    into picture: inout [Float], _ parameters: [[Float]], where isWanted: (Int) -> Bool,
    using random: inout RandomSource
  ) {
    let area = parameters[0].count / components
    let channels = picture.count / area
    for pixel in 0..<area where (0..<channels).contains(where: { isWanted($0 * area + pixel) }) {
      var rest = random.nextUniform()
      var component = 0
      while component < components - 1 {
        rest -= expf(parameters[0][component * area + pixel])
        if rest < 0 { break }
        component += 1
      }
      var errors: [Float] = []
      for channel in 0..<channels {
        let place = (component * channels + channel) * area + pixel
        let coefficients = errors.indices.map { before in
          let index = PixelMixture.coefficient(of: channel, before: before)
          return parameters[3][
            (component * PixelMixture.coefficients(channels: channels) + index) * area + pixel]
        }
        let index = channel * area + pixel
        if isWanted(index) {
          let shift = zip(coefficients, errors).reduce(Float(0)) { $0 + $1.0 * $1.1 }
          picture[index] = DiscretizedLogistic.level(
            location: parameters[1][place] + shift, logScale: parameters[2][place],
            uniform: random.nextUniform())
        }
        errors.append(picture[index] - parameters[1][place])
      }
    }
  }
}

extension PixelMixtureLikelihood {
  init(json: JSONValue) throws {
    self.init(components: try json.integer("components"), mean: try json.choice("mean"))
  }
}

extension Configuration.Likelihood {
  /// Mixtures of discretized logistics over whole pixels (Salimans et al. 2017, section 2.2).
  public static func pixelMixture(
    components: Int, mean: Configuration.MeanFunction
  ) -> Self { Self(PixelMixtureLikelihood(components: components, mean: mean)) }
}

/// Each pixel under a mixture of K components. In a component a channel's location is m_c and, for each channel d
/// before it, a share of how far that one turned out to be from its m_d.
package struct PixelMixture: PixelDistribution {
  /// log of the weights, `[N, K, 1, H, W]`.
  private let logWeights: Value
  /// `[N, K, C, H, W]`: locations where the channels before are at theirs, and log scales.
  private let components: DiscretizedLogistic
  /// `[N, K, C (C - 1) / 2, H, W]`, in (-1, 1); nil of one channel.
  private let coefficients: Value?

  /// How many a component has.
  static func coefficients(channels: Int) -> Int { channels * (channels - 1) / 2 }

  /// The place of a channel's coefficient for one before it.
  static func coefficient(of channel: Int, before: Int) -> Int {
    coefficients(channels: channel) + before
  }

  /// - Parameter output: `[N, K (1 + 2 C + C (C - 1) / 2), H, W]`: the logits of the weights, the locations,
  ///   the log scales, the coefficients before tanh, component by component.
  init(_ output: Value, components count: Int, mean: Configuration.MeanFunction) {
    let each = output.shape[1] / count
    let channels = (1...4).first { 1 + 2 * $0 + Self.coefficients(channels: $0) == each } ?? 1
    var begin = 0
    func part(_ size: Int) -> Value {
      defer { begin += count * size }
      return output.sliced(axis: 1, begin..<begin + count * size).reshaped(
        to: [output.shape[0], count, size, output.shape[2], output.shape[3]])
    }
    let logits = part(1)
    logWeights =
      logits - logits.logSumExp([1]).reshaped(to: logits.shape.replacing(axis: 1, with: 1))
    let locations = part(channels)
    let offsets = LogisticMixtureLikelihood.offsets(output.graph, count, mean)
    components = DiscretizedLogistic(
      mean: mean.apply(locations + offsets), rawLogScale: part(channels))
    coefficients = channels > 1 ? part(Self.coefficients(channels: channels)).tanh() : nil
  }

  private init(logWeights: Value, components: DiscretizedLogistic, coefficients: Value?) {
    (self.logWeights, self.components, self.coefficients) = (logWeights, components, coefficients)
  }

  private var channels: Int { components.location.shape[2] }

  /// A channel's part of the components.
  private func component(_ channel: Int, shift: Value?) -> DiscretizedLogistic {
    let part = components.mapped { $0.sliced(axis: 2, channel..<channel + 1) }
    guard let shift else { return part }
    return DiscretizedLogistic(location: part.location + shift, logScale: part.logScale)
  }

  private func coefficient(of channel: Int, before: Int) -> Value {
    let index = Self.coefficient(of: channel, before: before)
    return coefficients!.sliced(axis: 2, index..<index + 1)
  }

  /// What the errors of the channels before add to a channel's location, `[N, K, 1, H, W]`; nil of the first.
  private func shift(_ channel: Int, _ errors: [Value]) -> Value? {
    var shift: Value?
    for (before, error) in errors.enumerated() {
      let term = coefficient(of: channel, before: before) * error
      shift = shift.map { $0 + term } ?? term
    }
    return shift
  }

  /// log P of each channel given those before it, whose sum is that of the pixel.
  ///
  /// - Parameter x: `[N, C, H, W]` in [0, 1].
  package func pixelLogDensity(_ x: Value) -> Value {
    let shape = logWeights.shape
    var errors: [Value] = []
    var joint = logWeights
    var before: Value?
    var result: [Value] = []
    for channel in 0..<channels {
      let seen = x.sliced(axis: 1, channel..<channel + 1).reshaped(
        to: shape.replacing(axis: 1, with: 1)
      ).broadcast(to: shape)
      joint = joint + component(channel, shift: shift(channel, errors)).pixelLogDensity(seen)
      let total = joint.logSumExp([1])
      result.append(before.map { total - $0 } ?? total)
      before = total
      errors.append(seen - components.location.sliced(axis: 2, channel..<channel + 1))
    }
    return Value.concatenate(result, axis: 1)
  }

  /// The mean and the variance of each channel in each component, `[N, K, 1, H, W]`: exact where none of the
  /// channels before is cut off at black or white.
  private var moments: [(mean: Value, variance: Value)] {
    var errors: [Value] = []
    // Of the channels before, and of the one at hand: rows of covariances.
    var covariances: [[Value]] = []
    var moments: [(Value, Value)] = []
    for channel in 0..<channels {
      let part = component(channel, shift: shift(channel, errors))
      let weights = (0..<channel).map { coefficient(of: channel, before: $0) }
      func covariance(_ a: Int, _ b: Int) -> Value { covariances[max(a, b)][min(a, b)] }
      var row = (0..<channel).map { other in
        weights.indices.dropFirst().reduce(weights[0] * covariance(0, other)) {
          $0 + weights[$1] * covariance($1, other)
        }
      }
      let variance = zip(weights, row).reduce(part.variance) { $0 + $1.0 * $1.1 }
      row.append(variance)
      covariances.append(row)
      let mean = part.mean
      moments.append((mean, variance))
      errors.append(mean - components.location.sliced(axis: 2, channel..<channel + 1))
    }
    return moments
  }

  /// E[x], `[N, C, H, W]`.
  package var mean: Value {
    (logWeights.exp() * Value.concatenate(moments.map(\.mean), axis: 2)).sum([1])
  }

  /// Var[x], `[N, C, H, W]`.
  package var variance: Value {
    let moments = moments
    let weights = logWeights.exp()
    let means = Value.concatenate(moments.map(\.mean), axis: 2)
    let center = (weights * means).sum([1], keepingAxes: true)
    let within = Value.concatenate(moments.map(\.variance), axis: 2)
    return (weights * (within + (means - center).squared())).sum([1]).clamped(0, 0.25)
  }

  package var drawParameters: [Value] {
    [logWeights] + components.drawParameters + (coefficients.map { [$0] } ?? [])
  }

  package func mapped(_ body: (Value) -> Value) -> Self {
    Self(
      logWeights: body(logWeights), components: components.mapped(body),
      coefficients: coefficients.map(body))
  }
}
