import Graphs
import Networks
import Tensors

/// The evidence lower bound of pictures, batch by batch.
public final class BoundEvaluator {
  /// The bound of one picture, in nats.
  public struct Bound: Hashable, Sendable {
    /// KL(q(z|x) || p(z)).
    public let rate: Float
    /// -E_q[log p(x|z)].
    public let distortion: Float

    public var bound: Float { -(rate + distortion) }
  }

  /// Pictures a run.
  public let batchSize: Int
  private let samples: Int
  private let image: ImageShape
  private let plan: Plan

  /// - Parameter samples: L, draws of the posterior per picture.
  public init(
    _ model: Model, batchSize: Int = 100, samples: Int = 1, backend: any Backend
  ) throws {
    self.batchSize = batchSize
    self.samples = samples
    image = model.configuration.image
    let graph = Graph()
    let bound = model.network.bound(
      graph.input("x", image.batch(batchSize)),
      noise: graph.input("noise", [batchSize * samples, model.configuration.latents]),
      samples: samples)
    plan = try Plan(
      graph, outputs: [bound.rate, bound.distortion], parameters: model.parameters,
      backend: backend)
  }

  /// The bounds of up to `batchSize` pictures.
  ///
  /// - Parameter pictures: their samples one after another, `[n, C, H, W]`, in [0, 1].
  public func evaluate(
    _ pictures: UnsafeBufferPointer<Float>, using random: inout RandomSource
  ) throws -> [Bound] {
    let count = pictures.count / image.count
    precondition(count <= batchSize && count * image.count == pictures.count)
    if let x = plan.input("x") {
      x.update(repeating: 0)
      _ = x.update(fromContentsOf: pictures)
    }
    if let noise = plan.input("noise") { random.fillNormal(noise) }
    try plan.run()
    let (rates, distortions) = (plan.outputBuffer(0), plan.outputBuffer(1))
    return (0..<count).map { Bound(rate: rates[$0], distortion: distortions[$0]) }
  }
}
