import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

/// Draws against the distribution that the density describes, and their gradients.
@Suite struct DistributionDrawTests {
  private func baseNoise(_ example: DistributionCase) throws -> [BaseNoise] {
    var noise: [BaseNoise] = []
    _ = try example.evaluate([[0.5]]) {
      noise = $0.noise
      return [$0.logDensity($1[0])]
    }
    return noise
  }

  /// Kolmogorov and Smirnov's test of 10,000 draws: sqrt(n) D stays below 1.95 with a probability of
  /// 0.999.
  @Test(arguments: DistributionCase.all)
  func drawsFollowTheDensity(_ example: DistributionCase) throws {
    let count = 10_000
    var random = RandomSource(seed: 17)
    let noise = try baseNoise(example).map { $0.draw([count], from: &random).elements }
    let draws = try example.evaluate(noise) { [$0.sample(noise: $1)] }[0].sorted()
    let expected = try example.quadrature().cumulative(at: draws)
    #expect(kolmogorovSmirnov(expected) < 1.95)
  }

  /// Evenly spread points of the unit cube: the middles of intervals along the first axis, Roberts'
  /// additive sequence along the others.
  private func spread(_ count: Int, _ noise: [BaseNoise]) -> [[Float]] {
    let others = noise.count - 1
    var root = 1.5
    for _ in 0..<60 { root = pow(1 + root, 1 / Double(others + 1)) }
    return noise.enumerated().map { axis, kind in
      (0..<count).map { index in
        let u =
          axis == 0
          ? (Double(index) + 0.5) / Double(count)
          : (0.5 + Double(index + 1) * pow(root, -Double(axis))).truncatingRemainder(dividingBy: 1)
        return Float(kind == .uniform ? u : SpecialFunction.normalQuantile.value(u))
      }
    }
  }

  private func function(_ z: Double) -> Double { tanh(z - 0.3) + 0.5 / (1 + z * z) }

  /// dE[f(z)]/dtheta: the mean of the gradients through draws against the difference of quadratures.
  @Test(arguments: DistributionCase.all)
  func gradientsOfExpectations(_ example: DistributionCase) throws {
    let count = 20_000
    let noise = spread(count, try baseNoise(example))
    let graph = Graph()
    let parameters = example.parameters.indices.map { graph.input("p\($0)", [1]) }
    let inputs = noise.indices.map { graph.input("x\($0)", [count]) }
    let z = example.make(parameters.map { $0.broadcast(to: [count]) }).sample(noise: inputs)
    let value = (z - 0.3).tanh() + (z.squared() + 1).reciprocal() * 0.5
    let gradients = graph.gradient(of: value.mean(), withRespectTo: parameters)
    let plan = try Plan(
      graph, outputs: gradients, parameters: ParameterStore([] as [(String, Shape)]),
      backend: PortableBackend())
    for (index, numbers) in noise.enumerated() {
      plan.fill("x\(index)", with: Tensor([count], numbers))
    }
    for (index, number) in example.parameters.enumerated() {
      plan.fill("p\(index)", with: Tensor([1], [number]))
    }
    try plan.run()
    for index in parameters.indices {
      func expectation(_ change: Float) throws -> Double {
        var moved = example.parameters
        moved[index] += change
        return try example.with(moved).quadrature().expectation(function)
      }
      let step: Float = 0x1p-6
      let near = try expectation(step) - expectation(-step)
      let far = try expectation(2 * step) - expectation(-2 * step)
      let expected = (8 * near - far) / (12 * Double(step))
      let found = Double(plan.scalar(index))
      #expect(abs(found - expected) < 1e-3, "parameter \(index): \(expected), not \(found)")
    }
  }
}
