import Checkpoints
import Datasets
import Graphs
import Pictures
import Tensors
import Testing

@testable import VAE

/// What a new family takes: a type, and its name in one list.
@Suite struct NewFamilyTests {
  private static let image = ImageShape(channels: 1, height: 4, width: 4)

  private func configuration(
    _ likelihood: Configuration.Likelihood, _ posterior: Configuration.Posterior,
    _ prior: Configuration.Prior = .standardNormal
  ) -> Configuration {
    Configuration(
      image: Self.image, latents: 2, network: .mlp(hidden: [8], activation: .tanh),
      likelihood: likelihood, posterior: posterior, prior: prior)
  }

  /// Trains, and returns the bound that is reached.
  private func trained(_ configuration: Configuration) throws -> Model {
    var training = TrainingConfiguration()
    training.batchSize = 16
    training.estimator = .standard(for: configuration)
    training.learningRate = 0.01
    training.limit = .steps(60)
    let model = Model(configuration, seed: 3)
    let trainer = try Trainer(model, training, exampleCount: 16, backend: PortableBackend())
    let source = HalfSource()
    var bounds: [Float] = []
    while !trainer.isDone {
      let step = try trainer.step(source)
      bounds.append(-(step.rate + step.distortion))
    }
    #expect(bounds.suffix(5).reduce(0, +) > bounds.prefix(5).reduce(0, +))
    return model
  }

  @Test func likelihood() throws {
    let configuration = configuration(Configuration.Likelihood(ToyLikelihood()), .diagonal)
    #expect(throws: ConfigurationError.self) { try Configuration(json: configuration.json) }
    try Families.$likelihoods.withValue(Families.likelihoods + [ToyLikelihood.self]) {
      let folder = TemporaryFolder()
      try trained(configuration).write(to: folder.file("m.safetensors"))
      let model = try Model(path: folder.file("m.safetensors"))
      #expect(model.configuration == configuration)
      var random = RandomSource(seed: 1)
      let picture = Tensor(Self.image.shape, repeating: 0.5)
      let evaluator = try BoundEvaluator(model, countsLevels: true, backend: PortableBackend())
      let bound = try evaluator.evaluate(picture, using: &random)
      // A level has less than all of the mass, and more than none.
      #expect(try #require(bound.levelDistortion) > 0 && bound.levelBound?.isFinite == true)
      var drawn: [Float] = [0, 7]
      model.configuration.likelihood.family.draw(
        into: &drawn, [[0.5, 0.5]], where: { $0 == 0 }, using: &random)
      #expect(drawn[0] != 0 && drawn[1] == 7)
    }
  }

  @Test func posterior() throws {
    let configuration = configuration(.bernoulli, Configuration.Posterior(ToyPosterior()))
    #expect(throws: ConfigurationError.self) { try Configuration(json: configuration.json) }
    try Families.$posteriors.withValue(Families.posteriors + [ToyPosterior.self]) {
      let folder = TemporaryFolder()
      try trained(configuration).write(to: folder.file("m.safetensors"))
      let model = try Model(path: folder.file("m.safetensors"))
      #expect(model.configuration == configuration)
      var random = RandomSource(seed: 1)
      let picture = Tensor(Self.image.shape, repeating: 0.5)
      let draw = try Coder(model, backend: PortableBackend()).sample(picture, using: &random)
      #expect(draw.latents.elements != draw.posterior.mean.elements)
    }
  }

  @Test func prior() throws {
    let configuration = configuration(.bernoulli, .diagonal, Configuration.Prior(ToyPrior()))
    #expect(throws: ConfigurationError.self) { try Configuration(json: configuration.json) }
    try Families.$priors.withValue(Families.priors + [ToyPrior.self]) {
      let folder = TemporaryFolder()
      #expect(Estimator.standard(for: configuration) == .sgvbA)
      try trained(configuration).write(to: folder.file("m.safetensors"))
      let model = try Model(path: folder.file("m.safetensors"))
      #expect(model.configuration == configuration)
      let prior = Configuration.Prior(ToyPrior())
      #expect(prior.family.problem(with: .gamma) != nil)
      let coder = try Coder(model, backend: PortableBackend())
      var (random, again) = (RandomSource(seed: 1), RandomSource(seed: 1))
      let drawn = try coder.drawPicture(using: &random)
      #expect(try drawn == coder.drawPicture(using: &again))
      #expect(try drawn != coder.drawPicture(using: &random))
    }
  }

  /// A map that is not told holds what is neutral, and a model that names it sees it.
  @Test func conditionMap() throws {
    let toy = ConditionMap(name: "toy", neutral: 0.25, range: 0...1, factor: 2)
    try ConditionMaps.$all.withValue(ConditionMaps.all + [toy]) {
      let model = Model(
        Configuration(
          image: ImageShape(channels: 1, height: 8, width: 8),
          hierarchy: Hierarchy(
            widths: [4], targetWidths: [2], latents: [1], blocks: [1], activation: .silu,
            isConditional: true)), seed: 1)
      #expect(model.configuration.problem == nil)
      let read = try Configuration(json: model.configuration.json)
      #expect(read == model.configuration)
      var pixels = [Float](repeating: 0.5, count: 64)
      var (observation, maps) = (pixels, [Float](repeating: 7, count: 6 * 64))
      var random = RandomSource(seed: 2)
      let region = Region(height: 8, width: 8)
      pixels.withMutablePlanes(channels: 1, region) { pixels in
        observation.withMutablePlanes(channels: 1, region) { observation in
          maps.withMutablePlanes(channels: 6, region) {
            DamageSampler(.photograph).apply(
              clean: pixels, observation: observation, maps: $0, allowsEverythingHidden: false,
              using: &random)
          }
        }
      }
      #expect(maps[(5 * 64)...].allSatisfy { $0 == 0.25 })

      func estimate(_ level: Float) throws -> [Float] {
        maps.replaceSubrange((5 * 64)..., with: repeatElement(level, count: 64))
        return try model.values(
          of: [Tensor([1, 1, 8, 8], observation), Tensor([1, 6, 8, 8], maps)]
        ) { _, inputs in
          [
            model.hierarchical.estimate(
              ConditionValues(observation: inputs[0], maps: inputs[1]),
              RestorationWindow(height: 8, width: 8)
            ).mean
          ]
        }[0].elements
      }
      let (neutral, other) = (try estimate(0.25), try estimate(0.75))
      #expect(neutral != other)
    }
  }
}

/// Laplace pixels of one scale.
private struct ToyLikelihood: PlainFamily, LikelihoodFamily {
  static let name = "toy"
  static let isDiscrete = false
  static let scale: Float = 0.1
  func outputs(channels: Int) -> Int { channels }

  func distribution(_ output: Value) -> any PixelDistribution { ToyPixels(mean: output.sigmoid()) }

  func draw(
    into picture: inout [Float], _ parameters: [[Float]], where isWanted: (Int) -> Bool,
    using random: inout RandomSource
  ) {
    for index in picture.indices where isWanted(index) {
      let u = random.nextUniform() - 0.5
      picture[index] =
        parameters[0][index] - Self.scale * (u < 0 ? -1 : 1) * logOf(1 - 2 * abs(u))
    }
  }

  func levelLogProbability(
    _ x: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>]
  ) -> Double {
    func below(_ x: Float, _ mean: Float) -> Float {
      let tail = 0.5 * expOf(-abs(x - mean) / Self.scale)
      return x < mean ? tail : 1 - tail
    }
    return x.indices.reduce(0.0) { sum, index in
      let mean = parameters[0][index]
      return sum
        + Double(logOf(below(x[index] + 0.5 / 255, mean) - below(x[index] - 0.5 / 255, mean)))
    }
  }
}

private struct ToyPixels: PixelDistribution {
  let mean: Value
  var variance: Value {
    mean.graph.constant(2 * ToyLikelihood.scale * ToyLikelihood.scale, mean.shape)
  }
  func pixelLogDensity(_ x: Value) -> Value {
    (x - mean).map(.absolute) * (-1 / ToyLikelihood.scale) - logOf(2 * ToyLikelihood.scale)
  }
  var drawParameters: [Value] { [mean] }
  var levelParameters: [Value] { [mean] }
  func mapped(_ body: (Value) -> Value) -> Self { Self(mean: body(mean)) }
}

/// Location and log scale of a Gumbel distribution.
private struct ToyPosterior: PlainFamily, FactorizedPosterior {
  static let name = "toy"
  func distribution(_ numbers: [Value]) -> any ReparameterizedDistribution {
    Gumbel(location: numbers[0], scale: numbers[1].exp())
  }
}

/// The standard Laplace distribution of every latent.
private struct ToyPrior: StandardPriorFamily {
  static let name = "toy"
  static var prior: any LatentPrior { Density() }
  func noise(latents: Int, posterior: NoiseCounts) -> NoiseCounts { NoiseCounts(uniform: latents) }

  private struct Density: FamilyPrior {
    func distribution(_ graph: Graph, _ shape: Shape) -> any ReparameterizedDistribution {
      Laplace(location: graph.constant(0, shape), scale: graph.constant(1, shape))
    }

    func logDensity(_ z: Value) -> Value { distribution(z.graph, z.shape).rowLogDensity(z) }

    func sample(_ noise: LatentNoise, temperature: Value) -> Value {
      let uniforms = noise.uniforms
      return distribution(uniforms.graph, uniforms.shape).sample(noise: [uniforms]) * temperature
    }
  }
}
