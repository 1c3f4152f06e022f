import Graphs

/// Gathers the posteriors of pictures of a flat model's size, batch by batch.
public final class LatentStatisticsEvaluator {
  /// Pictures a run.
  public let batchSize: Int
  public private(set) var statistics: LatentStatistics
  private let pixels: Int
  private let plan: Plan

  /// - Precondition: the model is flat.
  public init(_ model: Model, batchSize: Int = 100, backend: any Backend) throws {
    let configuration = model.configuration
    precondition(configuration.hierarchy == nil, "one group of latents")
    self.batchSize = batchSize
    statistics = LatentStatistics(
      latents: configuration.latents,
      isPriorStandardNormal: configuration.prior == .standardNormal)
    pixels = configuration.image.count
    let graph = Graph()
    let posterior = model.network.posterior(
      graph.input("x", configuration.image.batch(batchSize)))
    plan = try Plan(
      graph, outputs: [posterior.mean, posterior.logVariance], parameters: model.parameters,
      backend: backend)
  }

  /// Takes in up to `batchSize` pictures.
  ///
  /// - Parameter pictures: their samples one after another, `[n, C, H, W]`, in [0, 1].
  public func add(_ pictures: UnsafeBufferPointer<Float>) throws {
    let count = pictures.count / pixels
    precondition(count <= batchSize && count * pixels == pictures.count, "whole pictures")
    if let x = plan.input("x") {
      x.update(repeating: 0)
      _ = x.update(fromContentsOf: pictures)
    }
    try plan.runChecked()
    let latents = statistics.latents
    for row in 0..<count {
      let range = row * latents..<(row + 1) * latents
      statistics.add(
        mean: plan.outputBuffer(0)[range], logVariance: plan.outputBuffer(1)[range])
    }
  }
}
