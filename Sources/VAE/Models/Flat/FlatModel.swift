import Graphs
import Networks
import Tensors

/// A flat model: one group of latents, pictures of one size.
package struct FlatModel: VariationalAutoencoder {
  let form: FlatForm
  private let image: ImageShape
  private let networks: FlatNetworks

  init(_ form: FlatForm, _ image: ImageShape) {
    self.form = form
    self.image = image
    networks = FlatNetworks(form, image)
  }

  private var activation: UnaryFunction { form.network.activation }

  package var parameters: [ParameterSpecification] {
    networks.encoder.parameters
      + form.posterior.family.parameters(latents: form.latents, activation)
      + networks.decoder.parameters + form.likelihood.family.parameters + priorParameters
  }

  private var priorParameters: [ParameterSpecification] {
    switch form.prior {
    case .standardNormal, .standardLogNormal, .standardExponential: []
    case .mixture(let count): MixturePrior.parameters(components: count, latents: form.latents)
    case .vamp(let count): VampPrior.parameters(pseudoInputs: count, image: image)
    }
  }

  /// - Parameter output: the encoder's, `[N, FlatForm.encoderOutputs]`.
  func posterior(encoderOutput output: Value) -> any LatentPosterior {
    form.posterior.family.posterior(output, latents: form.latents, activation)
  }

  /// q(z|x).
  func posterior(_ x: Value) -> any LatentPosterior {
    posterior(encoderOutput: networks.encoder(x))
  }

  /// p(z).
  func prior(_ graph: Graph) -> any LatentPrior {
    if let standard = form.prior.standard { return standard }
    switch form.prior {
    case .vamp(let count):
      let pictures = VampPrior.pictures(graph, pseudoInputs: count, image: image)
      return VampPrior(outputs: networks.encoder(pictures)) { posterior(encoderOutput: $0) }
    case .mixture(let count):
      return MixturePrior(graph, components: count, latents: form.latents)
    case .standardNormal, .standardLogNormal, .standardExponential: return StandardNormalPrior()
    }
  }

  package func posteriorNoise(of image: ImageShape) -> NoiseCounts {
    posterior(encoderOutput: Graph().input([1, form.encoderOutputs])).noise
  }

  package func priorNoise(of image: ImageShape) -> NoiseCounts {
    switch form.prior {
    case .standardNormal, .standardLogNormal: return NoiseCounts(normal: form.latents)
    case .standardExponential: return NoiseCounts(uniform: form.latents)
    case .mixture: return NoiseCounts(normal: form.latents, uniform: 1)
    case .vamp:
      let own = posteriorNoise(of: image)
      return NoiseCounts(normal: own.normal, uniform: own.uniform + 1)
    }
  }

  package func encoded(_ x: Value, noise: LatentNoise?) -> EncodedPictures {
    let posterior = posterior(x)
    if let gaussian = posterior as? DiagonalGaussian {
      return EncodedPictures(posterior: gaussian, draws: nil)
    }
    return EncodedPictures(
      posterior: DiagonalGaussian(mean: posterior.mean, logVariance: posterior.logVariance),
      draws: noise.map { posterior.draw($0).latents })
  }

  package func draws(
    _ x: Value, seeing seen: Value? = nil, noise: LatentNoise, samples: Int
  ) -> PosteriorDraws {
    let pictures = x.repeatingRows(samples)
    let posterior = posterior(seen ?? x)
    let prior = prior(x.graph)
    let draw = posterior.repeated(samples).draw(noise)
    let logRatio = prior.logDensity(draw.latents) - draw.logDensity
    return PosteriorDraws(
      pictures: pictures, likelihood: likelihood(draw.latents, of: image),
      groupRates: [
        posterior.divergence(from: prior) ?? -logRatio.meanOfDraws(pictures: x.shape[0])
      ],
      logRatio: logRatio)
  }

  package func likelihood(_ z: Value, of image: ImageShape) -> any PixelDistribution {
    form.likelihood.family.distribution(networks.decoder(z))
  }

  package func priorLogDensity(_ z: Value) -> Value { prior(z.graph).logDensity(z) }

  package func priorSample(
    noise: LatentNoise, temperature: Value?, of image: ImageShape
  ) -> Value {
    let graph = (noise.normal ?? noise.uniforms).graph
    return prior(graph).sample(noise, temperature: temperature ?? graph.constant(1))
  }

  package func priorPicture(
    noise: LatentNoise, temperature: Value?, of image: ImageShape
  ) -> any PixelDistribution {
    likelihood(priorSample(noise: noise, temperature: temperature, of: image), of: image)
  }

  package func objective(
    _ inputs: TrainingInputs, _ training: TrainingConfiguration
  ) -> TrainingObjective {
    let seen = inputs.seen(training)
    if training.estimator != .sgvbB {
      return TrainingObjective(
        BoundEstimate(
          self, inputs.x, posterior: posterior(seen), noise: inputs.noise,
          samples: training.samples, estimator: training.estimator,
          rateWeight: training.rateFactor(inputs.x.graph, weight: inputs.rateWeight)))
    }
    let draws = draws(inputs.x, seeing: seen, noise: inputs.noise, samples: training.samples)
    // Equal nodes are made once: the posterior costs nothing more.
    let groups =
      (training.freeBits == nil ? nil : posterior(seen) as? DiagonalGaussian).map {
        [$0.groupDivergences(training.latentGroups ?? form.latents)]
      }
    return TrainingObjective(
      bound: draws.bound, training, groups: groups ?? draws.groupRates,
      rateWeight: inputs.rateWeight, dimensions: 1)
  }
}

extension Configuration.Prior {
  /// The prior where it has no parameters.
  var standard: (any LatentPrior)? {
    switch self {
    case .standardNormal: StandardNormalPrior()
    case .standardLogNormal: StandardLogNormalPrior()
    case .standardExponential: StandardExponentialPrior()
    case .mixture, .vamp: nil
    }
  }
}
