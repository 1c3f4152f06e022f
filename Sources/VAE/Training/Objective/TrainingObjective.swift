import Graphs
import Tensors

/// What a model is trained to make small, as nodes of a graph.
///
/// It is minus the evidence lower bound. A conditional model has the hybrid
/// objective of Sohn, Lee and Yan 2015 (section 4.3), which also trains the way that restoring
/// takes: with D numbers in a picture, and the latents of the prior path at their means,
///
///     (1 - a) mean_i 1/2 log(|x_i - m(y_i)|^2 / D + e) + a mean_j (w rate_j + distortion_j) / D.
///
/// A model that predicts the error of its best estimate has a third term, minus the logarithm of
/// N(x; m(y), v(y)) a number, of which only v is learned.
///
/// The first term is, up to a constant, minus the logarithm per dimension of a Gaussian likelihood
/// whose variance is the best for each picture; e keeps a picture that is already right from
/// drowning the others. The bound is taken over the first rows of the batch only.
///
/// The likelihood within the bound is a Gaussian of one variance. A picture of which nothing was
/// seen takes the model's own, which makes the model a density. One that was observed takes the best
/// for it, |x - m(z, y)|^2 / D (the optimal variance of Rybkin, Daniilidis and Levine 2021, section
/// 3.2, here a picture at a time): pictures that hardly differ from what was observed and such of
/// which little is known would otherwise share a variance, and the latents say nothing of the first.
package struct TrainingObjective {
  let loss: Value
  /// Means over the bound's rows, scalars, in nats per picture.
  let rate: Value
  let distortion: Value
  /// The mean over the batch of `10 log10(1 / (|x - m|^2 / D + e))`, a scalar: the peak
  /// signal-to-noise ratio in dB of the prior path. nil without a condition.
  let priorPathRatio: Value?
  /// The mean rate of each group of latents of a conditional model, the finest first, scalars.
  let groupRates: [Value]

  /// The bound alone.
  ///
  /// - Parameters:
  ///   - groups: for `TrainingConfiguration.ratePenalty`.
  ///   - rateWeight: w, a scalar; nil for 1.
  ///   - dimensions: what the loss is divided by.
  init(
    bound: EvidenceLowerBound, _ training: TrainingConfiguration, groups: [Value],
    rateWeight: Value?, dimensions: Int
  ) {
    rate = bound.rate.mean()
    distortion = bound.distortion.mean()
    let penalty = training.ratePenalty(rate, groups: groups, weight: rateWeight)
    loss = Self.sum(penalty, distortion) / Float(dimensions)
    priorPathRatio = nil
    groupRates = []
  }

  /// The bound by another estimator than B.
  init(_ estimate: BoundEstimate) {
    loss = estimate.loss
    rate = estimate.bound.rate.mean()
    distortion = estimate.bound.distortion.mean()
    priorPathRatio = nil
    groupRates = []
  }

  /// The hybrid objective of a conditional model.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]` in [0, 1].
  ///   - noise: standard normal numbers for the first rows, `[n, D]` latents each.
  ///   - training: for a and the rate's penalty.
  ///   - rateWeight: w, a scalar; nil for 1.
  init(
    _ model: HierarchicalModel, _ x: Value, _ condition: ConditionValues, noise: Value,
    _ training: TrainingConfiguration, rateWeight: Value?
  ) {
    let pass = model.pass(condition)
    let rows = 0..<noise.shape[0]
    let estimate = pass.estimate()
    let difference = estimate.mean - x
    let error = difference.squared().sumOfRows() / Float(x.shape.count / x.shape[0])
    let priorPath = (error + Self.floor).log().mean() * 0.5

    let part = pass.rows(rows)
    let target = x.sliced(axis: 0, rows)
    let path = part.posteriorPath(target, noise: model.split(noise, ImageShape(batch: x)))
    rate = path.rate.mean()
    groupRates = path.rates.map { $0.mean() }
    let maps = condition.maps.sliced(axis: 0, rows)
    distortion = Self.distortion(part, path.output, target, seen: maps.sliced(axis: 1, 0..<1))
      .mean()
    let dimensions = Float(ImageShape(batch: x).count)
    let penalty = training.ratePenalty(rate, groups: path.rates, weight: rateWeight)
    let bound = Self.sum(penalty, distortion)
    let hybrid =
      priorPath * (1 - training.boundWeight) + bound * (training.boundWeight / dimensions)
    loss = estimate.logVariance.map { hybrid + Self.errorLoss(difference, $0) } ?? hybrid
    priorPathRatio = priorPath * (-20 / logOf(10))
  }

  /// 1/2 mean(d^2 / v + log v), a scalar, with d^2 the mean over the channels.
  ///
  /// - Parameter difference: of the best estimate from x, `[N, C, H, W]`; it is not changed.
  private static func errorLoss(_ difference: Value, _ logVariance: Value) -> Value {
    let channels = Float(difference.shape[1])
    let squares =
      difference.stoppingGradient().squared().sum([1], keepingAxes: true) / channels
    return (squares * (-logVariance).exp() + logVariance).mean() * 0.5
  }

  /// -log p(x|z, y), `[n]`, with the variance that each picture takes.
  ///
  /// - Parameter seen: `[n, 1, H, W]`, 0 where nothing was observed.
  private static func distortion(
    _ pass: HierarchicalPass, _ mean: Value, _ x: Value, seen: Value
  ) -> Value {
    let dimensions = Float(x.shape.count / x.shape[0])
    let error = (mean - x).squared().sumOfRows() / dimensions
    let own = ((error + smallestVariance).log() + (1 + logTwoPi)) * (dimensions / 2)
    let shared = -pass.likelihood(mean).logDensity(x)
    let isObserved = seen.sumOfRows().clamped(0, 1)
    return isObserved * own + (1 - isObserved) * shared
  }

  private static func sum(_ penalty: Value?, _ distortion: Value) -> Value {
    penalty.map { $0 + distortion } ?? distortion
  }

  /// e: the mean squared error of 40 dB, above which only crops without detail come.
  static let floor: Float = 1e-4

  /// Below the variance of any picture's own likelihood: 40 dB.
  static let smallestVariance: Float = 1e-4
}
