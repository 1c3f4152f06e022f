import Graphs
import Networks

/// One group of latents on the top-down path: blocks, the latents, blocks, and the way up.
struct TopDownGroup: Sendable {
  let activation: UnaryFunction
  let before: Sequential
  let after: Sequential
  /// To the prior's mean and log variance.
  let prior: Convolution
  /// From f of the state and of the target's features, `[N, w + t, h, w]`, to the posterior relative to the
  /// prior.
  let posterior: any Layer
  /// From a draw into the state.
  let latent: Convolution
  /// To the state of the next finer grid; none where the next group is on the same grid, or there is none.
  let up: Sequential?
  let latentChannels: Int

  /// - Parameters:
  ///   - width: channels of the state.
  ///   - latents: channels of the latents.
  init(
    _ name: String, width: Int, latents: Int, activation: UnaryFunction, before: Sequential,
    posterior: any Layer, after: Sequential, up: Sequential?
  ) {
    self.activation = activation
    self.before = before
    self.after = after
    self.posterior = posterior
    self.up = up
    latentChannels = latents
    prior = Convolution(
      "\(name).prior", inputs: width, outputs: 2 * latents, kernel: 1, initializer: .constant(0))
    latent = Convolution("\(name).latent", inputs: latents, outputs: width, kernel: 1)
  }

  var parameters: [ParameterSpecification] {
    before.parameters + prior.parameters + posterior.parameters + latent.parameters
      + after.parameters + (up?.parameters ?? [])
  }

  /// p(z_k | z_>k, y) from the state, `[N, c, h, w]`.
  func prior(of state: Value) -> DiagonalGaussian {
    DiagonalGaussian(softClamped: prior(state.map(activation)), channels: latentChannels)
  }

  /// q(z_k | z_>k, x, y) in the coordinates in which the prior is N(0, I).
  func posterior(of state: Value, target: Value) -> DiagonalGaussian {
    let features = Value.concatenate([state.map(activation), target.map(activation)], axis: 1)
    return DiagonalGaussian(softClamped: posterior(features), channels: latentChannels)
  }

  /// The state after the group's latents.
  ///
  /// - Parameter choose: the latents, given the prior and the state it was made from.
  func callAsFunction(
    _ entering: Value, _ choose: (DiagonalGaussian, Value) -> Value
  ) -> Value {
    let state = before(entering)
    return after(state + latent(choose(prior(of: state), state)))
  }
}

extension DiagonalGaussian {
  /// Means, and log variances kept within -5...5 smoothly, from the two halves of a layer's
  /// channels.
  fileprivate init(softClamped output: Value, channels: Int) {
    self.init(
      mean: output.sliced(axis: 1, 0..<channels),
      logVariance: (output.sliced(axis: 1, channels..<2 * channels) * 0.2).tanh() * 5)
  }
}
