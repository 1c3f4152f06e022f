import Checkpoints
import Graphs
import Platform
import Tensors

/// The 256 levels of 8-bit data by the mass of a mixture of logistic distributions (Salimans et al.
/// 2017, section 2.1).
struct LogisticMixtureLikelihood: DiscreteLikelihood {
  let components: Int
  let mean: Configuration.MeanFunction

  static let name = "discretized-logistic-mixture"
  static let summary: String? = "8-bit levels"
  static let hyperparameters = [
    Hyperparameter("components", standard: 5), Configuration.MeanFunction.hyperparameter,
  ]
  var members: [JSONMember] { [JSONMember("components", JSONValue(components)), mean.member] }
  func outputs(channels: Int) -> Int { 3 * components * channels }

  var problem: String? {
    (1...64).contains(components)
      ? nil : "expected 1 to 64 components of the likelihood, found \(components)"
  }

  func distribution(_ output: Value) -> any PixelDistribution {
    DiscretizedLogisticMixture(output, components: components, mean: mean)
  }

  func draw(
    into picture: inout [Float], _ parameters: [[Float]], where isWanted: (Int) -> Bool,
    using random: inout RandomSource
  ) {
    for index in picture.indices where isWanted(index) {
      var rest = random.nextUniform()
      var place = index
      for component in 0..<components - 1 {
        rest -= expf(parameters[0][place])
        if rest < 0 { break }
        place = (component + 1) * picture.count + index
      }
      picture[index] = DiscretizedLogistic.level(
        location: parameters[1][place], logScale: parameters[2][place],
        uniform: random.nextUniform())
    }
  }
}

extension LogisticMixtureLikelihood {
  /// What is added to the components' locations before the mean function, so that they start evenly over [0, 1]:
  /// `[1, K, 1, 1, 1]`.
  static func offsets(_ graph: Graph, _ count: Int, _ mean: Configuration.MeanFunction) -> Value {
    let places = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    let offsets = places.map { mean == .identity ? $0 : log($0 / (1 - $0)) }
    return Value.concatenate(
      offsets.map { graph.constant(Float($0), [1, 1, 1, 1, 1]) }, axis: 1)
  }

  init(json: JSONValue) throws {
    self.init(components: try json.integer("components"), mean: try json.choice("mean"))
  }
}

extension Configuration.Likelihood {
  /// Of a mixture; nil of other families.
  package var components: Int? {
    (family as? LogisticMixtureLikelihood)?.components
      ?? (family as? PixelMixtureLikelihood)?.components
  }

  public static func discretizedLogisticMixture(
    components: Int, mean: Configuration.MeanFunction
  ) -> Self { Self(LogisticMixtureLikelihood(components: components, mean: mean)) }
}

/// Each sample under a mixture of K discretized logistic distributions of its own (Salimans et al.
/// 2017, section 2.1, without dependence between a pixel's channels: that is `PixelMixture`).
package struct DiscretizedLogisticMixture: PixelDistribution {
  /// log of the weights, `[N, K, C, H, W]`.
  package let logWeights: Value
  /// As many.
  package let components: DiscretizedLogistic

  /// - Parameter output: `[N, 3 K C, H, W]`: the logits of the weights, the locations, the log
  ///   scales, K C channels each, component by component.
  init(_ output: Value, components count: Int, mean: Configuration.MeanFunction) {
    let third = output.shape[1] / 3
    let shape: Shape = [
      output.shape[0], count, third / count, output.shape[2], output.shape[3],
    ]
    func part(_ index: Int) -> Value {
      output.sliced(axis: 1, index * third..<(index + 1) * third).reshaped(to: shape)
    }
    let offsets = LogisticMixtureLikelihood.offsets(output.graph, count, mean)
    let logits = part(0)
    let total = logits.logSumExp([1]).reshaped(to: shape.replacing(axis: 1, with: 1))
    self.init(
      logWeights: logits - total,
      components: DiscretizedLogistic(
        mean: mean.apply(part(1) + offsets), rawLogScale: part(2)))
  }

  private init(logWeights: Value, components: DiscretizedLogistic) {
    self.logWeights = logWeights
    self.components = components
  }

  /// log P(x).
  ///
  /// - Parameter x: `[N, C, H, W]` in [0, 1].
  /// - Returns: as many.
  package func pixelLogDensity(_ x: Value) -> Value {
    let one = Shape([x.shape[0], 1] + x.shape.dimensions.dropFirst())
    let repeated = x.reshaped(to: one).broadcast(to: logWeights.shape)
    return (logWeights + components.pixelLogDensity(repeated)).logSumExp([1])
  }

  /// E[x], `[N, C, H, W]`.
  package var mean: Value { (logWeights.exp() * components.mean).sum([1]) }

  /// Var[x], `[N, C, H, W]`: the mean of the components' variances and the variance of their means.
  package var variance: Value {
    let weights = logWeights.exp()
    let means = components.mean
    let center = (weights * means).sum([1], keepingAxes: true)
    return (weights * (components.variance + (means - center).squared())).sum([1])
  }

  package var drawParameters: [Value] { [logWeights] + components.drawParameters }

  package func mapped(_ body: (Value) -> Value) -> Self {
    Self(logWeights: body(logWeights), components: components.mapped(body))
  }
}
