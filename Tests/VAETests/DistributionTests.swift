import Graphs
import Tensors
import Testing

@testable import VAE

/// The value of an expression of inputs, by the reference backend.
func evaluate(_ inputs: [Tensor], _ expression: ([Value]) -> Value) throws -> Tensor {
  let graph = Graph()
  let values = inputs.enumerated().map { graph.input("x\($0)", $1.shape) }
  let plan = try Plan(
    graph, outputs: [expression(values)], parameters: ParameterStore([] as [(String, Shape)]),
    backend: ReferenceBackend())
  for (index, input) in inputs.enumerated() { plan.fill("x\(index)", with: input) }
  try plan.run()
  return plan.output(0)
}

@Suite struct DiagonalGaussianTests {
  private let mean = Tensor([1, 3], [0.5, -1, 2])
  private let logVariance = Tensor([1, 3], [0.2, -1.5, 0.7])

  /// KL(q || N(0, I)) = E_q[log q - log p]: a z-test over 20,000 draws.
  @Test func divergenceAgreesWithMonteCarlo() throws {
    let count = 20_000
    var random = RandomSource(seed: 11)
    let noise = random.normal([count, 3])
    let draws = try evaluate([mean, logVariance, noise]) { x in
      let q = DiagonalGaussian(mean: x[0], logVariance: x[1]).repeated(count)
      let z = q.sample(noise: x[2])
      return q.logDensity(z) - StandardNormal.logDensity(z)
    }.elements.map(Double.init)
    let exact = try evaluate([mean, logVariance]) {
      DiagonalGaussian(mean: $0[0], logVariance: $0[1]).divergenceFromStandardNormal()
    }
    let average = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(count)
    #expect(abs(average - Double(exact[0])) < 4 * (variance / Double(count)).squareRoot())
    #expect(exact[0] > 0)
  }

  /// Against scipy.stats.norm.logpdf, summed.
  @Test func logDensity() throws {
    let density = try evaluate([mean, logVariance, Tensor([1, 3], [0, 0, 0])]) {
      DiagonalGaussian(mean: $0[0], logVariance: $0[1]).logDensity($0[2])
    }
    let expected = zip(mean.elements, logVariance.elements).reduce(0.0) { sum, pair in
      let (m, v) = (Double(pair.0), Double(pair.1))
      return sum - 0.5 * (1.8378770664093453 + v + m * m * exponentialOf(-v))
    }
    #expect(abs(Double(density[0]) - expected) < 1e-4)
  }

  private func exponentialOf(_ x: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    for n in 1..<40 {
      term *= x / Double(n)
      sum += term
    }
    return sum
  }
}

@Suite struct PixelDistributionTests {
  /// Bernoulli: x log p + (1 - x) log(1 - p).
  @Test func bernoulli() throws {
    let logits = Tensor([1, 1, 1, 3], [-2, 0.5, 30])
    let x = Tensor([1, 1, 1, 3], [0, 1, 0.25])
    let density = try evaluate([logits, x]) {
      BernoulliPixels(logits: $0[0]).pixelLogDensity($0[1])
    }
    for (value, expected) in zip(density.elements, [-0.126928, -0.474077, -22.5] as [Float]) {
      #expect(abs(value - expected) < 1e-4)
    }
  }

  @Test func gaussianFixed() throws {
    let density = try evaluate([Tensor([1, 1, 1, 2], [0.2, 0.9]), Tensor([1, 1, 1, 2], [0, 1])]) {
      FixedGaussianLikelihood(standardDeviation: 0.5, mean: .identity).distribution($0[0])
        .pixelLogDensity($0[1])
    }
    // -0.5 log(2 pi 0.25) - d^2 / 0.5
    #expect(abs(density[0] - (-0.225791 - 0.08)) < 1e-5)
    #expect(abs(density[1] - (-0.225791 - 0.02)) < 1e-5)
  }

  /// The decoder's second half gives the log variance, kept above its floor.
  @Test func gaussianLearned() throws {
    let output = Tensor([1, 2, 1, 2], [0, 3, -100, 1])
    let variance = try evaluate([output]) {
      GaussianLikelihood(mean: .sigmoid).distribution($0[0]).variance
    }
    #expect(abs(variance[0].squareRoot() - 1 / 255) < 1e-5)
    #expect(abs(variance[1] - 2.71828) < 1e-3)
  }
}

@Suite struct StreamedLogSumExpTests {
  /// log((exp 0 + exp 1 + exp -2) / 3) = 0.250400, moved by -100,000.
  @Test func neverOverflows() {
    var sum = StreamedLogSumExp()
    for x in [-1e5, -1e5 + 1, -1e5 - 2] { sum.add(x) }
    #expect(abs(sum.logMean - (-1e5 + 0.25039993)) < 1e-4)
  }

  @Test func equalWeightsHaveNoError() {
    var sum = StreamedLogSumExp()
    for _ in 0..<10 { sum.add(3) }
    #expect(sum.logMean == 3)
    #expect(sum.standardErrorOfLogMean == 0)
  }
}
