import Graphs
import Networks
import Tensors

/// A model whose latents are groups on grids, each drawn given those above: all of the model but its
/// networks.
protocol GroupedAutoencoder: VariationalAutoencoder {
  associatedtype Pass: TopDownPass

  /// The pass of a batch of pictures of which nothing was observed.
  func pass(_ graph: Graph, _ image: ImageShape, count: Int) -> Pass

  /// `[c, h, w]` of each group, from the finest grid to the coarsest.
  func groupShapes(of image: ImageShape) -> [Shape]

  /// Whether the model's latents are in the coordinates in which every group's prior is N(0, I): then all
  /// of them together are N(0, I), as a flat model's.
  var isStandardized: Bool { get }
}

extension GroupedAutoencoder {
  package func posteriorNoise(of image: ImageShape) -> NoiseCounts {
    NoiseCounts(normal: groupShapes(of: image).reduce(0) { $0 + $1.count })
  }

  package func priorNoise(of image: ImageShape) -> NoiseCounts { posteriorNoise(of: image) }

  package func encoded(_ x: Value, noise: LatentNoise?) -> EncodedPictures {
    let image = ImageShape(batch: x)
    let path = pass(x.graph, image, count: x.shape[0])
      .posteriorPath(x, noise: noise.map { split($0.normals, image) })
    let posteriors = isStandardized ? path.relativePosteriors : path.posteriors
    return EncodedPictures(
      posterior: DiagonalGaussian(
        mean: joined(posteriors.map(\.mean)), logVariance: joined(posteriors.map(\.logVariance))),
      draws: nil)
  }

  package func draws(
    _ x: Value, seeing seen: Value? = nil, noise: LatentNoise, samples: Int
  ) -> PosteriorDraws {
    let repeated = x.repeatingRows(samples)
    let image = ImageShape(batch: x)
    let pass = pass(x.graph, image, count: repeated.shape[0])
    let path = pass.posteriorPath(
      seen?.repeatingRows(samples) ?? repeated, noise: split(noise.normals, image))
    return PosteriorDraws(
      pictures: repeated, likelihood: pass.likelihood(path.output),
      groupRates: path.rates.map { $0.meanOfDraws(pictures: x.shape[0]) },
      logRatio: path.logRatio)
  }

  package func likelihood(_ z: Value, of image: ImageShape) -> any PixelDistribution {
    let groups = split(z, image)
    let pass = pass(z.graph, image, count: z.shape[0])
    return pass.likelihood(
      isStandardized
        ? pass.priorSample(noise: groups) : pass.decode { group, _, _ in groups[group] })
  }

  /// Of latents that are not standardized, N(0, I) stands in for the prior: what fitting a Gaussian to them
  /// knows of it.
  package func priorLogDensity(_ z: Value) -> Value { StandardNormal.logDensity(z) }

  package func priorSample(
    noise: LatentNoise, temperature: Value?, of image: ImageShape
  ) -> Value {
    let normals = temperature.map { noise.normals * $0 } ?? noise.normals
    if isStandardized { return normals }
    let groups = split(normals, image)
    var latents = groups
    _ = pass(normals.graph, image, count: normals.shape[0]).decode { group, prior, _ in
      latents[group] = prior.sample(noise: groups[group])
      return latents[group]
    }
    return joined(latents)
  }

  package func priorPicture(
    noise: LatentNoise, temperature: Value?, of image: ImageShape
  ) -> any PixelDistribution {
    let normals = temperature.map { noise.normals * $0 } ?? noise.normals
    let pass = pass(normals.graph, image, count: normals.shape[0])
    return pass.likelihood(pass.priorSample(noise: split(normals, image)))
  }

  /// The bound alone, per sample of the picture, with free bits of each group.
  func boundObjective(
    _ inputs: TrainingInputs, _ training: TrainingConfiguration
  ) -> TrainingObjective {
    let draws = draws(
      inputs.x, seeing: inputs.seen(training), noise: inputs.noise, samples: training.samples)
    return TrainingObjective(
      bound: draws.bound, training, groups: draws.groupRates, rateWeight: inputs.rateWeight,
      dimensions: ImageShape(batch: inputs.x).count)
  }

  /// `[N, D]` as the groups, `[N, c, h, w]` each, the finest first.
  func split(_ latents: Value, _ image: ImageShape) -> [Value] {
    var start = 0
    return groupShapes(of: image).map { group in
      defer { start += group.count }
      return latents.sliced(axis: 1, start..<start + group.count)
        .reshaped(to: Shape([latents.shape[0]] + group.dimensions))
    }
  }

  /// The inverse of `split`.
  private func joined(_ groups: [Value]) -> Value {
    .concatenate(groups.map { $0.flattened() }, axis: 1)
  }
}

extension ImageShape {
  /// The extents of pictures `[N, C, H, W]`.
  init(batch: Value) {
    self.init(channels: batch.shape[1], height: batch.shape[2], width: batch.shape[3])
  }
}
