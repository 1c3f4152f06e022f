import Foundation
import Testing

@testable import VAE

/// Closed divergences against quadratures of log q - log p.
@Suite struct DivergenceTests {
  /// A prior of every family, other than the posteriors.
  static let priors: [DistributionCase] = [
    ("Gaussian", [-0.5, 1.3]), ("Laplace", [0.2, 1.1]), ("Cauchy", [0.5, 1.4]),
    ("Gumbel", [-0.2, 1.2]), ("LogNormal", [-0.2, 0.9]), ("Gamma", [1.8, 0.6]),
    ("Exponential", [0.8]), ("Weibull", [1.2, 1.5]), ("Rayleigh", [1.4]), ("Erlang", [1.1]),
    ("ChiSquared", [4.4]), ("Pareto", [0.9, 2.5]), ("Reciprocal", [0.3, 4]),
    ("Uniform", [-1.5, 2]), ("Beta", [1.3, 1.7]), ("Logistic", [0, 1]), ("StudentT", [3, 0, 1]),
    ("Gompertz", [1, 1]), ("FisherF", [3, 5]), ("Triangular", [-2, 0, 2]),
  ].compactMap { name, parameters in DistributionCase.named(name)?.with(parameters) }

  /// How many of the posteriors have a divergence in closed form from each prior.
  static let closed: [String: Int] = [
    "Gaussian": 22, "Laplace": 3, "Cauchy": 1, "Gumbel": 9, "LogNormal": 15, "Gamma": 15,
    "Exponential": 15, "Weibull": 15, "Rayleigh": 15, "Erlang": 15, "ChiSquared": 15, "Pareto": 1,
    "Reciprocal": 1, "Uniform": 3, "Beta": 2,
  ]

  @Test(arguments: priors)
  func closedFormsAgreeWithQuadrature(_ prior: DistributionCase) throws {
    var count = 0
    for posterior in DistributionCase.all {
      guard let closed = try posterior.divergence(from: prior) else { continue }
      count += 1
      let quadrature = try posterior.quadrature()
      let logPrior = try prior.evaluate([quadrature.points]) { [$0.logDensity($1[0])] }[0]
      var expected = 0.0
      for (index, mass) in quadrature.masses.enumerated() where mass > 1e-30 {
        expected += mass * (quadrature.logDensity[index] - Double(logPrior[index]))
      }
      if closed == .infinity {
        #expect(expected == .infinity, "KL(\(posterior) || \(prior)) is \(expected)")
      } else {
        #expect(
          abs(closed - expected) <= 2e-4 * max(1, expected),
          "KL(\(posterior) || \(prior)) is \(expected), not \(closed)")
        #expect(closed > -1e-6)
      }
    }
    #expect(count == Self.closed[prior.name] ?? 0)
  }

  @Test(arguments: DistributionCase.all)
  func aDistributionDoesNotDivergeFromItself(_ example: DistributionCase) throws {
    guard let divergence = try example.divergence(from: example) else { return }
    #expect(abs(divergence) < 2e-5)
  }
}
