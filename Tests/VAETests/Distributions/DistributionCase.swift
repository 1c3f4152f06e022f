import Graphs
import Tensors

@testable import VAE

/// A member of a family of one variable.
struct DistributionCase: Sendable, CustomStringConvertible {
  typealias Make = @Sendable ([Value]) -> any ReparameterizedDistribution

  let name: String
  let parameters: [Float]
  /// Where the density is positive.
  let domain: Quadrature.Domain
  let make: Make

  var description: String { "\(name)\(parameters)" }

  /// - Parameter ends: which parameters are the ends of the domain.
  init(
    _ name: String, _ parameters: [Float], _ domain: Quadrature.Domain, ends: [Int] = [],
    _ make: @escaping Make
  ) {
    self.name = name
    self.parameters = parameters
    self.ends = ends
    self.make = make
    let numbers = ends.map { Double(parameters[$0]) }
    self.domain =
      switch ends.count {
      case 0: domain
      case 1: .above(numbers[0])
      default: .between(numbers[0], numbers[1])
      }
  }

  private let ends: [Int]

  /// The same family with other parameters.
  func with(_ parameters: [Float]) -> DistributionCase {
    DistributionCase(name, parameters, domain, ends: ends, make)
  }

  /// Expressions of the distribution and of numbers, evaluated at every one of the numbers; where
  /// there are none, once.
  func evaluate(
    _ inputs: [[Float]] = [],
    _ expressions: (any ReparameterizedDistribution, [Value]) throws -> [Value]
  ) throws -> [[Float]] {
    let count = inputs.first?.count ?? 1
    let graph = Graph()
    let values = inputs.indices.map { graph.input("x\($0)", [count]) }
    let arguments = parameters.indices.map {
      graph.input("p\($0)", [1]).broadcast(to: [count])
    }
    let outputs = try expressions(make(arguments), values)
    let plan = try Plan(
      graph, outputs: outputs, parameters: ParameterStore([] as [(String, Shape)]),
      backend: PortableBackend())
    for (index, input) in inputs.enumerated() {
      plan.fill("x\(index)", with: Tensor([count], input))
    }
    for (index, number) in parameters.enumerated() {
      plan.fill("p\(index)", with: Tensor([1], [number]))
    }
    try plan.run()
    return outputs.indices.map { plan.output($0).elements }
  }

  /// A closed form of the distribution and of numbers; nil where it has none.
  func closedForm(
    _ numbers: [Float] = [], _ expression: (any ReparameterizedDistribution, [Value]) -> Value?
  ) throws -> Double? {
    struct NotClosed: Error {}
    do {
      let found = try evaluate(numbers.map { [$0] }) { distribution, x in
        guard let value = expression(distribution, x) else { throw NotClosed() }
        return [value]
      }
      return Double(found[0][0])
    } catch is NotClosed {
      return nil
    }
  }

  /// KL(this || prior) in closed form.
  func divergence(from prior: DistributionCase) throws -> Double? {
    try closedForm(prior.parameters) { $0.divergence(from: prior.make($1)) }
  }

  /// The quadrature of this member's density.
  func quadrature() throws -> Quadrature {
    var quadrature = Quadrature(domain)
    quadrature.logDensity = try evaluate([quadrature.points]) { [$0.logDensity($1[0])] }[0]
      .map(Double.init)
    return quadrature
  }

  static let all: [DistributionCase] = [
    DistributionCase("Gaussian", [0.4, 0.7], .realLine) { Gaussian(location: $0[0], scale: $0[1]) },
    DistributionCase("Laplace", [-0.3, 0.8], .realLine) { Laplace(location: $0[0], scale: $0[1]) },
    DistributionCase("Logistic", [0.5, 0.6], .realLine) { Logistic(location: $0[0], scale: $0[1]) },
    DistributionCase("StudentT", [5, 0.3, 0.7], .realLine) {
      StudentT(degreesOfFreedom: $0[0], location: $0[1], scale: $0[2])
    },
    DistributionCase("Cauchy", [0.2, 0.6], .realLine) { Cauchy(location: $0[0], scale: $0[1]) },
    DistributionCase("Gumbel", [0.3, 0.8], .realLine) { Gumbel(location: $0[0], scale: $0[1]) },
    DistributionCase("LogNormal", [0.2, 0.6], .positive) {
      LogNormal(location: $0[0], scale: $0[1])
    },
    gamma, gamma.with([4.5, 2]), gamma.with([60, 12]),
    DistributionCase("Exponential", [1.4], .positive) { Exponential(rate: $0[0]) },
    weibull, weibull.with([0.8, 0.7]),
    DistributionCase("Rayleigh", [0.9], .positive) { Rayleigh(scale: $0[0]) },
    DistributionCase("Gompertz", [0.5, 1.3], .positive) {
      Gompertz(concentration: $0[0], rate: $0[1])
    },
    DistributionCase("Erlang", [1.5], .positive) { Erlang(stages: 3, rate: $0[0]) },
    DistributionCase("ChiSquared", [3.4], .positive) { ChiSquared(degreesOfFreedom: $0[0]) },
    DistributionCase("FisherF", [5.5, 7.5], .positive) {
      FisherF(numerator: $0[0], denominator: $0[1])
    },
    DistributionCase("Pareto", [1.2, 4.5], .positive, ends: [0]) {
      Pareto(lower: $0[0], concentration: $0[1])
    },
    DistributionCase("Reciprocal", [0.4, 3], .positive, ends: [0, 1]) {
      Reciprocal(lower: $0[0], upper: $0[1])
    },
    DistributionCase("Uniform", [-0.5, 1.5], .positive, ends: [0, 1]) {
      Uniform(lower: $0[0], upper: $0[1])
    },
    DistributionCase("Triangular", [-1, 0.25, 1.5], .positive, ends: [0, 2]) {
      Triangular(lower: $0[0], mode: $0[1], upper: $0[2])
    },
    beta, beta.with([0.8, 0.9]),
  ]

  private static let gamma = DistributionCase("Gamma", [0.7, 1.5], .positive) {
    Gamma(concentration: $0[0], rate: $0[1])
  }
  private static let weibull = DistributionCase("Weibull", [1.6, 1.2], .positive) {
    Weibull(concentration: $0[0], scale: $0[1])
  }
  private static let beta = DistributionCase("Beta", [2.5, 1.5], .unitInterval) {
    Beta(a: $0[0], b: $0[1])
  }

  static func named(_ name: String) -> DistributionCase? { all.first { $0.name == name } }
}
