import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

/// The families over vectors: the full Gaussian and Dirichlet's.
@Suite struct MultivariateTests {
  private let mean = Tensor([1, 2], [0.4, -0.6])
  private let scale = Tensor([1, 2], [0.7, 1.2])
  /// 5 and 6 stand where nothing is looked at.
  private let factor = Tensor([1, 2, 2], [5, 6, -0.9, 5])

  private func gaussian(_ x: [Value], rows: Int = 1) -> FullGaussian {
    FullGaussian(location: x[0], scale: x[1], factor: x[2]).repeated(rows)
  }

  /// The covariance L L^T.
  private var covariance: (Double, Double, Double) {
    (0.49, -0.63, 1.44 + 0.81)
  }

  @Test func theFullGaussiansDensityIntegratesToOne() throws {
    let axis = (0..<161).map { Float($0) * 0.1 - 8 }
    let points = Tensor([161 * 161, 2], axis.flatMap { x in axis.flatMap { [x, $0] } })
    let density = try evaluate([mean, scale, factor, points]) {
      gaussian($0, rows: 161 * 161).logDensity($0[3])
    }
    var (total, product) = (0.0, 0.0)
    for (index, logarithm) in density.elements.enumerated() {
      let mass = exp(Double(logarithm)) * 0.01
      total += mass
      product += mass * Double((points[2 * index] - 0.4) * (points[2 * index + 1] + 0.6))
    }
    #expect(abs(total - 1) < 1e-5)
    #expect(abs(product - covariance.1) < 1e-4)
  }

  /// Solving for the noise gives the noise back, and both ways to the density agree.
  @Test func aDrawsNoiseIsFound() throws {
    var random = RandomSource(seed: 3)
    let count = 5
    let noise = random.normal([7, count])
    let inputs = [
      random.normal([7, count]),
      Tensor([7, count], random.uniform([7, count]).elements.map { $0 + 0.3 }),
      random.normal([7, count, count]), noise,
    ]
    let found = try evaluate(inputs) { x in
      let q = FullGaussian(location: x[0], scale: x[1], factor: x[2])
      return q.whitened(q.sample(noise: [x[3]]))
    }
    #expect(zip(found.elements, noise.elements).allSatisfy { abs($0 - $1) < 1e-3 })
    let difference = try evaluate(inputs) { x in
      let q = FullGaussian(location: x[0], scale: x[1], factor: x[2])
      return q.logDensity(q.sample(noise: [x[3]])) - q.logDensity(noise: x[3])
    }
    #expect(difference.elements.allSatisfy { abs($0) < 1e-2 })
  }

  /// Projections w z of draws are N(w m, w L L^T w).
  @Test(arguments: [[1.0, 0], [0, 1], [0.6, 0.8]])
  func projectionsOfDrawsAreGaussian(_ w: [Double]) throws {
    let count = 10_000
    var random = RandomSource(seed: 23)
    let draws = try evaluate([mean, scale, factor, random.normal([count, 2])]) {
      gaussian($0, rows: count).sample(noise: [$0[3]])
    }
    let (a, b, c) = covariance
    let deviation = (w[0] * w[0] * a + 2 * w[0] * w[1] * b + w[1] * w[1] * c).squareRoot()
    let center = w[0] * 0.4 - w[1] * 0.6
    let probabilities = (0..<count).map { index in
      let projection = w[0] * Double(draws[2 * index]) + w[1] * Double(draws[2 * index + 1])
      return SpecialFunction.normalCDF.value((projection - center) / deviation)
    }
    #expect(kolmogorovSmirnov(probabilities) < 1.95)
  }

  /// d E[z1 z2 + z2^2] of the covariance and the mean in closed form.
  @Test func gradientsThroughTheFullGaussiansDraws() throws {
    // Evenly spread over the square of probabilities.
    let axis = (0..<400).map {
      Float(SpecialFunction.normalQuantile.value((Double($0) + 0.5) / 400))
    }
    let count = axis.count * axis.count
    let noise = Tensor([count, 2], axis.flatMap { x in axis.flatMap { [x, $0] } })
    let graph = Graph()
    let parameters = [
      graph.input("m", [1, 2]), graph.input("s", [1, 2]), graph.input("l", [1, 2, 2]),
    ]
    let z = gaussian(parameters, rows: count).sample(noise: [graph.input("e", [count, 2])])
    let (first, second) = (z.sliced(axis: 1, 0..<1), z.sliced(axis: 1, 1..<2))
    let gradients = graph.gradient(
      of: (first * second + second.squared()).mean(), withRespectTo: parameters)
    let plan = try Plan(
      graph, outputs: gradients, parameters: ParameterStore([] as [(String, Shape)]),
      backend: PortableBackend())
    for (name, tensor) in [("m", mean), ("s", scale), ("l", factor), ("e", noise)] {
      plan.fill(name, with: tensor)
    }
    try plan.run()
    let found = gradients.indices.flatMap { plan.output($0).elements }
    // m1 m2 + l21 s1 + m2^2 + l21^2 + s2^2.
    let expected: [Float] = [-0.6, 0.4 - 1.2, -0.9, 2.4, 0, 0, 0.7 - 1.8, 0]
    for (found, expected) in zip(found, expected) { #expect(abs(found - expected) < 0.03) }
  }

  private let concentration = Tensor([1, 3], [0.8, 2.5, 1.4])

  @Test func dirichletsDensityIntegratesToOne() throws {
    // z1 = sigmoid(a), z2 = (1 - z1) sigmoid(b).
    let axis = (0..<200).map { Double($0) * 0.15 - 15 + 0.075 }
    var (points, weights): ([Float], [Double]) = ([], [])
    for a in axis {
      for b in axis {
        let (s, t) = (1 / (1 + exp(-a)), 1 / (1 + exp(-b)))
        points += [Float(s), Float((1 - s) * t), Float((1 - s) * (1 - t))]
        weights.append(s * (1 - s) * (1 - s) * t * (1 - t) * 0.15 * 0.15)
      }
    }
    let count = weights.count
    let density = try evaluate([concentration, Tensor([count, 3], points)]) {
      Dirichlet(concentration: $0[0]).repeated(count).logDensity($0[1])
    }
    let masses = zip(weights, density.elements).map { $0 * exp(Double($1)) }
    #expect(abs(masses.reduce(0, +) - 1) < 1e-3)
    let mean = zip(masses, 0...).reduce(0.0) { $0 + $1.0 * Double(points[3 * $1.1 + 1]) }
    #expect(abs(mean - 2.5 / 4.7) < 1e-3)
  }

  /// Each element of a draw is Beta(a_i, sum(a) - a_i); all add up to one.
  @Test func dirichletsDraws() throws {
    let count = 10_000
    var random = RandomSource(seed: 31)
    let draws = try evaluate([concentration, random.uniform([count, 3])]) {
      Dirichlet(concentration: $0[0]).repeated(count).sample(noise: [$0[1]])
    }
    for element in 0..<3 {
      let a = Double(concentration[element])
      let probabilities = (0..<count).map {
        SpecialFunction.betaCDF.value(Double(draws[3 * $0 + element]), a, 4.7 - a)
      }
      #expect(kolmogorovSmirnov(probabilities) < 1.95)
    }
    let sums = (0..<count).map { draws[3 * $0] + draws[3 * $0 + 1] + draws[3 * $0 + 2] }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 })
  }

  /// d E[log z_1]/da = psi'(a_1) - psi'(sum(a)) for i = 1, -psi'(sum(a)) for the others.
  @Test func gradientsThroughDirichletsDraws() throws {
    let count = 40_000
    var random = RandomSource(seed: 37)
    let graph = Graph()
    let parameter = graph.input("a", [1, 3])
    let z = Dirichlet(concentration: parameter).repeated(count)
      .sample(noise: [graph.input("u", [count, 3])])
    let loss = z.sliced(axis: 1, 0..<1).log().mean()
    let plan = try Plan(
      graph, outputs: graph.gradient(of: loss, withRespectTo: [parameter]),
      parameters: ParameterStore([] as [(String, Shape)]), backend: PortableBackend())
    plan.fill("a", with: concentration)
    plan.fill("u", with: random.uniform([count, 3]))
    try plan.run()
    let trigamma = SpecialFunction.polygamma(order: 1)
    for element in 0..<3 {
      let expected = (element == 0 ? trigamma.value(0.8) : 0) - trigamma.value(4.7)
      #expect(abs(Double(plan.output(0)[element]) - expected) < 0.03)
    }
  }

  @Test func divergencesAreOfOneKind() throws {
    let graph = Graph()
    let dirichlet = Dirichlet(concentration: graph.input("a", [1, 3]))
    #expect(dirichlet.divergence(from: Gaussian.standard(graph, [1, 3])) == nil)
    #expect(dirichlet.divergence(from: dirichlet) != nil)
  }
}

/// sqrt(n) D of numbers that should be uniform.
func kolmogorovSmirnov(_ probabilities: [Double]) -> Double {
  let count = Double(probabilities.count)
  let distance =
    probabilities.sorted().enumerated().map { index, probability in
      max(abs(probability - Double(index) / count), abs(probability - Double(index + 1) / count))
    }.max() ?? 1
  return distance * count.squareRoot()
}
