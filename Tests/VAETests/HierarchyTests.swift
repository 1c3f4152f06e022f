import Graphs
import Tensors
import Testing

@testable import VAE

@Suite struct RelativePosteriorTests {
  /// KL(N(m + s dm, s^2 e^dl) || N(m, s^2)) is that of N(dm, e^dl) from N(0, 1).
  @Test func divergenceIsThatBetweenTheTwoGaussians() throws {
    let prior = (mean: Tensor([1, 3], [0.4, -2, 1]), logVariance: Tensor([1, 3], [-3, 0.5, 2]))
    let relative = (
      mean: Tensor([1, 3], [1.5, -0.2, 0]), logVariance: Tensor([1, 3], [-1, 2, 0])
    )
    let inputs = [prior.mean, prior.logVariance, relative.mean, relative.logVariance]
    let divergence = try evaluate(inputs) { x in
      DiagonalGaussian(mean: x[2], logVariance: x[3]).divergenceFromStandardNormal()
    }
    let absolute = try evaluate(inputs) { x in
      let q = DiagonalGaussian(mean: x[2], logVariance: x[3])
        .mapped(through: DiagonalGaussian(mean: x[0], logVariance: x[1]))
      let difference = (q.mean - x[0]).squared()
      // log s_p / s_q + (s_q^2 + (m_q - m_p)^2) / 2 s_p^2 - 1/2
      let ratio = (q.logVariance.exp() + difference) * (-x[1]).exp()
      return ((x[1] - q.logVariance + ratio - 1) * 0.5).sum([1])
    }
    #expect(abs(divergence[0] - absolute[0]) < 1e-5)
    #expect(divergence[0] > 1)
  }

  /// Over draws, the closed forms of all levels have the mean of log q(z|x) - log p(z).
  @Test(arguments: [true, false])
  func rateAgreesWithMonteCarlo(isConditional: Bool) throws {
    let model = Hierarchies.model(Hierarchies.configuration(isConditional: isConditional))
    let count = 2000
    let latents = model.configuration.latents
    var random = RandomSource(seed: 4)
    let results = try Plan.results(
      model,
      [
        "x": Hierarchies.picture(height: 8, width: 8).reshaped(to: [1, 1, 8, 8]),
        "noise": random.normal([count, latents]),
      ]
    ) { graph in
      let draws = model.network.draws(
        graph.input("x", [1, 1, 8, 8]), seeing: nil,
        noise: LatentNoise(normal: graph.input("noise", [count, latents])),
        samples: count)
      return [draws.bound.rate, draws.logRatio] + draws.groupRates
    }
    let ratios = results[1].elements.map { -Double($0) }
    let mean = ratios.reduce(0, +) / Double(count)
    let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    #expect(abs(mean - Double(results[0][0])) < 4 * (variance / Double(count)).squareRoot())
    #expect(results.count == 4)
    #expect(abs(results[2][0] + results[3][0] - results[0][0]) < 1e-3)
    #expect(results[2][0] > 0 && results[3][0] > 0)
  }

  /// Latents drawn from the prior and decoded are the picture drawn from the prior: groups are cut
  /// out of a vector as they are put into it.
  @Test func groupsComeBack() throws {
    let model = Hierarchies.model()
    let shape: Shape = [2, model.configuration.latents]
    var random = RandomSource(seed: 9)
    let pictures = try Plan.results(model, ["noise": random.normal(shape)]) { graph in
      let noise = LatentNoise(normal: graph.input("noise", shape))
      return [
        model.likelihood(model.priorSample(noise: noise)).mean,
        model.network.priorPicture(
          noise: noise, temperature: nil, of: model.configuration.image
        ).mean,
      ]
    }
    for (a, b) in zip(pictures[0].elements, pictures[1].elements) { #expect(abs(a - b) < 1e-5) }
    #expect(model.configuration.groupSizes(of: model.configuration.image) == [2 * 16, 3 * 4])
  }
}

@Suite struct TrainingObjectiveTests {
  @Test func gradientAgreesWithFiniteDifferences() throws {
    let model = Hierarchies.model()
    var training = TrainingConfiguration()
    training.boundWeight = 0.3
    try GradientCheck(model, training, batchSize: 8).run { memory, inputs, random in
      let condition = try #require(inputs.condition)
      for input in [inputs.x, condition.observation, condition.maps] {
        memory.setUniform(input, using: &random)
      }
      memory.set(inputs.noise, using: &random)
      // Of the first picture nothing is seen, so that the shared variance has a part in it.
      let maps = memory[condition.maps]
      maps[..<(maps.count / 8)].update(repeating: 0)
    }
  }
}
