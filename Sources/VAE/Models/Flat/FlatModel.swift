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
      + networks.decoder.parameters + form.likelihood.family.parameters
      + form.prior.family.parameters(latents: form.latents, image: image)
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
    form.prior.family.prior(
      graph, latents: form.latents, image: image, encode: { networks.encoder($0) },
      posterior: posterior(encoderOutput:))
  }

  package func posteriorNoise(of image: ImageShape) -> NoiseCounts {
    posterior(encoderOutput: Graph().input([1, form.encoderOutputs])).noise
  }

  package func priorNoise(of image: ImageShape) -> NoiseCounts {
    form.prior.family.noise(latents: form.latents, posterior: posteriorNoise(of: image))
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
