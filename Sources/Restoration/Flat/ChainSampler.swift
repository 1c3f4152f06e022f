import Graphs
import Pictures
import Platform
import Tensors
import VAE

/// Chains over (z, missing pixels) given the seen ones, a row each.
final class ChainSampler {
  /// Is told of every iteration.
  var progress: ProgressHandler?
  let rows: Int
  private let image: ImageShape
  private let latents: Int
  private let encoder: Function<(x: Value, posterior: DiagonalGaussian)>
  private let decoder: Function<Decoding>
  private let likelihood: Configuration.Likelihood

  private struct Decoding {
    let z: Value
    let x: Value
    let mean: Value
    let logDensity: Value
    let logPrior: Value
    let parameters: [Value]
  }

  /// p(x|z) of a picture and a vector.
  private struct Pixels {
    /// E[x|z].
    let mean: [Float]
    let logDensity: Float
    /// log p(z).
    let logPrior: Float
    /// For the sampler.
    let parameters: [[Float]]
  }

  init(_ model: Model, rows: Int, backend: any Backend) throws {
    self.rows = rows
    image = model.configuration.image
    latents = model.configuration.latents
    self.likelihood = model.configuration.likelihood
    let encoding = Graph()
    let picture = encoding.input(image.batch(rows))
    let posterior = model.network.encoded(picture, noise: nil).posterior
    encoder = try Function(
      encoding, (picture, posterior), outputs: [posterior.mean, posterior.logVariance],
      parameters: model.parameters, backend: backend)
    let decoding = Graph()
    let z = decoding.input([rows, latents])
    let x = decoding.input(image.batch(rows))
    let pixels = model.network.likelihood(z, of: image)
    let values = Decoding(
      z: z, x: x, mean: pixels.mean, logDensity: pixels.logDensity(x),
      logPrior: model.network.priorLogDensity(z), parameters: pixels.drawParameters)
    decoder = try Function(
      decoding, values,
      outputs: [values.mean, values.logDensity, values.logPrior] + values.parameters,
      parameters: model.parameters, backend: backend)
  }

  /// q(z|x) of a picture a row.
  func posteriors(_ pictures: [[Float]]) throws -> [PosteriorRefiner.Fit] {
    try encoder(
      { $0.set($1.x, rows: pictures) },
      read: { results, values in
        (0..<rows).map {
          PosteriorRefiner.Fit(
            mean: Array(results.row($0, of: values.posterior.mean)),
            logVariance: Array(results.row($0, of: values.posterior.logVariance)))
        }
      })
  }

  /// E[x|z] of a vector a row.
  func means(_ z: [[Float]]) throws -> [[Float]] {
    try decoder(
      { $0.set($1.z, rows: z) },
      read: { results, values in (0..<rows).map { Array(results.row($0, of: values.mean)) } })
  }

  /// p(x|z) of a picture and a vector a row, and p(z).
  private func likelihoods(_ z: [[Float]], _ x: [[Float]]) throws -> [Pixels] {
    try decoder(
      { inputs, values in
        inputs.set(values.z, rows: z)
        inputs.set(values.x, rows: x)
      },
      read: { results, values in
        (0..<rows).map { row in
          Pixels(
            mean: Array(results.row(row, of: values.mean)),
            logDensity: results[values.logDensity][row], logPrior: results[values.logPrior][row],
            parameters: values.parameters.map { Array(results.row(row, of: $0)) })
        }
      })
  }

  /// Runs every row's chain.
  ///
  /// - Parameters:
  ///   - starts: z at first, one a row.
  ///   - iterations: steps that count; a fifth as many go before.
  ///   - isExact: whether z is accepted by Metropolis and Hastings' rule.
  /// - Returns: each chain's mean of E[x|z], and E[x|z] at its end.
  func run(
    _ observation: Observation, from starts: [[Float]], iterations: Int, isExact: Bool,
    using random: inout RandomSource
  ) throws -> [(mean: [Float], last: [Float])] {
    precondition(starts.count == rows)
    let known = observation.known ?? Tensor(observation.pixels.shape, repeating: 1)
    var z = starts
    var x = [[Float]](repeating: observation.pixels.elements, count: rows)
    var pictures = try likelihoods(z, x)
    for row in 0..<rows { x[row] = complete(observation.pixels, known, pictures[row], &random) }
    var sums = [[Float]](
      repeating: [Float](repeating: 0, count: image.count), count: rows)

    let burnIn = iterations / 5
    for iteration in 0..<burnIn + iterations {
      try WorkProgress.report(iteration, of: burnIn + iterations, to: progress)
      let proposals = try posteriors(x)
      let proposed = proposals.map { $0.sample(using: &random) }
      let current = isExact ? try likelihoods(z, x) : pictures
      let next = try likelihoods(proposed, x)
      for row in 0..<rows {
        let ratio =
          next[row].logDensity + next[row].logPrior
          - logGaussian(proposed[row], proposals[row])
          - current[row].logDensity - current[row].logPrior + logGaussian(z[row], proposals[row])
        if !isExact || ratio >= 0 || random.nextUniform() < expf(ratio) {
          z[row] = proposed[row]
          pictures[row] = next[row]
        } else {
          pictures[row] = current[row]
        }
        x[row] = complete(observation.pixels, known, pictures[row], &random)
        if iteration >= burnIn {
          for i in sums[row].indices { sums[row][i] += pictures[row].mean[i] }
        }
      }
    }
    return (0..<rows).map { row in
      let scale = 1 / Float(max(iterations, 1))
      return (sums[row].map { $0 * scale }, pictures[row].mean)
    }
  }

  /// The seen pixels, and a draw of p(x|z) for the others.
  private func complete(
    _ seen: Tensor, _ known: Tensor, _ pixels: Pixels, _ random: inout RandomSource
  ) -> [Float] {
    var picture = seen.elements
    likelihood.family.draw(
      into: &picture, pixels.parameters, where: { known[$0] <= 0 }, using: &random)
    return picture
  }
}

/// log N(z; mean, diag exp logVariance), without the constant.
func logGaussian(_ z: [Float], _ fit: PosteriorRefiner.Fit) -> Float {
  var sum: Float = 0
  for i in z.indices {
    let difference = z[i] - fit.mean[i]
    sum -= 0.5 * (difference * difference * expf(-fit.logVariance[i]) + fit.logVariance[i])
  }
  return sum
}
