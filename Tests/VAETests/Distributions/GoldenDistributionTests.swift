import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

/// Against SciPy and torch.distributions: Tests/Fixtures/make_distributions.py.
@Suite struct GoldenDistributionTests {
  struct Golden: Decodable, Sendable {
    struct Density: Decodable, Sendable, CustomStringConvertible {
      var family: String
      var parameters: [Float]
      var z: [Float]
      var logDensity: [Double]
      var cdf: [Double]
      /// nil where infinite or undefined.
      var mean: Double?
      var variance: Double?
      var entropy: Double?
      var description: String { "\(family)\(parameters)" }
    }
    struct Divergence: Decodable, Sendable, CustomStringConvertible {
      var q: String
      var qParameters: [Float]
      var p: String
      var pParameters: [Float]
      var divergence: Double
      var description: String { "KL(\(q)\(qParameters) || \(p)\(pParameters))" }
    }
    struct FullGaussian: Decodable, Sendable {
      var mean: [Float]
      var scale: [Float]
      var factor: [Float]
      var z: [Float]
      var logDensity: Double
      var entropy: Double
      var divergenceFromStandard: Double
    }
    struct Dirichlet: Decodable, Sendable {
      var concentration: [Float]
      var other: [Float]
      var z: [Float]
      var logDensity: Double
      var entropy: Double
      var divergence: Double
    }
    var densities: [Density]
    var divergences: [Divergence]
    var fullGaussian: FullGaussian
    var dirichlet: Dirichlet
  }

  static let golden: Golden? = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/distributions.json")
    return try? JSONDecoder().decode(Golden.self, from: Data(contentsOf: path))
  }()

  private func member(_ family: String, _ parameters: [Float]) throws -> DistributionCase {
    try #require(DistributionCase.named(family)).with(parameters)
  }

  private func agrees(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) <= 2e-5 * max(1, abs(expected))
  }

  @Test func theFixtureIsThere() throws {
    let golden = try #require(Self.golden)
    #expect(Set(golden.densities.map(\.family)) == Set(DistributionCase.all.map(\.name)))
  }

  @Test(arguments: golden?.densities ?? [])
  func densities(_ row: Golden.Density) throws {
    let example = try member(row.family, row.parameters)
    let found = try example.evaluate([row.z]) {
      [$0.logDensity($1[0]), try #require($0.cdf($1[0]))]
    }
    for index in row.z.indices {
      let (density, cdf) = (Double(found[0][index]), Double(found[1][index]))
      #expect(
        agrees(density, row.logDensity[index]),
        "log density of \(row.z[index]) is \(row.logDensity[index]), not \(density)")
      #expect(
        agrees(cdf, row.cdf[index]), "CDF at \(row.z[index]) is \(row.cdf[index]), not \(cdf)")
    }
    for (name, expected, found) in [
      ("mean", row.mean, try example.closedForm { q, _ in q.mean }),
      ("variance", row.variance, try example.closedForm { q, _ in q.variance }),
      ("entropy", row.entropy, try example.closedForm { q, _ in q.entropy }),
    ] {
      guard let expected, let found else { continue }
      #expect(
        abs(found - expected) <= 2e-4 * max(1, abs(expected)),
        "\(name) is \(expected), not \(found)")
    }
  }

  @Test(arguments: golden?.divergences ?? [])
  func divergences(_ row: Golden.Divergence) throws {
    let found = try #require(
      try member(row.q, row.qParameters).divergence(from: member(row.p, row.pParameters)))
    #expect(agrees(found, row.divergence), "\(row.divergence), not \(found)")
  }

  @Test func fullGaussian() throws {
    let row = try #require(Self.golden).fullGaussian
    let inputs = [
      Tensor([1, 3], row.mean), Tensor([1, 3], row.scale), Tensor([1, 3, 3], row.factor),
      Tensor([1, 3], row.z),
    ]
    let found = try evaluate(inputs) { x in
      let q = FullGaussian(location: x[0], scale: x[1], factor: x[2])
      let standard = Gaussian.standard(x[0].graph, [1, 3])
      return .concatenate(
        [
          q.logDensity(x[3]), q.entropy ?? x[3].sumOfRows(),
          q.divergence(from: standard) ?? x[3].sumOfRows(),
        ], axis: 0)
    }
    let expected = [row.logDensity, row.entropy, row.divergenceFromStandard]
    for (found, expected) in zip(found.elements, expected) {
      #expect(agrees(Double(found), expected), "\(expected), not \(found)")
    }
  }

  @Test func dirichlet() throws {
    let row = try #require(Self.golden).dirichlet
    let inputs = [row.concentration, row.other, row.z].map { Tensor([1, 3], $0) }
    let found = try evaluate(inputs) { x in
      let q = Dirichlet(concentration: x[0])
      return .concatenate(
        [
          q.logDensity(x[2]), q.entropy ?? x[2].sumOfRows(),
          q.divergence(from: Dirichlet(concentration: x[1])) ?? x[2].sumOfRows(),
        ], axis: 0)
    }
    let expected = [row.logDensity, row.entropy, row.divergence]
    for (found, expected) in zip(found.elements, expected) {
      #expect(agrees(Double(found), expected), "\(expected), not \(found)")
    }
  }
}
