import Foundation
import Graphs
import Testing

@testable import VAE

/// Densities and what is closed of each family against quadratures of the density.
@Suite struct DistributionDensityTests {
  private func agrees(_ found: Double, _ expected: Double, to tolerance: Double = 1e-4) -> Bool {
    abs(found - expected) <= tolerance * max(1, abs(expected))
  }

  @Test(arguments: DistributionCase.all)
  func theDensityIntegratesToOne(_ example: DistributionCase) throws {
    let total = try example.quadrature().expectation { _ in 1 }
    #expect(abs(total - 1) < 2e-5, "\(total)")
  }

  @Test(arguments: DistributionCase.all)
  func theDistributionFunctionIsTheDensitysIntegral(_ example: DistributionCase) throws {
    let quadrature = try example.quadrature()
    let points = stride(from: 0, to: quadrature.points.count, by: 20)
    let z = points.map { quadrature.points[$0] }
    let cdf = try example.evaluate([z]) { [try #require($0.cdf($1[0]))] }[0]
    let cumulative = quadrature.cumulative
    let worst = zip(points, cdf).map { abs(cumulative[$0] - Double($1)) }.max() ?? 1
    #expect(worst < 1e-4, "\(worst)")
  }

  /// Families without a quantile in closed form: sampled by composition.
  private static let withoutQuantile: Set<String> = ["StudentT", "FisherF", "Beta"]

  @Test(arguments: DistributionCase.all)
  func theQuantileInvertsTheDistributionFunction(_ example: DistributionCase) throws {
    let u: [Float] = [1e-5, 0.01, 0.2, 0.5, 0.75, 0.99, 0.9999]
    var hasQuantile = false
    let found = try example.evaluate([u]) { distribution, x in
      guard let z = distribution.quantile(x[0]) else { return [x[0]] }
      hasQuantile = true
      return [try #require(distribution.cdf(z))]
    }[0]
    #expect(hasQuantile != Self.withoutQuantile.contains(example.name))
    for (u, found) in zip(u, found) { #expect(abs(u - found) < 2e-6, "\(u): \(found)") }
  }

  /// Families that have no moments, or none that are given.
  private static let withoutMean: Set<String> = ["Cauchy", "Gompertz"]

  @Test(arguments: DistributionCase.all)
  func moments(_ example: DistributionCase) throws {
    let quadrature = try example.quadrature()
    let mean = try example.closedForm { q, _ in q.mean }
    let variance = try example.closedForm { q, _ in q.variance }
    #expect((mean == nil) == Self.withoutMean.contains(example.name))
    #expect((variance == nil) == (mean == nil))
    guard let mean, let variance else { return }
    #expect(agrees(quadrature.expectation { $0 }, mean))
    #expect(agrees(quadrature.expectation { ($0 - mean) * ($0 - mean) }, variance))
  }

  @Test(arguments: DistributionCase.all)
  func entropy(_ example: DistributionCase) throws {
    let entropy = try example.closedForm { q, _ in q.entropy }
    #expect((entropy == nil) == (example.name == "Gompertz"))
    guard let entropy else { return }
    let quadrature = try example.quadrature()
    let expected = zip(quadrature.masses, quadrature.logDensity).reduce(0.0) {
      $1.0 == 0 ? $0 : $0 - $1.0 * $1.1
    }
    #expect(agrees(entropy, expected))
  }

  /// Every statistic that a family gives, and that it gives at least what it is listed with.
  @Test(arguments: DistributionCase.all)
  func statistics(_ example: DistributionCase) throws {
    let quadrature = try example.quadrature()
    let logarithm = quadrature.expectation { log($0) }
    let statistics: [(String, (_ t: Value, _ c: Value) -> Statistic, (Double) -> Double)] = [
      ("logarithm", { _, _ in .logarithm }, { log($0) }),
      ("varianceOfLogarithm", { _, _ in .varianceOfLogarithm }, { pow(log($0) - logarithm, 2) }),
      ("logarithmOfComplement", { _, _ in .logarithmOfComplement }, { log1p(-$0) }),
      ("power", { t, _ in .power(-t) }, { pow($0, 0.7) }),
      ("exponential", { .exponential($0, from: $1) }, { exp(-0.7 * ($0 - 0.4)) }),
      ("absoluteDeviation", { .absoluteDeviation(from: $1) }, { abs($0 - 0.4) }),
    ]
    var given: Set<String> = []
    for (name, statistic, function) in statistics {
      let found = try example.closedForm([-0.7, 0.4]) {
        $0.expectation(of: statistic($1[0], $1[1]))
      }
      guard let found else { continue }
      given.insert(name)
      let expected = quadrature.expectation(function)
      #expect(agrees(found, expected, to: 3e-4), "\(name) is \(expected), not \(found)")
    }
    let logarithms: Set<String> = ["logarithm", "varianceOfLogarithm", "power"]
    let expected: Set<String> =
      switch example.name {
      case "Gaussian", "Laplace": ["exponential", "absoluteDeviation"]
      case "Gumbel": ["exponential"]
      case "Uniform": ["absoluteDeviation"]
      case "Gamma", "Exponential", "Erlang", "ChiSquared": logarithms.union(["exponential"])
      case "LogNormal", "Weibull", "Rayleigh", "FisherF", "Pareto", "Reciprocal": logarithms
      case "Beta": logarithms.union(["logarithmOfComplement"])
      default: []
      }
    #expect(given == expected)
  }

  @Test(arguments: DistributionCase.all)
  func outsideTheSupportThereIsNoDensity(_ example: DistributionCase) throws {
    let support: Support
    /// Numbers and the distribution function there.
    let outside: [(z: Float, cdf: Float)]
    switch example.domain {
    case .realLine: (support, outside) = (.realLine, [])
    case .positive: (support, outside) = (.positive, [(-0.5, 0), (-1e6, 0)])
    case .unitInterval: (support, outside) = (.unitInterval, [(-0.5, 0), (1.5, 1)])
    case .above(let lower):
      (support, outside) = (.lowerBounded, [(Float(lower) - 0.1, 0), (-3, 0)])
    case .between(let lower, let upper):
      (support, outside) = (.bounded, [(Float(lower) - 0.1, 0), (Float(upper) + 0.1, 1)])
    }
    var found: Support?
    _ = try example.evaluate([[0.5]]) {
      found = $0.support
      return [$0.logDensity($1[0])]
    }
    #expect(found == support)
    guard !outside.isEmpty else { return }
    let z = outside.map(\.z)
    let densities = try example.evaluate([z]) { [$0.logDensity($1[0])] }[0]
    #expect(densities.allSatisfy { $0 == -.infinity }, "\(densities)")
    let cdf = try example.evaluate([z]) { [try #require($0.cdf($1[0]))] }[0]
    #expect(zip(outside, cdf).allSatisfy { abs($0.cdf - $1) < 1e-20 }, "\(cdf)")
  }
}
