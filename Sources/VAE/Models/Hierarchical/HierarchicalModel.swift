import Graphs
import Networks
import Tensors

/// A hierarchical model: groups of latents on ever coarser grids, pictures of any size. A conditional one
/// sees here a picture of which nothing was observed.
package struct HierarchicalModel: VariationalAutoencoder {
  package let hierarchy: Hierarchy
  private let networks: HierarchicalNetworks

  init(_ hierarchy: Hierarchy, channels: Int) {
    self.hierarchy = hierarchy
    networks = HierarchicalNetworks(hierarchy, channels: channels)
  }

  package var parameters: [ParameterSpecification] { networks.parameters }

  /// The pass of a batch with its observations.
  func pass(_ condition: ConditionValues) -> HierarchicalPass {
    HierarchicalPass(networks, condition)
  }

  /// The pass in which nothing was observed.
  private func pass(_ graph: Graph, _ image: ImageShape, count: Int) -> HierarchicalPass {
    pass(.nothing(graph, image, count: count))
  }

  package func posteriorNoise(of image: ImageShape) -> NoiseCounts {
    NoiseCounts(normal: hierarchy.groupSizes(of: image).reduce(0, +))
  }

  package func priorNoise(of image: ImageShape) -> NoiseCounts { posteriorNoise(of: image) }

  package func encoded(_ x: Value, noise: LatentNoise?) -> EncodedPictures {
    let image = ImageShape(batch: x)
    let posteriors = pass(x.graph, image, count: x.shape[0])
      .posteriorPath(x, noise: noise.map { split($0.normals, image) }).posteriors
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
      pictures: repeated, likelihood: pass.likelihood(path.mean),
      groupRates: path.rates.map { $0.meanOfDraws(pictures: x.shape[0]) },
      logRatio: path.logRatio)
  }

  package func likelihood(_ z: Value, of image: ImageShape) -> any PixelDistribution {
    let groups = split(z, image)
    let pass = pass(z.graph, image, count: z.shape[0])
    return pass.likelihood(pass.decode { level, _, _ in groups[level] })
  }

  /// N(0, I) stands in for the prior, which is what fitting a Gaussian to the latents knows of them.
  package func priorLogDensity(_ z: Value) -> Value { StandardNormal.logDensity(z) }

  package func priorSample(
    noise: LatentNoise, temperature: Value?, of image: ImageShape
  ) -> Value {
    let groups = split(temperature.map { noise.normals * $0 } ?? noise.normals, image)
    var latents = groups
    _ = pass(noise.normals.graph, image, count: noise.normals.shape[0]).decode { level, prior, _ in
      latents[level] = prior.sample(noise: groups[level])
      return latents[level]
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

  package func objective(
    _ inputs: TrainingInputs, _ training: TrainingConfiguration
  ) -> TrainingObjective {
    if let condition = inputs.condition {
      return TrainingObjective(
        self, inputs.x, condition, noise: inputs.noise.normals, training,
        rateWeight: inputs.rateWeight)
    }
    let draws = draws(
      inputs.x, seeing: inputs.seen(training), noise: inputs.noise, samples: training.samples)
    return TrainingObjective(
      bound: draws.bound, training, groups: draws.groupRates, rateWeight: inputs.rateWeight,
      dimensions: ImageShape(batch: inputs.x).count)
  }

  /// `[N, D]` as the groups, `[N, c, h, w]` each, the finest first.
  func split(_ latents: Value, _ image: ImageShape) -> [Value] {
    var start = 0
    return (0..<hierarchy.levels).map { level in
      let grid = hierarchy.grid(level, of: image)
      let shape: Shape = [latents.shape[0], hierarchy.latents[level], grid.height, grid.width]
      let count = shape.count / shape[0]
      defer { start += count }
      return latents.sliced(axis: 1, start..<start + count).reshaped(to: shape)
    }
  }

  /// The inverse of `split`.
  private func joined(_ groups: [Value]) -> Value {
    .concatenate(groups.map { $0.flattened() }, axis: 1)
  }
}

/// Restoring a window of a picture with a conditional model, in two parts: the condition is encoded
/// once, then any number of ways down can be taken. The condition has the window's extents.
extension HierarchicalModel {
  /// The condition's features that the decoder needs for a window, one value a level from 1/2
  /// downwards, `[1, c, h, w]`.
  package func features(_ condition: ConditionValues, _ window: RestorationWindow) -> [Value] {
    pass(condition).narrowed(to: window).features
  }

  /// The best single estimate: E[x|z, y] with every latent at its prior's mean, `[1, C, H, W]` of
  /// the core, and the standard deviation of its error, `[1, 1, H, W]`, where the model predicts it.
  package func estimate(
    _ condition: ConditionValues, _ window: RestorationWindow
  ) -> (mean: Value, deviation: Value?) {
    let estimate = pass(condition).narrowed(to: window).estimate()
    return (estimate.mean, estimate.logVariance.map { ($0 * 0.5).exp() })
  }

  /// E[x|z, y] for a draw z of p(z|y), `[1, C, H, W]` of the core. No noise gives `estimate`.
  ///
  /// - Parameters:
  ///   - features: as `features` gives them.
  ///   - observation: the core's, `[1, C, H, W]`.
  ///   - noise: standard normal numbers on the window's grids, one value a level from 1/2 downwards.
  package func sample(
    features: [Value], observation: Value, noise: [Value], _ window: RestorationWindow
  ) -> Value {
    HierarchicalPass(networks, features: features, observation: observation, window: window)
      .priorSample(noise: noise)
  }
}

extension ImageShape {
  /// The extents of pictures `[N, C, H, W]`.
  init(batch: Value) {
    self.init(channels: batch.shape[1], height: batch.shape[2], width: batch.shape[3])
  }
}
