import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

/// Models of one latent, in which every integral over it is a sum over a fine grid.
@Suite struct LatentQuadratureTests {
  static let combinations: [(Configuration.Posterior, Configuration.Prior)] = {
    let families: [Configuration.Posterior] = [
      .diagonal, .full, .laplace, .logistic, .studentT(degreesOfFreedom: 5), .logNormal, .gamma,
      .exponential, .weibull, .inverseAutoregressiveFlow(steps: 2, hidden: 6),
    ]
    return families.flatMap { posterior -> [(Configuration.Posterior, Configuration.Prior)] in
      let priors: [Configuration.Prior] =
        posterior.isPositive
        ? [.standardLogNormal, .standardExponential]
        : [.standardNormal, .mixture(components: 3)]
      let vamp: [Configuration.Prior] =
        posterior.hasTractableDensity ? [.vamp(pseudoInputs: 4)] : []
      return (priors + vamp).map { (posterior, $0) }
    }
  }()

  private func model(
    _ posterior: Configuration.Posterior, _ prior: Configuration.Prior
  ) throws -> Model {
    let configuration = Configuration(
      image: ImageShape(channels: 1, height: 2, width: 3), latents: 1,
      network: .mlp(hidden: [5], activation: .tanh), likelihood: .bernoulli,
      posterior: posterior, prior: prior)
    try #require(configuration.problem == nil)
    return Model(configuration, seed: 6)
  }

  private static let picture = Tensor([1, 1, 2, 3], [0, 1, 1, 0, 0.25, 1])

  /// Where a prior has its mass, as points with equal shares of the axis: z itself, or its logarithm
  /// for positive latents, with the logarithm of a share.
  private static func grid(_ isPositive: Bool) -> (z: Tensor, logShare: [Double]) {
    let (count, width) = (4000, isPositive ? 28.0 : 40.0)
    let step = width / Double(count)
    let points = (0..<count).map { (Double($0) + 0.5) * step - width / 2 }
    let z = isPositive ? points.map { exp($0 - 8) } : points
    return (
      Tensor([count, 1], z.map { Float($0) }),
      z.map { log(step) + (isPositive ? log($0) : 0) }
    )
  }

  private func logSum(_ numbers: [Double]) -> Double {
    let largest = numbers.max() ?? 0
    return largest + log(numbers.reduce(0) { $0 + exp($1 - largest) })
  }

  /// The prior's density integrates to one; the estimate of log p(x) is the integral's within its
  /// error; the bound is below it.
  @Test(arguments: combinations.indices)
  func estimatesAgreeWithQuadrature(index: Int) throws {
    let (posterior, prior) = Self.combinations[index]
    let name = "\(posterior.name), \(prior.name)"
    let model = try model(posterior, prior)
    let (z, logShares) = Self.grid(posterior.isPositive)
    let values = try model.values(of: [z, Self.picture]) { graph, inputs in
      let pictures = inputs[1].repeatingRows(z.shape[0])
      return [
        model.network.priorLogDensity(inputs[0]),
        model.likelihood(inputs[0]).logDensity(pictures),
      ]
    }
    let logPrior = zip(values[0].elements, logShares).map { Double($0) + $1 }
    #expect(abs(logSum(logPrior)) < 1e-3, "\(name): the prior integrates to one")
    let exact = logSum(zip(logPrior, values[1].elements).map { $0 + Double($1) })

    var random = RandomSource(seed: 8)
    let picture = Self.picture.reshaped(to: [1, 2, 3])
    let estimate = try ImportanceWeightedEstimator(
      model, samples: 4000, backend: PortableBackend()
    ).estimate(picture, using: &random)
    #expect(
      abs(estimate.logLikelihood - exact) < 4.5 * estimate.standardError + 1e-4,
      "\(name): \(estimate), exactly \(exact)")
    #expect(estimate.standardError < 0.2, "\(name)")
    let bound = try BoundEvaluator(model, batchSize: 1, samples: 2000, backend: PortableBackend())
      .evaluate(picture, using: &random)
    #expect(Double(bound.bound) < exact + 0.02, "\(name)")
    #expect(bound.rate > -0.02, "\(name)")
  }

  /// Draws of a prior have its mean, and at temperature 0 every one is a component's mean.
  @Test(arguments: combinations.indices)
  func priorDraws(index: Int) throws {
    let (posterior, prior) = Self.combinations[index]
    let model = try model(posterior, prior)
    let (z, logShares) = Self.grid(posterior.isPositive)
    let density = try model.values(of: [z]) { _, inputs in
      [model.network.priorLogDensity(inputs[0])]
    }[0]
    // E[tanh z] exists for every family.
    let expected = density.elements.indices.reduce(0.0) {
      $0 + exp(Double(density[$1]) + logShares[$1]) * tanh(Double(z[$1]))
    }
    let counts = model.network.priorNoise(of: model.configuration.image)
    var random = RandomSource(seed: 3)
    let count = 4000
    let graph = Graph()
    let noise = LatentNoise(graph, rows: count, counts)
    let draws = model.priorSample(noise: noise)
    let function = try Function(
      graph, draws, outputs: [draws], parameters: model.parameters, backend: PortableBackend())
    var moments = VectorMoments(1)
    try function(
      { inputs, _ in inputs.set(noise, using: &random) },
      read: { results, draws in
        for number in results[draws] { moments.add([tanh(number)]) }
      })
    let error = (moments.variance[0] / Double(count)).squareRoot()
    #expect(
      abs(moments.mean[0] - expected) < 4.5 * error,
      "\(posterior.name), \(prior.name): \(moments.mean[0]), expected \(expected)")
  }
}
