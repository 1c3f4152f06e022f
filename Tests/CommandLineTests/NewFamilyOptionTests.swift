import Graphs
import Tensors
import Testing
import VAE

@testable import Commands

/// A family that is added to its list is an option's value, in help, and takes the hyperparameters' options.
@Suite struct NewFamilyOptionTests {
  private struct Toy: PlainFamily, FactorizedPosterior {
    static let name = "toy"
    static let summary: String? = "a test's own"
    func distribution(_ numbers: [Value]) -> any ReparameterizedDistribution {
      Laplace(location: numbers[0], scale: numbers[1].exp())
    }
  }

  @Test func isAnOptionsValue() throws {
    #expect(PosteriorName(argument: "toy") == nil)
    try Families.$posteriors.withValue(Families.posteriors + [Toy.self]) {
      let options = try BoundOptions.parse(["--posterior", "toy"])
      var configuration = Configuration(
        image: ImageShape(channels: 1, height: 4, width: 4), latents: 2,
        network: .mlp(hidden: [4], activation: .tanh), likelihood: .bernoulli)
      try options.apply(to: &configuration)
      #expect(configuration.posterior == Configuration.Posterior(Toy()))
      #expect(PosteriorName.allValueStrings.last == "toy")
      #expect(BoundOptions.helpMessage().contains("toy (a test's own)"))
      #expect(throws: (any Error).self) {
        try BoundOptions.parse(["--posterior", "toy", "--flow-steps", "2"])
      }
    }
  }

  private struct ToyPrior: StandardPriorFamily {
    static let name = "toy"
    static let takesPositive = true
    static var prior: any LatentPrior { Configuration.Prior.standardNormal.family.standard! }
  }

  @Test func aPriorIsAnOptionsValue() throws {
    #expect(PriorName(argument: "toy") == nil)
    try Families.$priors.withValue(Families.priors + [ToyPrior.self]) {
      let options = try BoundOptions.parse(["--prior", "toy", "--posterior", "gamma"])
      var configuration = Configuration(
        image: ImageShape(channels: 1, height: 4, width: 4), latents: 2,
        network: .mlp(hidden: [4], activation: .tanh), likelihood: .bernoulli)
      try options.apply(to: &configuration)
      #expect(configuration.prior == Configuration.Prior(ToyPrior()))
      #expect(PriorName.allValueStrings.last == "toy")
      #expect(throws: (any Error).self) {
        try BoundOptions.parse(["--prior", "toy", "--prior-components", "2"])
      }
    }
    let options = try BoundOptions.parse(["--prior", "vamp", "--prior-components", "7"])
    var configuration = Configuration(
      image: ImageShape(channels: 1, height: 4, width: 4), latents: 2,
      network: .mlp(hidden: [4], activation: .tanh), likelihood: .bernoulli)
    try options.apply(to: &configuration)
    #expect(configuration.prior == .vamp(pseudoInputs: 7))
  }

  @Test func hyperparametersReachTheFamily() throws {
    let image = ImageShape(channels: 1, height: 4, width: 4)
    func likelihood(_ arguments: String...) throws -> Configuration.Likelihood {
      try NetworkOptions.parse(["--likelihood"] + arguments).configuration(image: image).likelihood
    }
    #expect(
      try likelihood("gaussian-fixed", "--sigma", "51", "--mean", "identity")
        == .gaussianFixed(standardDeviation: 0.2, mean: .identity))
    #expect(
      try likelihood("gaussian-fixed") == .gaussianFixed(standardDeviation: 0.1, mean: .sigmoid))
    #expect(
      try likelihood("discretized-logistic-mixture")
        == .discretizedLogisticMixture(components: 5, mean: .sigmoid))
    #expect(throws: (any Error).self) { try likelihood("bernoulli", "--mean", "identity") }
    #expect(throws: Failure.self) { try likelihood("gaussian-fixed", "--sigma", "nan") }
  }
}
