import Graphs
import Tensors

/// p(x|z): independent pixels, as nodes of a graph. Shapes are `[N, C, H, W]`.
public enum PixelDistribution {
  case bernoulli(logits: Value)
  /// On [0, 1], with the density e^(a x) a / (e^a - 1) for the logit a.
  case continuousBernoulli(ContinuousBernoulli)
  /// The log variance has the mean's shape or one number.
  case gaussian(mean: Value, logVariance: Value)
  /// Of the 256 levels of 8-bit data.
  case discretisedLogistic(DiscretisedLogistic)
  case discretisedLogisticMixture(DiscretisedLogisticMixture)

  /// The smallest log variance that a decoder can give: a standard deviation of 1/255, the step
  /// of 8-bit data. Without it the likelihood of a constant pixel grows without bound.
  static let smallestLogVariance: Float = -11.0825

  /// The distribution that a decoder's last layer describes.
  ///
  /// - Parameters:
  ///   - output: `[N, C k, H, W]`, k numbers per sample of the picture.
  ///   - sharedLogVariance: log sigma^2 of `gaussianShared`, a scalar.
  init(
    _ likelihood: Configuration.Likelihood, decoderOutput output: Value,
    sharedLogVariance: Value? = nil
  ) {
    let parts = likelihood.parametersPerSample
    let channels = output.shape[1] / parts
    switch likelihood {
    case .bernoulli: self = .bernoulli(logits: output)
    case .continuousBernoulli:
      self = .continuousBernoulli(ContinuousBernoulli(logits: output))
    case .gaussian(let function):
      self = .gaussian(
        mean: function.apply(output.sliced(axis: 1, 0..<channels)),
        logVariance: output.sliced(axis: 1, channels..<2 * channels)
          .above(Self.smallestLogVariance))
    case .gaussianFixed(let deviation, let function):
      let logVariance = output.graph.constant(2 * logOf(deviation))
      self = .gaussian(mean: function.apply(output), logVariance: logVariance)
    case .gaussianShared(let function):
      guard let sharedLogVariance else { preconditionFailure("a variance is shared") }
      self = .gaussian(mean: function.apply(output), logVariance: sharedLogVariance)
    case .discretisedLogistic(let function):
      self = .discretisedLogistic(
        DiscretisedLogistic(
          mean: function.apply(output.sliced(axis: 1, 0..<channels)),
          rawLogScale: output.sliced(axis: 1, channels..<2 * channels)))
    case .discretisedLogisticMixture(let components, let function):
      self = .discretisedLogisticMixture(
        DiscretisedLogisticMixture(output, components: components, mean: function))
    }
  }

  /// E[x|z], `[N, C, H, W]`.
  public var mean: Value {
    switch self {
    case .bernoulli(let logits): logits.sigmoid()
    case .continuousBernoulli(let distribution): distribution.mean
    case .gaussian(let mean, _): mean
    case .discretisedLogistic(let distribution): distribution.mean
    case .discretisedLogisticMixture(let distribution): distribution.mean
    }
  }

  /// Var[x|z], `[N, C, H, W]`.
  /// What the decoder gave for the mean: where that is not finite, a mean that saturates would hide it.
  package var location: Value {
    if case .bernoulli(let logits) = self { return logits }
    return mean
  }

  public var variance: Value {
    switch self {
    case .bernoulli(let logits): logits.sigmoid() * (1 - logits.sigmoid())
    case .continuousBernoulli(let distribution): distribution.variance
    case .gaussian(let mean, let logVariance):
      logVariance.exp().broadcast(to: mean.shape)
    case .discretisedLogistic(let distribution): distribution.variance
    case .discretisedLogisticMixture(let distribution): distribution.variance
    }
  }

  /// log p(x|z) of each sample, `[N, C, H, W]`: the logarithm of a density on [0, 1], of `bernoulli`
  /// and the discretised families of a probability.
  ///
  /// - Parameter x: `[N, C, H, W]` in [0, 1].
  public func pixelLogDensity(_ x: Value) -> Value {
    switch self {
    case .bernoulli(let logits): return x * logits - logits.softplus()
    case .continuousBernoulli(let distribution): return distribution.logDensity(x)
    case .gaussian(let mean, let logVariance):
      let precision = (-logVariance).exp()
      return ((x - mean).squared() * precision + logVariance + logTwoPi) * -0.5
    case .discretisedLogistic(let distribution): return distribution.logProbability(x)
    case .discretisedLogisticMixture(let distribution): return distribution.logProbability(x)
    }
  }

  /// log p(x|z) of each picture, `[N]`.
  public func logDensity(_ x: Value) -> Value { pixelLogDensity(x).sum([1, 2, 3]) }

  /// The upper left part of the pictures.
  func cropped(height: Int, width: Int) -> PixelDistribution {
    func crop(_ value: Value) -> Value { value.cropped(height: height, width: width) }
    switch self {
    case .bernoulli(let logits): return .bernoulli(logits: crop(logits))
    case .continuousBernoulli(let distribution):
      return .continuousBernoulli(ContinuousBernoulli(logits: crop(distribution.logits)))
    case .gaussian(let mean, let logVariance):
      let isShared = logVariance.shape.count == 1
      return .gaussian(
        mean: crop(mean), logVariance: isShared ? logVariance : crop(logVariance))
    case .discretisedLogistic(let distribution):
      return .discretisedLogistic(distribution.mapped(crop))
    case .discretisedLogisticMixture(let distribution):
      return .discretisedLogisticMixture(distribution.mapped(crop))
    }
  }
}

extension Configuration.MeanFunction {
  func apply(_ x: Value) -> Value {
    switch self {
    case .identity: x
    case .sigmoid: x.sigmoid()
    }
  }
}

extension Value {
  /// A number that approaches `floor` smoothly where this one goes below it.
  func above(_ floor: Float) -> Value { (self - floor).softplus() + floor }

  /// The upper left part of pictures `[..., H, W]`.
  func cropped(height: Int, width: Int) -> Value {
    let (rows, columns) = (shape.rank - 2, shape.rank - 1)
    var result = self
    if height < shape[rows] { result = result.sliced(axis: rows, 0..<height) }
    if width < shape[columns] { result = result.sliced(axis: columns, 0..<width) }
    return result
  }
}
