import Graphs
import Tensors
import VAE

/// p(x|z) of many latents at once.
final class LatentDecoder {
  /// Latents a run.
  let rows: Int
  private let pixels: Int
  private let plan: Plan

  /// The distribution of a picture's pixels given its latents.
  struct Picture {
    /// E[x|z], `C H W` numbers.
    let mean: [Float]
    /// Var[x|z], `C H W` numbers.
    let variance: [Float]
  }

  init(_ model: Model, rows: Int, backend: any Backend) throws {
    self.rows = rows
    pixels = model.configuration.image.count
    let graph = Graph()
    let likelihood = model.network.likelihood(
      graph.input("z", [rows, model.configuration.latents]))
    plan = try Plan(
      graph, outputs: [likelihood.mean, likelihood.variance, likelihood.location],
      parameters: model.parameters, backend: backend)
  }

  /// Decodes latents, one row each.
  ///
  /// - Precondition: `z` has `rows` vectors.
  func decode(_ z: [[Float]]) throws -> [Picture] {
    precondition(z.count == rows, "a vector a row")
    plan.fillRows("z", z)
    try plan.runChecked()
    let (mean, variance) = (plan.outputBuffer(0), plan.outputBuffer(1))
    return (0..<rows).map { row in
      let range = row * pixels..<(row + 1) * pixels
      return Picture(mean: Array(mean[range]), variance: Array(variance[range]))
    }
  }
}
