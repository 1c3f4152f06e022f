import Checkpoints
import Files
import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

/// Posteriors and priors in configurations and model files.
@Suite struct LatentConfigurationTests {
  private static let plain = Configuration(
    image: ImageShape(channels: 1, height: 3, width: 3), latents: 2,
    network: .mlp(hidden: [4], activation: .tanh), likelihood: .bernoulli)

  private static func configuration(
    _ posterior: Configuration.Posterior, _ prior: Configuration.Prior
  ) -> Configuration {
    var configuration = plain
    configuration.flat?.posterior = posterior
    configuration.flat?.prior = prior
    return configuration
  }

  @Test func pseudoInputsBeginAsPictures() throws {
    let model = Model(Self.configuration(.diagonal, .vamp(pseudoInputs: 3)), seed: 1)
    #expect(model.pseudoInputCount == 3)
    let before = try #require(model.parameters[VampPrior.name]).elements
    let samples: [Float] = [0, 0.01, 0.02, 0.3, 0.5, 0.7, 0.9, 0.98, 1]
    model.startPseudoInputs(from: [
      Tensor([1, 3, 3], samples), Tensor([1, 3, 3], samples.reversed()),
    ])
    let after = try #require(model.parameters[VampPrior.name]).elements
    let inside = samples.map { min(max($0, 0.02), 0.98) }
    for (parameter, sample) in zip(after, inside + inside.reversed()) {
      #expect(abs(1 / (1 + exp(-4 * Double(parameter))) - Double(sample)) < 1e-5)
    }
    #expect(Array(after[18...]) == Array(before[18...]))

    let (plain, untouched) = (Model(Self.plain, seed: 1), Model(Self.plain, seed: 1))
    #expect(plain.pseudoInputCount == 0)
    plain.startPseudoInputs(from: [Tensor([1, 3, 3], samples)])
    for slot in plain.parameters.slots {
      #expect(plain.parameters[slot.name] == untouched.parameters[slot.name])
    }
  }

  @Test func theDefaultsAreNotWritten() throws {
    #expect(Self.plain.json["posterior"] == nil && Self.plain.json["prior"] == nil)
    #expect(try Configuration(json: Self.plain.json) == Self.plain)
  }

  @Test(arguments: LatentQuadratureTests.combinations.indices)
  func filesKeepThem(index: Int) throws {
    let (posterior, prior) = LatentQuadratureTests.combinations[index]
    let configuration = Self.configuration(posterior, prior)
    #expect(
      try Configuration(json: JSONValue(parsing: configuration.json.description)) == configuration)
    let folder = TemporaryFolder()
    let model = Model(configuration, seed: 3)
    try model.write(to: folder.file("m.safetensors"))
    let read = try Model(path: folder.file("m.safetensors"))
    #expect(read.configuration == configuration)
    for slot in model.parameters.slots {
      #expect(read.parameters[slot.name] == model.parameters[slot.name])
    }
  }

  @Test(
    arguments: [
      (#"{"family":"cauchy"}"#, nil, "newer version"),
      (#"{"family":"student-t"}"#, nil, "degrees_of_freedom"),
      (#"{"family":"student-t","degrees_of_freedom":2}"#, nil, "more than 2"),
      (#"{"family":"diagonal","steps":2}"#, nil, "'steps' is not known"),
      (#"{"family":"iaf","steps":0,"hidden":4}"#, nil, "flow steps"),
      (#"{"family":"iaf","steps":2,"hidden":1}"#, nil, "flow units"),
      (#"{"family":"iaf","steps":2,"hidden":70000}"#, nil, "flow units"),
      (nil, #"{"family":"mixture","components":0}"#, "components"),
      (nil, #"{"family":"vamp","pseudo_inputs":70000}"#, "components"),
      (nil, #"{"family":"vamp"}"#, "pseudo_inputs"),
      (nil, #"{"family":"horseshoe"}"#, "newer version"),
      (nil, #"{"family":"exponential"}"#, "below zero"),
      (#"{"family":"gamma"}"#, nil, "positive latents"),
      (#"{"family":"gamma"}"#, #"{"family":"mixture","components":2}"#, "positive latents"),
      (
        #"{"family":"iaf","steps":1,"hidden":4}"#, #"{"family":"vamp","pseudo_inputs":2}"#,
        "inverted"
      ),
    ] as [(String?, String?, String)])
  func whatMakesNoModelIsRefused(posterior: String?, prior: String?, reason: String) throws {
    var members = try #require(Self.plain.json.object)
    if let posterior { members.append(JSONMember("posterior", try JSONValue(parsing: posterior))) }
    if let prior { members.append(JSONMember("prior", try JSONValue(parsing: prior))) }
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration(json: .object(members))
    }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func hierarchicalModelsHaveTheirOwn() throws {
    let configuration = Configuration(
      image: ImageShape(channels: 1, height: 8, width: 8),
      hierarchy: Hierarchy(
        widths: [4], targetWidths: [2], latents: [1], blocks: [0], activation: .silu,
        isConditional: true))
    #expect(configuration.problem == nil)
    var members = try #require(configuration.json.object)
    members.append(JSONMember("posterior", ["family": "laplace"]))
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration(json: .object(members))
    }
    #expect(error?.description.contains("flat models") == true)
    #expect(configuration.form.problem(of: Estimator.sgvbA) == .estimatorOfHierarchy(.sgvbA))
  }

  /// Draws of `encode --sample` have the posterior's own moments.
  @Test(
    arguments: [.full, .laplace, .gamma, .weibull] as [Configuration.Posterior])
  func coderDrawsFromThePosterior(posterior: Configuration.Posterior) throws {
    let model = Model(Self.configuration(posterior, posterior.standardPrior), seed: 5)
    let coder = Coder(model, backend: PortableBackend())
    let picture = Tensor([1, 3, 3], repeating: 0.75)
    let encoded = try coder.encode(picture)
    var moments = VectorMoments(2)
    var random = RandomSource(seed: 2)
    for _ in 0..<3000 {
      let draw = try coder.sample(picture, using: &random)
      #expect(draw.posterior == encoded)
      moments.add(draw.latents.elements)
    }
    for i in 0..<2 {
      let error = (moments.variance[i] / 3000).squareRoot()
      #expect(abs(moments.mean[i] - Double(encoded.mean[i])) < 4.5 * error, "\(posterior)")
    }
    #expect(try coder.decode(encoded.mean).elements.allSatisfy { (0...1).contains($0) })
  }
}
