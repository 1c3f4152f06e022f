import Graphs
import Platform
import Tensors
import VAE

/// Chains over (z, missing pixels) given the seen ones, a row each.
final class ChainSampler {
  let rows: Int
  private let image: ImageShape
  private let latents: Int
  private let encoder: Plan
  private let decoder: Plan
  private let likelihood: Configuration.Likelihood
  /// How many values describe p(x|z).
  private let parameterCount: Int

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
    let posterior = model.network.posterior(encoding.input("x", image.batch(rows)))
    encoder = try Plan(
      encoding, outputs: [posterior.mean, posterior.logVariance], parameters: model.parameters,
      backend: backend)
    let decoding = Graph()
    let likelihood = model.network.likelihood(decoding.input("z", [rows, latents]))
    let logDensity = likelihood.logDensity(decoding.input("x", image.batch(rows)))
    let logPrior = model.network.priorLogDensity(decoding.input("z", [rows, latents]))
    let parameters = likelihood.drawParameters
    parameterCount = parameters.count
    decoder = try Plan(
      decoding, outputs: [likelihood.mean, logDensity, logPrior] + parameters,
      parameters: model.parameters, backend: backend)
  }

  /// q(z|x) of a picture a row.
  func posteriors(_ pictures: [[Float]]) throws -> [PosteriorRefiner.Fit] {
    encoder.fillRows("x", pictures)
    try encoder.run()
    let (mean, logVariance) = (encoder.outputBuffer(0), encoder.outputBuffer(1))
    return (0..<rows).map { row in
      let range = row * latents..<(row + 1) * latents
      return PosteriorRefiner.Fit(
        mean: Array(mean[range]), logVariance: Array(logVariance[range]))
    }
  }

  /// E[x|z] of a vector a row.
  func means(_ z: [[Float]]) throws -> [[Float]] {
    decoder.fillRows("z", z)
    try decoder.run()
    return (0..<rows).map { row in
      Array(decoder.outputBuffer(0)[row * image.count..<(row + 1) * image.count])
    }
  }

  /// p(x|z) of a picture and a vector a row, and p(z).
  private func likelihoods(
    _ z: [[Float]], _ x: [[Float]]
  ) throws -> [Pixels] {
    decoder.fillRows("z", z)
    decoder.fillRows("x", x)
    try decoder.run()
    return (0..<rows).map { row in
      func part(_ position: Int) -> [Float] {
        let buffer = decoder.outputBuffer(position)
        let count = buffer.count / rows
        return Array(buffer[row * count..<(row + 1) * count])
      }
      return Pixels(
        mean: part(0), logDensity: decoder.outputBuffer(1)[row],
        logPrior: decoder.outputBuffer(2)[row],
        parameters: (0..<parameterCount).map { part($0 + 3) })
    }
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
