import Graphs
import Tensors
import VAE

/// p(x|z) of many latents at once.
final class LatentDecoder {
  /// Latents a run.
  let rows: Int
  private let function: Function<(z: Value, mean: Value, variance: Value)>

  /// The distribution of a picture's pixels given its latents.
  struct Picture {
    /// E[x|z], `C H W` numbers.
    let mean: [Float]
    /// Var[x|z], `C H W` numbers.
    let variance: [Float]
  }

  init(_ model: Model, rows: Int, backend: any Backend) throws {
    self.rows = rows
    let graph = Graph()
    let z = graph.input([rows, model.configuration.latents])
    let pixels = model.network.likelihood(z, of: model.configuration.image)
    let (mean, variance) = (pixels.mean, pixels.variance)
    function = try Function(
      graph, (z, mean, variance), outputs: [mean, variance, pixels.location],
      parameters: model.parameters, backend: backend)
  }

  /// Decodes latents, one row each.
  ///
  /// - Precondition: `z` has `rows` vectors.
  func decode(_ z: [[Float]]) throws -> [Picture] {
    precondition(z.count == rows, "a vector a row")
    return try function(
      { $0.set($1.z, rows: z) },
      read: { results, values in
        (0..<rows).map {
          Picture(
            mean: Array(results.row($0, of: values.mean)),
            variance: Array(results.row($0, of: values.variance)))
        }
      })
  }
}
