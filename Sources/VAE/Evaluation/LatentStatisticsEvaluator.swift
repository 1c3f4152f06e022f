import Graphs

/// Gathers the posteriors of pictures of a flat model's size, batch by batch.
package final class LatentStatisticsEvaluator {
  /// Pictures a run.
  package let batchSize: Int
  package private(set) var statistics: LatentStatistics
  private let pixels: Int
  private let encoder: Function<(x: Value, posterior: DiagonalGaussian)>

  /// - Precondition: the model takes pictures of one size.
  package init(_ model: Model, batchSize: Int = 100, backend: any Backend) throws {
    let configuration = model.configuration
    precondition(!configuration.takesAnySize, "as many latents of every picture")
    self.batchSize = batchSize
    statistics = LatentStatistics(
      latents: configuration.latents,
      isPriorStandardNormal: configuration.prior == .standardNormal)
    pixels = configuration.image.count
    let graph = Graph()
    let x = graph.input(configuration.image.batch(batchSize))
    let posterior = model.network.encoded(x, noise: nil).posterior
    encoder = try Function(
      graph, (x, posterior), outputs: [posterior.mean, posterior.logVariance],
      parameters: model.parameters, backend: backend)
  }

  /// Forgets all pictures.
  func restart() {
    statistics = LatentStatistics(
      latents: statistics.latents, isPriorStandardNormal: statistics.isPriorStandardNormal)
  }

  /// Takes in up to `batchSize` pictures.
  ///
  /// - Parameter pictures: their samples one after another, `[n, C, H, W]`, in [0, 1].
  package func add(_ pictures: [Float]) throws {
    let count = pictures.count / pixels
    precondition(count <= batchSize && count * pixels == pictures.count, "whole pictures")
    try encoder(
      { inputs, values in
        inputs.set(values.x, to: 0)
        _ = inputs[values.x].update(fromContentsOf: pictures)
      },
      read: { results, values in
        for row in 0..<count {
          statistics.add(
            mean: results.row(row, of: values.posterior.mean),
            logVariance: results.row(row, of: values.posterior.logVariance))
        }
      })
  }
}
