import Graphs
import Tensors

/// p(x|z): independent pixels, as nodes of a graph. Shapes are `[N, C, H, W]`.
public enum PixelDistribution {
  case bernoulli(logits: Value)
  case gaussian(mean: Value, logVariance: Value)

  /// The smallest log variance that a decoder can give: a standard deviation of 1/255, the step
  /// of 8-bit data. Without it the likelihood of a constant pixel grows without bound.
  static let smallestLogVariance: Float = -11.0825

  /// The distribution that a decoder's last layer describes.
  ///
  /// - Parameter output: `[N, C k, H, W]`, k numbers per sample of the picture.
  init(_ likelihood: Configuration.Likelihood, decoderOutput output: Value) {
    switch likelihood {
    case .bernoulli: self = .bernoulli(logits: output)
    case .gaussian(let function):
      let channels = output.shape[1] / 2
      let raw = output.sliced(axis: 1, channels..<2 * channels)
      let lower = Self.smallestLogVariance
      self = .gaussian(
        mean: function.apply(output.sliced(axis: 1, 0..<channels)),
        logVariance: (raw - lower).softplus() + lower)
    case .gaussianFixed(let deviation, let function):
      let logVariance = output.graph.constant(2 * logOf(deviation))
      self = .gaussian(mean: function.apply(output), logVariance: logVariance)
    case .gaussianShared:
      preconditionFailure("a hierarchical model makes its distribution itself")
    }
  }

  /// E[x|z], `[N, C, H, W]`.
  public var mean: Value {
    switch self {
    case .bernoulli(let logits): logits.sigmoid()
    case .gaussian(let mean, _): mean
    }
  }

  /// Var[x|z], `[N, C, H, W]`.
  public var variance: Value {
    switch self {
    case .bernoulli(let logits): logits.sigmoid() * (1 - logits.sigmoid())
    case .gaussian(let mean, let logVariance):
      logVariance.exp().broadcast(to: mean.shape)
    }
  }

  /// log p(x|z) of each sample, `[N, C, H, W]`.
  ///
  /// - Parameter x: `[N, C, H, W]` in [0, 1].
  public func pixelLogDensity(_ x: Value) -> Value {
    switch self {
    case .bernoulli(let logits): return x * logits - logits.softplus()
    case .gaussian(let mean, let logVariance):
      let precision = (-logVariance).exp()
      return ((x - mean).squared() * precision + logVariance + logTwoPi) * -0.5
    }
  }

  /// log p(x|z) of each picture, `[N]`.
  public func logDensity(_ x: Value) -> Value { pixelLogDensity(x).sum([1, 2, 3]) }
}

extension Configuration.MeanFunction {
  func apply(_ x: Value) -> Value {
    switch self {
    case .identity: x
    case .sigmoid: x.sigmoid()
    }
  }
}
