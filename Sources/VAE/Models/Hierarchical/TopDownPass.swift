import Graphs
import Tensors

/// The way of a batch down groups of latents, from the coarsest grid to the finest, as nodes of a graph:
/// what prior, posterior and likelihood of a model with groups have in common.
protocol TopDownPass {
  /// The layers of the groups, from the finest grid to the coarsest.
  var groups: [TopDownGroup] { get }

  /// What the posteriors know of pictures, a value a group, from the finest grid to the coarsest.
  ///
  /// - Parameter x: `[N, C, H, W]` in [0, 1].
  func target(_ x: Value) -> [Value]

  /// What becomes of one group's latents on the way down.
  ///
  /// - Parameters:
  ///   - group: from 0, the finest.
  ///   - prior: p(z_k | z_>k).
  ///   - state: the top-down state from which the prior was made.
  /// - Returns: z_k, `[N, c, h, w]`.
  typealias Latents = (_ group: Int, _ prior: DiagonalGaussian, _ state: Value) -> Value

  /// The way down: what p(x|z) is made from, for latents that `latents` chooses group by group.
  func decode(_ latents: Latents) -> Value

  /// p(x|z) from what `decode` gives.
  func likelihood(_ output: Value) -> any PixelDistribution
}

/// The way down along the posterior.
struct PosteriorPath {
  /// What `TopDownPass.decode` gives for the draws.
  let output: Value
  /// KL(q(z_k | z_>k, x) || p(z_k | z_>k)) in closed form for these draws of the groups above, a value a
  /// group from the finest, `[N]`.
  let rates: [Value]
  /// q(z_k | z_>k, x), a group each from the finest, `[N, c, h, w]`.
  let posteriors: [DiagonalGaussian]
  /// As many, in the coordinates in which the prior p(z_k | z_>k) is N(0, I).
  let relativePosteriors: [DiagonalGaussian]
  /// log p(z) - log q(z|x) at the draws, `[N]`.
  let logRatio: Value

  /// KL(q(z|x) || p(z)) for these draws, `[N]`: the sum over the groups.
  var rate: Value { rates.dropFirst().reduce(rates[0], +) }
}

extension TopDownPass {
  /// The best single estimate: every latent at its prior's mean.
  func priorPath() -> Value { decode { _, prior, _ in prior.mean } }

  /// What `decode` gives for a draw from the prior.
  ///
  /// - Parameter noise: a standard normal value a group, `[N, c, h, w]`, from the finest.
  func priorSample(noise: [Value]) -> Value {
    decode { group, prior, _ in prior.sample(noise: noise[group]) }
  }

  /// - Parameters:
  ///   - x: `[N, C, H, W]`.
  ///   - noise: a standard normal value a group; nil takes every posterior's mean.
  func posteriorPath(_ x: Value, noise: [Value]?) -> PosteriorPath {
    let target = target(x)
    var rates: [Value] = []
    var ratios: [Value] = []
    var posteriors: [DiagonalGaussian] = []
    var relativePosteriors: [DiagonalGaussian] = []
    let output = decode { group, prior, state in
      let relative = groups[group].posterior(of: state, target: target[group])
      let z = noise.map { relative.sample(noise: $0[group]) } ?? relative.mean
      rates.insert(relative.divergenceFromStandardNormal(), at: 0)
      ratios.append(StandardNormal.logDensity(z) - relative.logDensity(z))
      posteriors.insert(relative.mapped(through: prior), at: 0)
      relativePosteriors.insert(relative, at: 0)
      return prior.sample(noise: z)
    }
    return PosteriorPath(
      output: output, rates: rates, posteriors: posteriors,
      relativePosteriors: relativePosteriors,
      logRatio: ratios.dropFirst().reduce(ratios[0], +))
  }
}
