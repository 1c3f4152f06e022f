import Checkpoints
import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

/// What Tests/Fixtures/make_likelihoods.py computed with many digits.
private struct Golden: Decodable {
  struct Continuous: Decodable, Sendable {
    let logit: Float
    let logDensity: [Double]
    let mean: Double
    let variance: Double
  }
  struct Levels: Decodable, Sendable {
    let location: Float
    let logScale: Float
    let levels: [Int]
    let logProbability: [Double]
    let mean: Double
    let variance: Double
  }
  struct Mixture: Decodable, Sendable {
    let logits: [Float]
    let locations: [Float]
    let logScales: [Float]
    let levels: [Int]
    let logProbability: [Double]
    let mean: Double
    let variance: Double
  }
  struct Pixels: Decodable, Sendable {
    let logits: [Float]
    let locations: [[Float]]
    let logScales: [[Float]]
    let coefficients: [[Float]]
    let pixels: [[Int]]
    let logProbability: [Double]
  }
  let x: [Float]
  let continuousBernoulli: [Continuous]
  let discretizedLogistic: [Levels]
  let discretizedLogisticMixture: [Mixture]
  let pixelMixture: [Pixels]

  static func read() throws -> Golden {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/likelihoods.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Golden.self, from: Data(contentsOf: path))
  }
}

/// A row of numbers as a picture.
private func row(_ elements: [Float]) -> Tensor { Tensor([1, 1, 1, elements.count], elements) }

private let allLevels = (0..<256).map { Float($0) / 255 }

@Suite struct LikelihoodTests {
  @Test func continuousBernoulli() throws {
    let golden = try Golden.read()
    for expected in golden.continuousBernoulli {
      let logits = row(golden.x.map { _ in expected.logit })
      let density = try evaluate([logits, row(golden.x)]) {
        ContinuousBernoulli(logits: $0[0]).pixelLogDensity($0[1])
      }
      for (value, golden) in zip(density.elements, expected.logDensity) {
        #expect(abs(Double(value) - golden) < 2e-6 * max(1, abs(golden)))
      }
      let mean = try evaluate([logits]) { ContinuousBernoulli(logits: $0[0]).mean }[0]
      let variance = try evaluate([logits]) { ContinuousBernoulli(logits: $0[0]).variance }[0]
      #expect(abs(Double(mean) - expected.mean) < 1e-6, "mean at \(expected.logit)")
      #expect(abs(Double(variance) / expected.variance - 1) < 1e-4, "variance, \(expected.logit)")
    }
  }

  @Test func discretizedLogistic() throws {
    for expected in try Golden.read().discretizedLogistic {
      let x = row(expected.levels.map { Float($0) / 255 })
      func value(_ body: (DiscretizedLogistic, Value) -> Value) throws -> Tensor {
        try evaluate([x]) { inputs in
          let graph = inputs[0].graph
          return body(
            DiscretizedLogistic(
              location: graph.constant(expected.location, x.shape),
              logScale: graph.constant(expected.logScale, x.shape)), inputs[0])
        }
      }
      let logProbability = try value { $0.pixelLogDensity($1) }
      for (value, golden) in zip(logProbability.elements, expected.logProbability) {
        #expect(abs(Double(value) - golden) < 1e-4 * max(1, abs(golden)))
      }
      let mean = try value { distribution, _ in distribution.mean }[0]
      #expect(abs(Double(mean) - expected.mean) < 0.5 / 255)
      let variance = try value { distribution, _ in distribution.variance }[0]
      // Sixteen quantiles: 3 % of the deviation, and that of a rounded number within a level.
      #expect(
        abs(Double(variance).squareRoot() - expected.variance.squareRoot())
          < 0.03 * expected.variance.squareRoot() + 0.5 / 255)
    }
  }

  @Test func mixture() throws {
    let golden = try #require(try Golden.read().discretizedLogisticMixture.first)
    // The decoder's output behind these numbers: the means are offset by (k + 1/2) / K, and log
    // scales are 2 above what softplus makes of them.
    let floor = Double(DiscretizedLogistic.smallestLogScale)
    let count = golden.logits.count
    let columns = golden.levels.count
    var output: [Float] = []
    for logit in golden.logits { output += [Float](repeating: logit, count: columns) }
    for (index, location) in golden.locations.enumerated() {
      let offset = (Float(index) + 0.5) / Float(count)
      output += [Float](repeating: location - offset, count: columns)
    }
    for logScale in golden.logScales {
      let raw = floor + log(exp(Double(logScale) - floor) - 1) + 2
      output += [Float](repeating: Float(raw), count: columns)
    }
    let decoded = Tensor([1, 3 * count, 1, columns], output)
    let likelihood = Configuration.Likelihood.discretizedLogisticMixture(
      components: count, mean: .identity)
    let x = row(golden.levels.map { Float($0) / 255 })
    let logProbability = try evaluate([decoded, x]) {
      likelihood.family.distribution($0[0]).pixelLogDensity($0[1])
    }
    #expect(logProbability.shape == x.shape)
    for (value, expected) in zip(logProbability.elements, golden.logProbability) {
      #expect(abs(Double(value) - expected) < 1e-4 * max(1, abs(expected)))
    }
    let mean = try evaluate([decoded]) { likelihood.family.distribution($0[0]).mean }
    #expect(abs(Double(mean[0]) - golden.mean) < 0.5 / 255)
    let variance = try evaluate([decoded]) {
      likelihood.family.distribution($0[0]).variance
    }
    #expect(abs(Double(variance[0]) / golden.variance - 1) < 0.03)
  }

  /// The decoder's output behind a mixture over pixels of three channels, the same for `columns` pixels.
  private func output(_ golden: Golden.Pixels, columns: Int) -> Tensor {
    let floor = Double(DiscretizedLogistic.smallestLogScale)
    let count = golden.logits.count
    var numbers = golden.logits
    for (index, locations) in golden.locations.enumerated() {
      numbers += locations.map { $0 - (Float(index) + 0.5) / Float(count) }
    }
    for logScale in golden.logScales.joined() {
      numbers.append(Float(floor + log(exp(Double(logScale) - floor) - 1) + 2))
    }
    numbers += golden.coefficients.joined().map { atanh($0) }
    return Tensor(
      [1, numbers.count, 1, columns],
      numbers.flatMap { [Float](repeating: $0, count: columns) })
  }

  @Test("colors of a pixel that depend on each other") func pixelMixture() throws {
    let golden = try #require(try Golden.read().pixelMixture.first)
    let likelihood = Configuration.Likelihood.pixelMixture(
      components: golden.logits.count, mean: .identity)
    let columns = golden.pixels.count
    let decoded = output(golden, columns: columns)
    #expect(decoded.shape[1] == likelihood.family.outputs(channels: 3))
    let x = Tensor(
      [1, 3, 1, columns],
      (0..<3).flatMap { channel in golden.pixels.map { Float($0[channel]) / 255 } })
    let logProbability = try evaluate([decoded, x]) {
      likelihood.family.distribution($0[0]).pixelLogDensity($0[1])
    }
    #expect(logProbability.shape == x.shape)
    for (pixel, expected) in golden.logProbability.enumerated() {
      let value = (0..<3).reduce(0.0) {
        $0 + Double(logProbability.elements[$1 * columns + pixel])
      }
      #expect(abs(value - expected) < 2e-4 * max(1, abs(expected)), "pixel \(pixel)")
    }
    // Moments, and draws that have them: narrow enough to be cut off nowhere.
    let narrow = Golden.Pixels(
      logits: golden.logits, locations: [[0.3, 0.5, 0.6], [0.4, 0.35, 0.5]],
      logScales: golden.logScales.map { $0.map { $0 - 1.5 } }, coefficients: golden.coefficients,
      pixels: [], logProbability: [])
    let parameters = output(narrow, columns: 1)
    let mean = try evaluate([parameters]) { likelihood.family.distribution($0[0]).mean }
    let variance = try evaluate([parameters]) { likelihood.family.distribution($0[0]).variance }
    let count = likelihood.family.distribution(Graph().constant(0, parameters.shape)).drawParameters
      .count
    let drawn = try (0..<count).map { index in
      try evaluate([parameters]) { likelihood.family.distribution($0[0]).drawParameters[index] }
        .elements
    }
    var random = RandomSource(seed: 5)
    let draws = (0..<8000).map { _ in
      var pixel: [Float] = [0, 0, 0]
      likelihood.family.draw(into: &pixel, drawn, where: { _ in true }, using: &random)
      return pixel.map(Double.init)
    }
    for channel in 0..<3 {
      let found = draws.reduce(0) { $0 + $1[channel] } / 8000
      let spread = draws.reduce(0) { $0 + ($1[channel] - found) * ($1[channel] - found) } / 8000
      let (m, v) = (Double(mean[channel]), Double(variance[channel]))
      #expect(abs(found - m) < 4.5 * (v / 8000).squareRoot() + 1e-3, "mean of channel \(channel)")
      #expect(abs(spread / v - 1) < 0.1, "variance of channel \(channel)")
    }
  }

  @Test func gradientsOfColors() throws {
    let likelihood = Configuration.Likelihood.pixelMixture(components: 2, mean: .sigmoid)
    let x = Tensor([1, 3, 1, 2], [0.2, 0, 0.6, 1, 0.4, 0.5])
    var random = RandomSource(seed: 3)
    let output = random.normal([1, likelihood.family.outputs(channels: 3), 1, 2])
    func loss(_ output: Tensor) throws -> Double {
      try evaluate([output, x]) {
        likelihood.family.distribution($0[0]).pixelLogDensity($0[1])
      }.elements.reduce(0.0) { $0 + Double($1) }
    }
    let gradient = try evaluate([output, x]) { inputs in
      let total = likelihood.family.distribution(inputs[0]).pixelLogDensity(inputs[1]).sum()
      return inputs[0].graph.gradient(of: total, withRespectTo: [inputs[0]])[0]
    }
    for index in output.elements.indices {
      var (more, less) = (output.elements, output.elements)
      more[index] += 1e-2
      less[index] -= 1e-2
      let difference =
        try (loss(Tensor(output.shape, more)) - loss(Tensor(output.shape, less)))
        / Double(more[index] - less[index])
      #expect(abs(Double(gradient[index]) - difference) < 2e-3 * max(1, abs(difference)))
    }
  }

  /// Over the 256 levels probabilities add up to one, whatever the parameters.
  @Test(
    arguments: [
      (0.5, -2.0), (0.1, -6), (0, -7.6), (1, 1), (-0.3, -4), (1.4, -1),
    ] as [(Float, Float)])
  func logisticLevelsAddUpToOne(location: Float, logScale: Float) throws {
    let logProbability = try evaluate([row(allLevels)]) {
      let graph = $0[0].graph
      return DiscretizedLogistic(
        location: graph.constant(location, $0[0].shape),
        logScale: graph.constant(logScale, $0[0].shape)
      ).pixelLogDensity($0[0])
    }
    let total = logProbability.elements.reduce(0.0) { $0 + exp(Double($1)) }
    #expect(abs(total - 1) < 1e-4)
  }

  @Test(arguments: [-300, -20, -1, 0, 1e-3, 0.5, 7, 90] as [Double])
  func continuousBernoulliLevelsAddUpToOne(logit: Double) {
    let total = (0..<256).reduce(0.0) {
      $0 + exp(ContinuousBernoulliLevels.logProbability(Double($1) / 255, logit: logit))
    }
    #expect(abs(total - 1) < 1e-9)
  }

  private static let families: [Configuration.Likelihood] = [
    .bernoulli, .continuousBernoulli, .gaussian(mean: .sigmoid), .gaussian(mean: .identity),
    .gaussianFixed(standardDeviation: 0.2, mean: .sigmoid), .gaussianShared(mean: .sigmoid),
    .discretizedLogistic(mean: .identity), .discretizedLogistic(mean: .sigmoid),
    .discretizedLogisticMixture(components: 3, mean: .sigmoid),
    .pixelMixture(components: 3, mean: .sigmoid),
  ]

  private func output(_ likelihood: Configuration.Likelihood, columns: Int, seed: UInt64) -> Tensor
  {
    var random = RandomSource(seed: seed)
    return random.normal([1, likelihood.family.outputs(channels: 1), 1, columns])
  }

  private func distribution(
    _ likelihood: Configuration.Likelihood, _ output: Value
  ) -> any PixelDistribution {
    // The variance that is learned is a constant here.
    likelihood.isShared
      ? GaussianPixels(mean: output.sigmoid(), logVariance: output.graph.constant(-3))
      : likelihood.family.distribution(output)
  }

  /// Gradients in the decoder's output equal finite differences.
  @Test(arguments: families)
  func gradients(likelihood: Configuration.Likelihood) throws {
    let x = row([0, 0.2, 0.6, 1])
    let output = output(likelihood, columns: 4, seed: 3)
    func loss(_ output: Tensor) throws -> Double {
      try evaluate([output, x]) { distribution(likelihood, $0[0]).pixelLogDensity($0[1]) }
        .elements.reduce(0.0) { $0 + Double($1) }
    }
    let gradient = try evaluate([output, x]) { inputs in
      let total = distribution(likelihood, inputs[0]).pixelLogDensity(inputs[1]).sum()
      return inputs[0].graph.gradient(of: total, withRespectTo: [inputs[0]])[0]
    }
    for index in output.elements.indices {
      let step: Float = 1e-2
      var (more, less) = (output.elements, output.elements)
      more[index] += step
      less[index] -= step
      let difference =
        try (loss(Tensor(output.shape, more)) - loss(Tensor(output.shape, less)))
        / Double(more[index] - less[index])
      #expect(abs(Double(gradient[index]) - difference) < 2e-3 * max(1, abs(difference)))
    }
  }

  /// Draws have the mean and the variance that the distribution tells.
  @Test(arguments: families)
  func draws(likelihood: Configuration.Likelihood) throws {
    let output = output(likelihood, columns: 3, seed: 8)
    let graph = Graph()
    let pixels = distribution(likelihood, graph.input("output", output.shape))
    let plan = try Plan(
      graph, outputs: [pixels.mean, pixels.variance] + pixels.drawParameters,
      parameters: ParameterStore([] as [(String, Shape)]), backend: ReferenceBackend())
    plan.fill("output", with: output)
    try plan.run()
    let parameters = pixels.drawParameters.indices.map { plan.output($0 + 2).elements }
    var random = RandomSource(seed: 4)
    let count = 4000
    var draws = [[Double]](repeating: [], count: 3)
    for _ in 0..<count {
      var picture: [Float] = [-5, -5, -5]
      likelihood.family.draw(
        into: &picture, parameters, where: { $0 != 1 }, using: &random)
      for index in 0..<3 { draws[index].append(Double(picture[index])) }
    }
    #expect(draws[1].allSatisfy { $0 == -5 })
    for index in [0, 2] {
      let mean = draws[index].reduce(0, +) / Double(count)
      let variance = draws[index].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
      let (m, v) = (Double(plan.output(0)[index]), Double(plan.output(1)[index]))
      #expect(abs(mean - m) < 4.5 * (v / Double(count)).squareRoot() + 1e-3)
      // A variance's standard error follows from the fourth moment, which is large where most of a
      // distribution lies on one level.
      let fourth = draws[index].reduce(0) { $0 + pow($1 - mean, 4) } / Double(count)
      let error = ((fourth - variance * variance) / Double(count)).squareRoot()
      #expect(abs(variance - v) < 4.5 * error + 0.03 * v)
    }
  }

  @Test(arguments: families + [.gaussianShared(mean: .identity)])
  func readsWhatItWrites(likelihood: Configuration.Likelihood) throws {
    #expect(try Configuration.Likelihood(json: likelihood.family.json) == likelihood)
  }

  /// As models of before were written.
  @Test func sharedVarianceWithoutMean() throws {
    #expect(
      try Configuration.Likelihood(json: ["family": "gaussian-shared"])
        == .gaussianShared(mean: .identity))
  }

  @Test(arguments: families)
  func flatModelsHaveABound(likelihood: Configuration.Likelihood) throws {
    let image = ImageShape(channels: 3, height: 4, width: 5)
    let model = Model(
      Configuration(
        image: image, latents: 2, network: .mlp(hidden: [6], activation: .tanh),
        likelihood: likelihood), seed: 1)
    #expect((model.parameters["likelihood.log_variance"] != nil) == likelihood.isShared)
    let evaluator = try BoundEvaluator(
      model, batchSize: 2, samples: 2, countsLevels: true, backend: PortableBackend())
    var random = RandomSource(seed: 1)
    let pictures = (0..<2 * image.count).map { Float($0 % 256) / 255 }
    let bounds = try evaluator.evaluate(pictures, using: &random)
    #expect(bounds.count == 2 && bounds.allSatisfy { $0.bound.isFinite })
    #expect(bounds.allSatisfy { ($0.levelBound == nil) == likelihood.isDiscrete })
    let estimator = try ImportanceWeightedEstimator(
      model, samples: 3, countsLevels: true, backend: PortableBackend())
    let picture = Tensor(image.shape, Array(pictures[..<image.count]))
    let estimate = try estimator.estimate(picture, using: &random)
    #expect(estimate.logLikelihood.isFinite)
    // 256 levels: no likelihood of a level above 1.
    #expect((estimate.levelLogLikelihood ?? -1) < 0)
  }
}

extension Configuration.Likelihood {
  fileprivate var isShared: Bool { family is SharedGaussianLikelihood }
}
