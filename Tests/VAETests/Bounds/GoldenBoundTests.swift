import Graphs
import Tensors
import Testing

@testable import VAE

/// Bounds, gradients and rates against those that PyTorch's distributions and autograd give.
@Suite struct GoldenBoundTests {
  private let fixture: BoundFixture

  init() throws { fixture = try BoundFixture() }

  private static let estimators: [(name: String, Estimator, samples: Int)] = [
    ("sgvb-a", .sgvbA, 6), ("sgvb-b", .sgvbB, 6),
    ("iwae", .importanceWeighted(samples: 3), 2),
    ("dreg", .importanceWeighted(samples: 3, isDoublyReparameterized: true), 2),
    ("score-function", .scoreFunction, 6),
  ]

  @Test(arguments: estimators.indices)
  func estimator(index: Int) throws {
    let (name, estimator, samples) = Self.estimators[index]
    let model = try fixture.model()
    let inputs = [
      try fixture.pictures(), try fixture.tensor("mean", [3, 2]),
      try fixture.tensor("log_variance", [3, 2]), try fixture.tensor("noise", [18, 2]),
    ]
    let values = try model.values(of: inputs) { graph, inputs in
      let estimate = BoundEstimate(
        model.flat, inputs[0],
        posterior: DiagonalGaussian(mean: inputs[1], logVariance: inputs[2]),
        noise: LatentNoise(normal: inputs[3]), samples: samples, estimator: estimator)
      let gradients = graph.gradient(
        of: estimate.loss, withRespectTo: [inputs[1], inputs[2]])
      return [estimate.bound.bound, estimate.loss] + gradients
    }
    let bound = name == "iwae" || name == "dreg" ? "iwae_2x3" : "estimator_\(name.suffix(1))"
    if name != "score-function" {
      let expected = try fixture.numbers(bound)
      let rows = values[0].elements.count / 3
      let perPicture = name == "sgvb-a" ? means(values[0].elements, of: rows) : values[0].elements
      for (value, golden) in zip(perPicture, expected) {
        #expect(abs(Double(value) - golden) < 2e-5 * abs(golden), "\(name)")
      }
      let mean = expected.reduce(0, +) / Double(expected.count)
      #expect(abs(Double(values[1][0]) + mean) < 2e-5 * abs(mean), "the loss of \(name)")
    }
    let golden = try #require(try fixture.part("gradients").object[name] as? [[Double]])
    for (gradient, expected) in zip(values[2...], golden) {
      for (value, number) in zip(gradient.elements, expected) {
        #expect(abs(Double(value) - number) < 1e-4 * max(1, abs(number)), "\(name)")
      }
    }
  }

  private func means(_ numbers: [Float], of count: Int) -> [Float] {
    stride(from: 0, to: numbers.count, by: count).map {
      numbers[$0..<$0 + count].reduce(0, +) / Float(count)
    }
  }

  @Test func closedRate() throws {
    let rate = try evaluate([
      fixture.tensor("mean", [3, 2]), fixture.tensor("log_variance", [3, 2]),
    ]) { DiagonalGaussian(mean: $0[0], logVariance: $0[1]).divergenceFromStandardNormal() }
    for (value, golden) in zip(rate.elements, try fixture.numbers("rate")) {
      #expect(abs(Double(value) - golden) < 1e-5)
    }
  }

  /// The encoder's output is read as model-format.md says, and the rate against the family's own
  /// standard prior is the one that PyTorch has.
  @Test(
    arguments: [
      .diagonal, .laplace, .logistic, .studentT(degreesOfFreedom: 5), .logNormal, .gamma,
      .exponential, .weibull,
    ] as [Configuration.Posterior])
  func rates(posterior: Configuration.Posterior) throws {
    let outputs = try #require(fixture.object["outputs"] as? [[Double]])
    let configuration = Configuration(
      image: ImageShape(channels: 1, height: 2, width: 2), latents: 2,
      network: .mlp(hidden: [], activation: .tanh), likelihood: .bernoulli,
      posterior: posterior, prior: posterior.standardPrior)
    #expect(configuration.problem == nil)
    #expect(configuration.hasClosedDivergence)
    let count = posterior.family.encoderOutputs(latents: 2)
    let output = Tensor([1, count], outputs.joined().map { Float($0) }.prefix(count).map(\.self))
    let model = Model(configuration, seed: 1)
    let rate = try model.values(of: [output]) { graph, inputs in
      let prior = model.flat.prior(graph)
      return [model.flat.posterior(encoderOutput: inputs[0]).divergence(from: prior)].compactMap(
        \.self)
    }
    let expected = try fixture.part("rates").number(posterior.name)
    // Quadrature stands behind some of them.
    #expect(abs(Double(rate[0][0]) - expected) < 1e-3, "\(rate[0][0]) instead of \(expected)")
  }

  @Test func mixture() throws {
    let golden = try fixture.part("mixture")
    let parameters = try [
      golden.tensor("mean", [3, 2]), golden.tensor("log_variance", [3, 2]),
      golden.tensor("logits", [3]),
    ]
    var configuration = try fixture.model().configuration
    configuration.flat?.prior = .mixture(components: 3)
    let model = Model(configuration, seed: 1)
    for (name, tensor) in zip(["mean", "log_variance", "logits"], parameters) {
      model.parameters["prior.\(name)"] = tensor
    }
    let density = try model.values(of: [golden.tensor("z", [4, 2])]) { _, inputs in
      [model.network.priorLogDensity(inputs[0])]
    }
    for (value, number) in zip(density[0].elements, try golden.numbers("log_density")) {
      #expect(abs(Double(value) - number) < 1e-5 * max(1, abs(number)))
    }
  }
}
