import Graphs
import Tensors

/// Pictures to latents and back, one at a time.
///
/// The batch is always 1, so that a result does not depend on what was coded with it: `encode` piped
/// into `decode` gives the very bytes of `reconstruct`.
public final class Coder {
  private let model: Model
  private let backend: any Backend
  private var encoder: Plan?
  private var decoder: Plan?

  public init(_ model: Model, backend: any Backend) {
    self.model = model
    self.backend = backend
  }

  /// q(z|x) of one picture.
  public struct Posterior: Hashable, Sendable {
    /// `[D]`.
    public let mean: Tensor
    /// log sigma^2, `[D]`.
    public let logVariance: Tensor

    /// A draw from the posterior, `[D]`.
    public func sample(using random: inout RandomSource) -> Tensor {
      let noise = random.normal(mean.shape)
      return Tensor(
        mean.shape,
        mean.shape.count == 0
          ? []
          : mean.elements.indices.map {
            mean[$0] + UnaryFunction.exp.value(at: 0.5 * logVariance[$0]) * noise[$0]
          })
    }
  }

  /// q(z|x).
  ///
  /// - Parameter picture: `[C, H, W]` in [0, 1].
  public func encode(_ picture: Tensor) throws -> Posterior {
    let image = model.configuration.image
    let plan = try encoder ?? makeEncoder()
    encoder = plan
    plan.fill("x", with: picture.reshaped(to: image.batch(1)))
    try plan.run()
    let latents: Shape = [model.configuration.latents]
    return Posterior(
      mean: plan.output(0).reshaped(to: latents),
      logVariance: plan.output(1).reshaped(to: latents))
  }

  /// E[x|z], `[C, H, W]`.
  ///
  /// - Parameter latents: `[D]`.
  public func decode(_ latents: Tensor) throws -> Tensor {
    let plan = try decoder ?? makeDecoder()
    decoder = plan
    plan.fill("z", with: latents.reshaped(to: [1, model.configuration.latents]))
    try plan.run()
    return plan.output(0).reshaped(to: model.configuration.image.shape)
  }

  private func makeEncoder() throws -> Plan {
    let graph = Graph()
    let posterior = model.network.posterior(
      graph.input("x", model.configuration.image.batch(1)))
    return try Plan(
      graph, outputs: [posterior.mean, posterior.logVariance], parameters: model.parameters,
      backend: backend)
  }

  private func makeDecoder() throws -> Plan {
    let graph = Graph()
    let likelihood = model.network.likelihood(
      graph.input("z", [1, model.configuration.latents]))
    return try Plan(
      graph, outputs: [likelihood.mean], parameters: model.parameters, backend: backend)
  }
}
