import Graphs
import Tensors

/// Restoring a window of a picture with a conditional model, in two parts: the condition is encoded
/// once, then any number of ways down can be taken.
extension VariationalAutoencoder {
  /// The condition's features that the decoder needs for a window, one value a level from 1/2
  /// downwards, `[1, c, h, w]`.
  ///
  /// - Precondition: the model is conditional, and the condition has the window's extents.
  public func features(_ condition: ConditionValues, _ window: RestorationWindow) -> [Value] {
    narrowedPass(condition, window).features
  }

  /// The best single estimate: E[x|z, y] with every latent at its prior's mean, `[1, C, H, W]` of
  /// the core.
  ///
  /// - Precondition: the model is conditional, and the condition has the window's extents.
  public func estimate(_ condition: ConditionValues, _ window: RestorationWindow) -> Value {
    narrowedPass(condition, window).priorPath()
  }

  /// E[x|z, y] for a draw z of p(z|y), `[1, C, H, W]` of the core. No noise gives `estimate`.
  ///
  /// - Parameters:
  ///   - features: as `features` gives them.
  ///   - observation: the core's, `[1, C, H, W]`.
  ///   - noise: standard normal numbers on the window's grids, one value a level from 1/2 downwards.
  public func sample(
    features: [Value], observation: Value, noise: [Value], _ window: RestorationWindow
  ) -> Value {
    pass(features: features, observation: observation, window: window).priorSample(noise: noise)
  }

  private func narrowedPass(
    _ condition: ConditionValues, _ window: RestorationWindow
  ) -> HierarchicalPass {
    guard let sized = configuration.resized(width: window.width, height: window.height),
      sized.isConditional
    else { preconditionFailure("a conditional model and multiples of its stride") }
    return VariationalAutoencoder(sized).pass(condition).narrowed(to: window)
  }
}
