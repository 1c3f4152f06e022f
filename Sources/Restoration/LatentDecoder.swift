import Graphs
import Tensors
import VAE

/// p(x|z) of many latents at once, with log p(y|z) of what was seen.
final class LatentDecoder {
  /// Latents a run.
  let rows: Int
  private let pixels: Int
  private let plan: Plan

  /// The distribution of one picture given its latents, and how well it explains the observation.
  struct Picture {
    /// E[x|z], `C H W` numbers.
    let mean: [Float]
    /// Var[x|z], `C H W` numbers.
    let variance: [Float]
    /// log p(y|z) over the known pixels, in nats.
    let logLikelihood: Float
  }

  init(_ model: Model, rows: Int, isNoisy: Bool, backend: any Backend) throws {
    self.rows = rows
    pixels = model.configuration.image.count
    let graph = Graph()
    let image = model.configuration.image
    let likelihood = model.network.likelihood(
      graph.input("z", [rows, model.configuration.latents]))
    let y = graph.input("y", image.batch(rows))
    let logDensity =
      isNoisy
      ? likelihood.noisyPixelLogDensity(
        y, noiseVariance: graph.input("noiseVariance", [rows, 1, 1, 1]))
      : likelihood.pixelLogDensity(y)
    let seen = (logDensity * graph.input("known", image.batch(rows))).sum([1, 2, 3])
    plan = try Plan(
      graph, outputs: [likelihood.mean, likelihood.variance, seen],
      parameters: model.parameters, backend: backend)
  }

  /// Decodes up to `rows` latents of one observation.
  func decode(_ z: [[Float]], _ observation: Observation) throws -> [Picture] {
    var pictures: [Picture] = []
    for start in stride(from: 0, to: z.count, by: rows) {
      let part = Array(z[start..<min(start + rows, z.count)])
      plan.fillRows("z", (0..<rows).map { part[min($0, part.count - 1)] })
      plan.fillRows("y", [[Float]](repeating: observation.pixels.elements, count: rows))
      plan.fillRows(
        "known", [[Float]](repeating: observation.known?.elements ?? [1], count: rows))
      plan.fillRows("noiseVariance", [[observation.noiseDeviation * observation.noiseDeviation]])
      try plan.run()
      let (mean, variance, seen) = (
        plan.outputBuffer(0), plan.outputBuffer(1), plan.outputBuffer(2)
      )
      pictures += part.indices.map { row in
        let range = row * pixels..<(row + 1) * pixels
        return Picture(
          mean: Array(mean[range]), variance: Array(variance[range]), logLikelihood: seen[row])
      }
    }
    return pictures
  }
}

/// log p(z) under N(0, I), without the constant.
func logPrior(_ z: [Float]) -> Float { z.reduce(0) { $0 - 0.5 * $1 * $1 } }

/// log N(z; mean, diag exp logVariance), without the constant.
func logGaussian(_ z: [Float], _ fit: PosteriorRefiner.Fit) -> Float {
  var sum: Float = 0
  for i in z.indices {
    let difference = z[i] - fit.mean[i]
    sum -= 0.5 * (difference * difference * exponential(-fit.logVariance[i]) + fit.logVariance[i])
  }
  return sum
}
