import Graphs
import Tensors

/// The bound of a flat model's pictures from draws alone, and a loss whose gradient estimates minus
/// the bound's, as nodes of a graph.
///
/// With z_1 ... z_K drawn from q(z|x) and log w_k = log p(x|z_k) + log p(z_k) - log q(z_k|x) the
/// estimate of a picture is log 1/K sum_k w_k, K = 1 for all but the importance-weighted bound.
struct BoundEstimate {
  /// The mean over the pictures and their L estimates, a scalar. Its value is minus the bound's but
  /// for the score function; its gradient is the estimator's.
  let loss: Value
  /// Of each of the N L estimates, or of each of the N pictures with estimator B. Of an
  /// importance-weighted bound the distortion is the draws' by their normalized weights, and the rate
  /// what it takes to make up the bound.
  let bound: EvidenceLowerBound

  /// - Parameters:
  ///   - x: `[N, C, H, W]` in [0, 1].
  ///   - posterior: q(z|x), a row a picture.
  ///   - noise: `[N L K, ...]`, L K rows to a picture.
  ///   - samples: L.
  ///   - rateWeight: what log p(z) - log q(z|x) is multiplied by in the loss, a scalar; nil for 1.
  init(
    _ model: FlatModel, _ x: Value, posterior: any LatentPosterior,
    noise: LatentNoise, samples: Int, estimator: Estimator, rateWeight: Value? = nil
  ) {
    let parts = Parts(
      model, x, posterior, noise, draws: samples * estimator.importanceSamples)
    let rows: Shape = [x.shape[0] * samples, estimator.importanceSamples]
    switch estimator {
    case .sgvbB:
      guard let rate = posterior.divergence(from: parts.prior) else {
        preconditionFailure("estimator B needs the divergence in closed form")
      }
      let distortion = -parts.likelihood(parts.draw.latents).logDensity(parts.pictures)
        .meanOfDraws(pictures: x.shape[0])
      bound = EvidenceLowerBound(rate: rate, distortion: distortion)
      loss = ((rateWeight.map { rate * $0 } ?? rate) + distortion).mean()
    case .sgvbA, .importanceWeighted(_, isDoublyReparameterized: false):
      let weights = LogWeights(
        parts, at: parts.draw.latents, logPosterior: parts.draw.logDensity, rows)
      loss = -weights.weighted(by: rateWeight).logMean.mean()
      bound = weights.bound
    case .importanceWeighted(_, isDoublyReparameterized: true):
      let fixed = parts.draw.latents.stoppingGradient()
      let weights = LogWeights(
        parts, at: fixed,
        logPosterior: parts.posterior.stoppingGradient().logDensity(fixed), rows)
      loss = Self.doublyReparameterized(
        weights.weighted(by: rateWeight), parts.draw.latents, fixed: fixed)
      bound = weights.bound
    case .scoreFunction:
      let fixed = parts.draw.latents.stoppingGradient()
      let logPosterior = parts.posterior.logDensity(fixed)
      let weights = LogWeights(
        parts, at: fixed, logPosterior: logPosterior.stoppingGradient(), rows)
      let worth = weights.weighted(by: rateWeight).logMean
      let score = logPosterior.reshaped(to: worth.shape) * worth.stoppingGradient()
      loss = -(worth + score).mean()
      bound = weights.bound
    }
  }

  /// The loss with the gradient of Tucker et al. 2019, equation 8: with normalized weights v_k, held
  /// fixed, sum_k v_k d log w_k for the decoder and the prior, and for the encoder
  /// sum_k v_k^2 (d log w_k / d z_k) (d z_k / d phi), q's parameters in log w_k held fixed.
  ///
  /// - Parameters:
  ///   - weights: at `fixed`, of which no gradient reaches the encoder but through the prior.
  ///   - z: the draws, `[N L K, D]`.
  ///   - fixed: the draws, through which no gradient flows.
  private static func doublyReparameterized(
    _ weights: LogWeights, _ z: Value, fixed: Value
  ) -> Value {
    let shares = weights.shares
    let (count, draws) = (weights.logWeights.shape[0], z.shape[0])
    let direct = (shares * weights.logWeights).sum() * (-1 / Float(count))
    // Of the same nodes as the trainer's gradient, so that they are computed once.
    let slopes = z.graph.gradient(of: direct, withRespectTo: [fixed])[0]
    let path = (slopes * shares.reshaped(to: [draws, 1])).stoppingGradient() * z
    // The value stays that of the bound.
    let value = -weights.logMean.mean() - direct
    let pathOnly = path.sum()
    return direct + pathOnly - pathOnly.stoppingGradient() + value.stoppingGradient()
  }

  /// What a draw is made of.
  private struct Parts {
    let pictures: Value
    let posterior: any LatentPosterior
    let prior: any LatentPrior
    let draw: PosteriorDraw
    let likelihood: (Value) -> any PixelDistribution

    init(
      _ model: FlatModel, _ x: Value, _ posterior: any LatentPosterior,
      _ noise: LatentNoise, draws: Int
    ) {
      pictures = x.repeatingRows(draws)
      self.posterior = posterior.repeated(draws)
      prior = model.prior(x.graph)
      draw = self.posterior.draw(noise)
      let image = ImageShape(batch: x)
      likelihood = { model.likelihood($0, of: image) }
    }
  }

  /// log w of draws, K to a row.
  private struct LogWeights {
    /// log p(x|z), `[N L, K]`.
    let logLikelihood: Value
    /// log p(z) - log q(z|x), `[N L, K]`.
    let logRatio: Value

    init(_ parts: Parts, at z: Value, logPosterior: Value, _ rows: Shape) {
      logLikelihood = parts.likelihood(z).logDensity(parts.pictures).reshaped(to: rows)
      logRatio = (parts.prior.logDensity(z) - logPosterior).reshaped(to: rows)
    }

    private init(logLikelihood: Value, logRatio: Value) {
      self.logLikelihood = logLikelihood
      self.logRatio = logRatio
    }

    func weighted(by rateWeight: Value?) -> LogWeights {
      LogWeights(
        logLikelihood: logLikelihood, logRatio: rateWeight.map { logRatio * $0 } ?? logRatio)
    }

    var logWeights: Value { logLikelihood + logRatio }

    /// log 1/K sum w, `[N L]`.
    var logMean: Value {
      let weights = logWeights
      let count = weights.shape[1]
      return count == 1
        ? weights.reshaped(to: [weights.shape[0]])
        : weights.logSumExp([1]) - logOf(Float(count))
    }

    /// w / sum w, `[N L, K]`, through which no gradient flows.
    var shares: Value {
      let weights = logWeights
      let sum = weights.logSumExp([1]).reshaped(to: [weights.shape[0], 1])
      return (weights - sum).exp().stoppingGradient()
    }

    var bound: EvidenceLowerBound {
      let distortion = -(shares * logLikelihood).sum([1])
      return EvidenceLowerBound(rate: -logMean - distortion, distortion: distortion)
    }
  }
}
