import Checkpoints
import Graphs
import Platform
import Tensors
import Testing

@testable import VAE

@Suite struct DeepModelTests {
  private let backend = PortableBackend()

  private func picture(_ image: ImageShape, seed: UInt64 = 1) -> Tensor {
    Hierarchies.picture(
      channels: image.channels, height: image.height, width: image.width, seed: seed)
  }

  @Test func groupsAreNamedAndShaped() {
    let groups = DeepModels.configuration().groups(of: DeepModels.configuration().image)
    #expect(groups.map(\.name) == ["4x4.2", "4x4.1", "2x2.1", "1x1.1"])
    #expect(groups.map(\.shape) == [[1, 4, 4], [1, 4, 4], [2, 2, 2], [3, 1, 1]])
    #expect(groups.map(\.level) == [0, 0, 1, 2])
    #expect(DeepModels.configuration().latents == 43)
  }

  /// Every group's rate by hand: 1/2 sum (m^2 + s^2 - log s^2 - 1) of the posterior that the network
  /// gives for the draws above, in the coordinates of the prior.
  @Test func rateOfEachGroupIsTheClosedForm() throws {
    let model = DeepModels.model()
    let (image, latents) = (model.configuration.image, model.configuration.latents)
    var random = RandomSource(seed: 4)
    let results = try Plan.results(
      model,
      [
        "x": picture(image).reshaped(to: image.batch(1)), "noise": random.normal([1, latents]),
      ]
    ) { graph in
      let x = graph.input("x", image.batch(1))
      let noise = LatentNoise(normal: graph.input("noise", [1, latents]))
      let posterior = model.network.encoded(x, noise: noise).posterior
      let draws = model.network.draws(x, seeing: nil, noise: noise, samples: 1)
      return [posterior.mean, posterior.logVariance] + draws.groupRates
    }
    var start = 0
    for (index, group) in model.configuration.groups(of: image).enumerated() {
      var rate = 0.0
      for place in start..<start + group.shape.count {
        let (mean, logVariance) = (Double(results[0][place]), Double(results[1][place]))
        rate += 0.5 * (mean * mean + exp(logVariance) - logVariance - 1)
      }
      start += group.shape.count
      #expect(rate > 0.01, "\(group.name)")
      #expect(abs(rate - Double(results[2 + index][0])) < 1e-4 * max(1, rate), "\(group.name)")
    }
    #expect(results.count == 6 && start == latents)
  }

  @Test func rateAgreesWithMonteCarlo() throws {
    let model = DeepModels.model()
    let (image, count) = (model.configuration.image, 4000)
    var random = RandomSource(seed: 5)
    let results = try Plan.results(
      model,
      [
        "x": picture(image).reshaped(to: image.batch(1)),
        "noise": random.normal([count, model.configuration.latents]),
      ]
    ) { graph in
      let draws = model.network.draws(
        graph.input("x", image.batch(1)), seeing: nil,
        noise: LatentNoise(normal: graph.input("noise", [count, model.configuration.latents])),
        samples: count)
      return [draws.bound.rate, draws.logRatio]
    }
    let ratios = results[1].elements.map { -Double($0) }
    let mean = ratios.reduce(0, +) / Double(count)
    let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    #expect(abs(mean - Double(results[0][0])) < 4 * (variance / Double(count)).squareRoot())
    #expect(results[0][0] > 1)
  }

  /// log p(x) of all sixteen pictures of 2x2, by importance: they are a distribution, and each is what
  /// draws from the prior say.
  @Test func likelihoodsOfAllPicturesAddUpToOne() throws {
    let model = DeepModels.model(DeepModels.smallest, noise: 0.5, posteriorNoise: 0.1)
    let image = model.configuration.image
    let (draws, latents) = (20_000, model.configuration.latents)
    var random = RandomSource(seed: 6)
    let logits = try Plan.results(model, ["noise": random.normal([draws, latents])]) { graph in
      let noise = LatentNoise(normal: graph.input("noise", [draws, latents]))
      return [model.network.priorPicture(noise: noise, temperature: nil, of: image).mean]
    }[0]
    let estimator = try ImportanceWeightedEstimator(model, samples: 2000, backend: backend)
    let bound = try BoundEvaluator(model, batchSize: 1, samples: 500, backend: backend)
    var (total, isUneven) = (0.0, false)
    for index in 0..<16 {
      let x = Tensor([1, 2, 2], (0..<4).map { Float(index >> $0 & 1) })
      let estimate = try estimator.estimate(x, using: &random)
      let elbo = try bound.evaluate(x.elements, using: &random)[0].bound
      #expect(estimate.logLikelihood > Double(elbo) - 0.03, "\(index)")
      total += exp(estimate.logLikelihood)
      var prior = 0.0
      for draw in 0..<draws {
        prior += (0..<4).reduce(1.0) {
          let mean = Double(logits[4 * draw + $1])
          return $0 * (x[$1] == 1 ? mean : 1 - mean)
        }
      }
      prior /= Double(draws)
      #expect(abs(estimate.logLikelihood - log(prior)) < 0.06, "\(index)")
      if abs(log(prior * 16)) > 0.3 { isUneven = true }
    }
    #expect(abs(total - 1) < 0.02)
    #expect(isUneven, "a model that says something")
  }

  @Test(arguments: [
    Configuration.Likelihood.bernoulli,
    .discretizedLogisticMixture(components: 2, mean: .sigmoid),
  ])
  func gradientAgreesWithFiniteDifferences(likelihood: Configuration.Likelihood) throws {
    let model = DeepModels.model(
      DeepModels.configuration(likelihood: likelihood, channels: likelihood == .bernoulli ? 1 : 3))
    var training = TrainingConfiguration()
    training.freeBits = 0.01
    try GradientCheck(model, training, batchSize: 3).run { memory, inputs, random in
      // The levels' mass has bends where a number passes a level.
      memory.set(
        inputs.x,
        (0..<inputs.x.shape.count).map { _ in (random.nextUniform() * 255).rounded() / 255 })
      memory.set(inputs.noise, using: &random)
    }
  }

  /// What is encoded comes back as the posterior's means decode; padding is nothing that shows.
  @Test(arguments: [1, 3]) func encodeAndDecode(channels: Int) throws {
    let model = DeepModels.model(DeepModels.configuration(channels: channels))
    let image = model.configuration.image
    let coder = Coder(model, backend: backend)
    let x = picture(image)
    let decoded = try coder.decode(coder.encode(x).mean)
    #expect(decoded.shape == image.shape)
    let path = try Plan.results(model, ["x": x.reshaped(to: image.batch(1))]) { graph in
      let network = DeepNetworks(model.configuration.deep ?? DeepForm(for: image), image)
      let pass = DeepPass(networks: network, graph: graph, count: 1)
      return [
        pass.likelihood(pass.posteriorPath(graph.input("x", image.batch(1)), noise: nil).output)
          .mean
      ]
    }[0]
    for (a, b) in zip(decoded.elements, path.elements) { #expect(abs(a - b) < 1e-5) }
    let other = try coder.decode(coder.encode(picture(image, seed: 2)).mean)
    #expect(other != decoded)
  }

  /// The latents are N(0, I) under the prior: what is drawn is what its noise decodes to, and a level's
  /// temperature is its noise's factor.
  @Test func drawsAreDecodedNoise() throws {
    let model = DeepModels.model()
    let coder = Coder(model, backend: backend)
    for temperatures: [Float] in [[1], [0.5], [0, 0.7, 2]] {
      var random = RandomSource(seed: 9)
      let drawn = try coder.drawPicture(temperatures: temperatures, using: &random)
      random = RandomSource(seed: 9)
      var noise = random.normal([43]).elements
      for index in noise.indices {
        let level = index < 32 ? 0 : index < 40 ? 1 : 2
        noise[index] *= temperatures.count == 1 ? temperatures[0] : temperatures[level]
      }
      let decoded = try coder.decode(Tensor([43], noise))
      for (a, b) in zip(drawn.elements, decoded.elements) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test func writtenAndRead() throws {
    let folder = TemporaryFolder()
    let model = DeepModels.model(
      DeepModels.configuration(
        likelihood: .discretizedLogisticMixture(components: 3, mean: .sigmoid), channels: 3))
    try model.write(to: folder.file("m.safetensors"))
    let read = try Model(path: folder.file("m.safetensors"))
    #expect(read.configuration == model.configuration)
    #expect(read.fingerprint == model.fingerprint)
    let x = picture(model.configuration.image)
    #expect(
      try Coder(read, backend: backend).encode(x) == Coder(model, backend: backend).encode(x))
  }

  @Test(arguments: [
    (#""widths":[5,6,7]"#, #""widths":[5]"#, "expected 2 to 10 widths"),
    (#""widths":[5,6,7]"#, #""widths":[5,0,7]"#, "1 to 4096 channels"),
    (#""latents":[1,2,3]"#, #""latents":[1,2]"#, "expected 3 numbers of 1 to 256"),
    (#""groups":[2,1,1]"#, #""groups":[2,1,0]"#, "1 to 64 groups"),
    (#""groups":[2,1,1]"#, #""groups":[1,1,1]"#, "expected 27 latents"),
    (#""blocks":1"#, #""blocks":-1"#, "0 to 16 blocks"),
    (#""activation":"tanh""#, #""activation":"gated""#, "gated"),
    (#""height":6"#, #""height":600"#, "at most 512 pixels"),
    (#""family":"bernoulli""#, #""family":"bernoulli"},"prior":{"family":"mixture""#, "makes"),
    (#""architecture":"deep""#, #""architecture":"deep","depth":3"#, "'depth' is not known"),
  ])
  func refusesWhatMakesNoModel(what: String, with replacement: String, reason: String) throws {
    let text = DeepModels.configuration().json.description
    let changed = text.replacing(what, with: replacement)
    #expect(text != changed)
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration(json: JSONValue(parsing: changed))
    }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  /// For every size there is a preset that makes a model, on whose coarsest grid there is not much left.
  @Test(arguments: [
    (1, 1), (2, 3), (8, 8), (28, 28), (32, 32), (64, 64), (112, 92), (128, 128), (256, 256),
    (20, 250), (512, 512),
  ])
  func presetForEverySize(height: Int, width: Int) throws {
    let configuration = Configuration.Preset.deep.configuration(
      image: ImageShape(channels: 3, height: height, width: width))
    #expect(configuration.problem == nil)
    #expect(
      try Configuration(json: JSONValue(parsing: configuration.json.description)) == configuration)
  }
}
