import Checkpoints
import Graphs
import Networks
import Tensors

/// Independent Gaussian pixels.
package protocol GaussianFamily: LikelihoodFamily {
  var mean: Configuration.MeanFunction { get }
}

extension GaussianFamily {
  package static var isDiscrete: Bool { false }
  package var members: [JSONMember] { [mean.member] }
  package func outputs(channels: Int) -> Int { channels }

  package func draw(
    into picture: inout [Float], _ parameters: [[Float]], where isWanted: (Int) -> Bool,
    using random: inout RandomSource
  ) {
    // Noise is drawn for all samples, so that a draw does not depend on the mask.
    let noise = random.normal([picture.count])
    for index in picture.indices where isWanted(index) {
      picture[index] = parameters[0][index] + parameters[1][index].squareRoot() * noise[index]
    }
  }

  package func levelLogProbability(
    _ x: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>]
  ) -> Double {
    GaussianLevels.logProbability(x, means: parameters[0], logVariances: parameters[1])
  }
}

/// Mean and variance both from the decoder (AEVB, appendix C.2).
struct GaussianLikelihood: GaussianFamily {
  let mean: Configuration.MeanFunction

  static let name = "gaussian"
  static let summary: String? = "variance from the decoder"
  static let hyperparameters = [Configuration.MeanFunction.hyperparameter]
  func outputs(channels: Int) -> Int { 2 * channels }

  /// The smallest log variance that a decoder can give: a standard deviation of 1/255, the step
  /// of 8-bit data. Without it the likelihood of a constant pixel grows without bound.
  private static let smallestLogVariance: Float = -11.0825

  func distribution(_ output: Value) -> any PixelDistribution {
    let channels = output.shape[1] / 2
    return GaussianPixels(
      mean: mean.apply(output.sliced(axis: 1, 0..<channels)),
      logVariance: output.sliced(axis: 1, channels..<2 * channels)
        .above(Self.smallestLogVariance))
  }
}

extension GaussianLikelihood {
  init(json: JSONValue) throws { self.init(mean: try json.choice("mean")) }
}

/// One given standard deviation, on the [0, 1] scale.
struct FixedGaussianLikelihood: GaussianFamily {
  let standardDeviation: Float
  let mean: Configuration.MeanFunction

  static let name = "gaussian-fixed"
  static let hyperparameters = [
    Hyperparameter("standard_deviation", standard: 0.1), Configuration.MeanFunction.hyperparameter,
  ]
  var members: [JSONMember] {
    [JSONMember("standard_deviation", JSONValue(standardDeviation)), mean.member]
  }

  var problem: String? {
    standardDeviation.isFinite && standardDeviation > 0
      ? nil : "expected a positive standard deviation, found \(standardDeviation)"
  }

  func distribution(_ output: Value) -> any PixelDistribution {
    let logVariance = output.graph.constant(2 * logOf(standardDeviation))
    return GaussianPixels(mean: mean.apply(output), logVariance: logVariance)
  }
}

extension FixedGaussianLikelihood {
  init(json: JSONValue) throws {
    guard let deviation = json["standard_deviation"]?.float else {
      throw ConfigurationError("expected a number as 'standard_deviation'")
    }
    self.init(standardDeviation: deviation, mean: try json.choice("mean"))
  }
}

/// One learned standard deviation (sigma-VAE: Rybkin, Daniilidis and Levine 2021, section 3).
struct SharedGaussianLikelihood: GaussianFamily {
  let mean: Configuration.MeanFunction

  static let name = "gaussian-shared"
  static let summary: String? = "one learned variance"
  static let hyperparameters = [Configuration.MeanFunction.hyperparameter]
  var members: [JSONMember] { mean == .identity ? [] : [mean.member] }
  var parameters: [ParameterSpecification] { [SharedLogVariance().parameter] }

  func distribution(_ output: Value) -> any PixelDistribution {
    GaussianPixels(
      mean: mean.apply(output), logVariance: SharedLogVariance().logVariance(in: output.graph))
  }
}

extension SharedGaussianLikelihood {
  init(json: JSONValue) throws {
    self.init(mean: json["mean"] == nil ? .identity : try json.choice("mean"))
  }
}

extension Configuration.Likelihood {
  public static func gaussian(mean: Configuration.MeanFunction) -> Self {
    Self(GaussianLikelihood(mean: mean))
  }
  public static func gaussianFixed(
    standardDeviation: Float, mean: Configuration.MeanFunction
  ) -> Self { Self(FixedGaussianLikelihood(standardDeviation: standardDeviation, mean: mean)) }
  public static func gaussianShared(mean: Configuration.MeanFunction) -> Self {
    Self(SharedGaussianLikelihood(mean: mean))
  }
}

struct GaussianPixels: PixelDistribution {
  let mean: Value
  /// log sigma^2, of the mean's shape or a scalar.
  let logVariance: Value

  var variance: Value { logVariance.exp().broadcast(to: mean.shape) }

  func pixelLogDensity(_ x: Value) -> Value {
    let precision = (-logVariance).exp()
    return ((x - mean).squared() * precision + logVariance + logTwoPi) * -0.5
  }

  var drawParameters: [Value] { [mean, variance] }
  var levelParameters: [Value] { [mean, logVariance] }

  func mapped(_ body: (Value) -> Value) -> Self {
    Self(
      mean: body(mean), logVariance: logVariance.shape.count == 1 ? logVariance : body(logVariance))
  }
}

/// The learned log variance of all pixels (Rybkin, Daniilidis and Levine 2021, section 3). A
/// sixteenth of it is the parameter, so that an optimizer whose steps have one length for all weights
/// reaches the best variance within a few hundred steps.
struct SharedLogVariance: Sendable {
  /// `[1]`; it begins with a deviation of 0.135.
  let parameter = ParameterSpecification("likelihood.log_variance", [1], .constant(-0.25))

  /// log sigma^2, a scalar.
  func logVariance(in graph: Graph) -> Value {
    graph.parameter(parameter.name, parameter.shape).reshaped(to: .scalar) * 16
  }
}
