import Graphs
import Pictures
import Tensors

/// Pictures to latents and back, one at a time.
///
/// The batch is always 1, so that a result does not depend on what was coded with it: `encode` piped
/// into `decode` gives the very bytes of `reconstruct`.
///
/// A hierarchical model takes pictures of any size. Where the extents are no multiples of its
/// stride, the last row and column are repeated up to the next ones, the latents are those of the
/// larger picture, and what is decoded from them is cropped.
package final class Coder {
  private let model: Model
  private let functions: FunctionCache<Key>

  private struct Key: Hashable {
    enum Part { case encoder, sampler, decoder, prior }
    let part: Part
    let image: ImageShape
  }

  private struct Encoding {
    let x: Value
    let noise: LatentNoise?
    let encoded: EncodedPictures
  }

  package init(_ model: Model, backend: any Backend) {
    self.model = model
    functions = FunctionCache(of: model, backend: backend, count: 8)
  }

  /// q(z|x) of one picture by its means and variances.
  package struct Posterior: Hashable, Sendable {
    /// `[D]`; of an inverse autoregressive flow, where it takes the mean of its base.
    package let mean: Tensor
    /// The logarithm of every latent's variance, `[D]`; of a flow, that of its linearization there.
    package let logVariance: Tensor

    fileprivate func sample(noise: Tensor) -> Tensor {
      Tensor(
        mean.shape,
        mean.elements.indices.map {
          mean[$0] + UnaryFunction.exp.value(at: 0.5 * logVariance[$0]) * noise[$0]
        })
    }
  }

  /// q(z|x); of a hierarchical model, every group given the means of the groups above.
  ///
  /// - Parameter picture: `[C, H, W]` in [0, 1], of a size that the model takes.
  package func encode(_ picture: Tensor) throws -> Posterior {
    let image = model.enclosing(ImageShape(picture))
    return try encoding(.encoder, image)(
      { $0.set($1.x, picture: picture) }, read: { Posterior($0, $1.encoded.posterior) })
  }

  /// A draw from q(z|x) with the posterior that it was drawn from: of a hierarchical model, every
  /// group's given the draws of the groups above.
  ///
  /// - Parameter picture: `[C, H, W]` in [0, 1], of a size that the model takes.
  package func sample(
    _ picture: Tensor, using random: inout RandomSource
  ) throws -> (latents: Tensor, posterior: Posterior) {
    let image = model.enclosing(ImageShape(picture))
    let latents: Shape = [model.configuration.latents(of: image)]
    let function = try encoding(.sampler, image)
    function.write { $0.set($1.x, picture: picture) }
    guard function.values.encoded.draws == nil else {
      return try function(
        { inputs, values in
          if let noise = values.noise { inputs.set(noise, using: &random) }
        },
        read: { results, values in
          let draws = values.encoded.draws.map { results.tensor($0).reshaped(to: latents) }
          let posterior = Posterior(results, values.encoded.posterior)
          return (draws ?? posterior.mean, posterior)
        })
    }
    let noise = random.normal(latents)
    let posterior = try function(
      { inputs, values in
        if let normal = values.noise?.normal { inputs.set(normal, noise.elements) }
      }, read: { Posterior($0, $1.encoded.posterior) })
    return (posterior.sample(noise: noise), posterior)
  }

  private func encoding(_ part: Key.Part, _ image: ImageShape) throws -> Function<Encoding> {
    try functions.function(Key(part: part, image: image), size: image.area) { graph in
      let x = graph.input(image.batch(1))
      let noise =
        part == .sampler
        ? LatentNoise(graph, rows: 1, model.network.posteriorNoise(of: image)) : nil
      let encoded = model.network.encoded(x, noise: noise)
      return (
        Encoding(x: x, noise: noise, encoded: encoded),
        [encoded.posterior.mean, encoded.posterior.logVariance]
          + (encoded.draws.map { [$0] } ?? [])
      )
    }
  }

  /// E[x|z], `[C, H, W]`.
  ///
  /// - Parameters:
  ///   - latents: `[D]`, as many as such a picture has.
  ///   - image: the picture's extents; nil for those the model was trained on.
  package func decode(_ latents: Tensor, image: ImageShape? = nil) throws -> Tensor {
    let image = image ?? model.configuration.image
    let enclosing = model.enclosing(image)
    let decoder = try functions.function(
      Key(part: .decoder, image: enclosing), size: enclosing.area
    ) { graph in
      let z = graph.input([1, model.configuration.latents(of: enclosing)])
      let pixels = model.network.likelihood(z, of: enclosing)
      return ((z: z, mean: pixels.mean), [pixels.mean, pixels.location])
    }
    return try decoder(
      { $0.set($1.z, latents.elements) },
      read: { $0.tensor($1.mean).picture(image) })
  }

  /// E[x|z] of a draw z from the prior, `[C, H, W]`.
  ///
  /// - Parameters:
  ///   - image: the picture's extents; those the model was trained on without it.
  ///   - temperatures: what the standard deviations of the prior, or of its components, are multiplied by:
  ///     one number, or one for each level of a model with several, from the finest.
  package func drawPicture(
    image: ImageShape? = nil, temperatures: [Float] = [1], using random: inout RandomSource
  ) throws -> Tensor {
    let image = image ?? model.configuration.image
    let enclosing = model.enclosing(image)
    let function = try functions.function(
      Key(part: .prior, image: enclosing), size: enclosing.area
    ) { graph in
      let noise = LatentNoise(graph, rows: 1, model.network.priorNoise(of: enclosing))
      let temperature = graph.input(.scalar)
      let pixels = model.network.priorPicture(
        noise: noise, temperature: temperature, of: enclosing)
      return (
        (noise: noise, temperature: temperature, mean: pixels.mean), [pixels.mean, pixels.location]
      )
    }
    return try function(
      { inputs, values in
        inputs.set(values.noise, using: &random)
        inputs.set(values.temperature, to: temperatures.count == 1 ? temperatures[0] : 1)
        if temperatures.count > 1 {
          scale(MutablePlaneView(row: inputs[values.noise.normals]), temperatures, enclosing)
        }
      }, read: { $0.tensor($1.mean).picture(image) })
  }

  /// Multiplies the noise of each level by a number of its own.
  private func scale(
    _ noise: MutablePlaneView, _ temperatures: [Float], _ image: ImageShape
  ) {
    let groups = model.configuration.groups(of: image)
    precondition(temperatures.count == groups.last.map { $0.level + 1 }, "a number a level")
    var start = 0
    for group in groups {
      for index in start..<start + group.shape.count { noise[index] *= temperatures[group.level] }
      start += group.shape.count
    }
  }
}

extension Coder.Posterior {
  /// Of the only picture of a batch.
  fileprivate init(_ results: FunctionResults, _ posterior: DiagonalGaussian) {
    let latents: Shape = [posterior.mean.shape.count]
    mean = results.tensor(posterior.mean).reshaped(to: latents)
    logVariance = results.tensor(posterior.logVariance).reshaped(to: latents)
  }
}

extension Tensor {
  /// The upper left part of the only picture of `[1, C, H, W]`.
  fileprivate func picture(_ image: ImageShape) -> Tensor {
    reshaped(to: [shape[1], shape[2], shape[3]]).cropped(height: image.height, width: image.width)
  }
}
