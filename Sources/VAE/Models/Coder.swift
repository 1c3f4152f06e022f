import Graphs
import Tensors

/// Pictures to latents and back, one at a time.
///
/// The batch is always 1, so that a result does not depend on what was coded with it: `encode` piped
/// into `decode` gives the very bytes of `reconstruct`.
///
/// A hierarchical model takes pictures of any size. Where the extents are no multiples of its
/// stride, the last row and column are repeated up to the next ones, the latents are those of the
/// larger picture, and what is decoded from them is cropped.
public final class Coder {
  private let model: Model
  private let backend: any Backend
  private var encoders = PlanCache()
  private var samplers = PlanCache()
  private var decoders = PlanCache()
  private var priors = PlanCache()

  public init(_ model: Model, backend: any Backend) {
    self.model = model
    self.backend = backend
  }

  /// q(z|x) of one picture by its means and variances.
  public struct Posterior: Hashable, Sendable {
    /// `[D]`; of an inverse autoregressive flow, where it takes the mean of its base.
    public let mean: Tensor
    /// The logarithm of every latent's variance, `[D]`; of a flow, that of its linearisation there.
    public let logVariance: Tensor

    fileprivate func sample(noise: Tensor) -> Tensor {
      Tensor(
        mean.shape,
        mean.elements.indices.map {
          mean[$0] + UnaryFunction.exp.value(at: 0.5 * logVariance[$0]) * noise[$0]
        })
    }
  }

  /// q(z|x); of a hierarchical model, every group given the means of the groups above.
  ///
  /// - Parameter picture: `[C, H, W]` in [0, 1], of a size that the model takes.
  public func encode(_ picture: Tensor) throws -> Posterior {
    let network = model.network(for: picture)
    let image = network.configuration.image
    let plan = try encoders.plan(image) {
      let graph = Graph()
      let posterior = network.posterior(graph.input("x", image.batch(1)))
      return try self.plan(graph, [posterior.mean, posterior.logVariance])
    }
    return try posterior(picture, plan, network.configuration)
  }

  /// A draw from q(z|x) with the posterior that it was drawn from: of a hierarchical model, every
  /// group's given the draws of the groups above.
  ///
  /// - Parameter picture: `[C, H, W]` in [0, 1], of a size that the model takes.
  public func sample(
    _ picture: Tensor, using random: inout RandomSource
  ) throws -> (latents: Tensor, posterior: Posterior) {
    let network = model.network(for: picture)
    let (image, latents) = (network.configuration.image, network.configuration.latents)
    guard network.configuration.posterior == .diagonal else {
      return try sampleFlat(picture, network, using: &random)
    }
    let noise = random.normal([latents])
    let plan = try samplers.plan(image) {
      let graph = Graph()
      let posterior = network.posterior(
        graph.input("x", image.batch(1)), noise: graph.input("noise", [1, latents]))
      return try self.plan(graph, [posterior.mean, posterior.logVariance])
    }
    plan.fill("noise", with: noise.reshaped(to: [1, latents]))
    let posterior = try posterior(picture, plan, network.configuration)
    return (posterior.sample(noise: noise), posterior)
  }

  /// A draw from another posterior than the diagonal Gaussian.
  private func sampleFlat(
    _ picture: Tensor, _ network: VariationalAutoencoder, using random: inout RandomSource
  ) throws -> (latents: Tensor, posterior: Posterior) {
    let (image, latents) = (network.configuration.image, network.configuration.latents)
    let plan = try samplers.plan(image) {
      let graph = Graph()
      let posterior = network.flatPosterior(graph.input("x", image.batch(1)))
      let draw = posterior.draw(LatentNoise(graph, rows: 1, network.posteriorNoise))
      return try self.plan(graph, [posterior.mean, posterior.logVariance, draw.latents])
    }
    plan.fillNoise(using: &random)
    let posterior = try posterior(picture, plan, network.configuration)
    return (plan.output(2).reshaped(to: [latents]), posterior)
  }

  /// E[x|z], `[C, H, W]`.
  ///
  /// - Parameters:
  ///   - latents: `[D]`, as many as such a picture has.
  ///   - image: the picture's extents; those the model was trained on without it.
  public func decode(_ latents: Tensor, image: ImageShape? = nil) throws -> Tensor {
    let image = image ?? model.configuration.image
    let network = model.network(for: image)
    let plan = try decoders.plan(network.configuration.image) {
      let graph = Graph()
      let likelihood = network.likelihood(
        graph.input("z", [1, network.configuration.latents]))
      return try self.plan(graph, [likelihood.mean, likelihood.location])
    }
    plan.fill("z", with: latents.reshaped(to: [1, network.configuration.latents]))
    return try picture(plan, network.configuration, image)
  }

  /// E[x|z] of a draw z from the prior, `[C, H, W]`.
  ///
  /// - Parameters:
  ///   - image: the picture's extents; those the model was trained on without it.
  ///   - temperature: what the standard deviation of every group, or of the prior's components, is
  ///     multiplied by.
  public func drawPicture(
    image: ImageShape? = nil, temperature: Float = 1, using random: inout RandomSource
  ) throws -> Tensor {
    let image = image ?? model.configuration.image
    let network = model.network(for: image)
    let plan = try priors.plan(network.configuration.image) {
      let graph = Graph()
      let noise = LatentNoise(graph, rows: 1, network.priorNoise)
      return try self.plan(
        graph,
        network.priorPicture(noise: noise, temperature: graph.input("temperature", .scalar)))
    }
    plan.fillNoise(using: &random)
    plan.input("temperature")?[0] = temperature
    return try picture(plan, network.configuration, image)
  }

  private func plan(_ graph: Graph, _ outputs: [Value]) throws -> Plan {
    try Plan(graph, outputs: outputs, parameters: model.parameters, backend: backend)
  }

  private func posterior(
    _ picture: Tensor, _ plan: Plan, _ configuration: Configuration
  ) throws -> Posterior {
    plan.fill("x", withPicture: picture, image: configuration.image)
    try plan.runChecked()
    let latents: Shape = [configuration.latents]
    return Posterior(
      mean: plan.output(0).reshaped(to: latents),
      logVariance: plan.output(1).reshaped(to: latents))
  }

  private func picture(
    _ plan: Plan, _ configuration: Configuration, _ image: ImageShape
  ) throws -> Tensor {
    try plan.runChecked()
    return plan.output(0).reshaped(to: configuration.image.shape)
      .cropped(height: image.height, width: image.width)
  }
}
