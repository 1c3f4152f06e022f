import Graphs
import Tensors

/// Draws for pictures whose extents are no multiples of the stride: the posterior sees them
/// extended, the likelihood counts their own pixels only.
struct EvaluatedDraws {
  /// `[N, C, H, W]` of the enclosing extents.
  let x: Value
  let noise: LatentNoise
  let groupRates: [Value]
  /// `[N]`.
  let distortion: Value
  /// log p(z) - log q(z|x), `[N L]`.
  let logRatio: Value
  /// log p(x|z), `[N L]`.
  let logLikelihood: Value
  /// What the mass of levels is computed from.
  let levelParameters: [Value]

  init(_ model: Model, _ graph: Graph, _ image: ImageShape, batchSize: Int, samples: Int) {
    let enclosing = model.enclosing(image)
    x = graph.input(enclosing.batch(batchSize))
    noise = LatentNoise(
      graph, rows: batchSize * samples, model.network.posteriorNoise(of: enclosing))
    let draws = model.network.draws(x, seeing: nil, noise: noise, samples: samples)
      .cropped(height: image.height, width: image.width)
    groupRates = draws.groupRates
    distortion = draws.bound.distortion
    logRatio = draws.logRatio
    logLikelihood = draws.logLikelihood
    levelParameters = draws.likelihood.levelParameters
  }
}

extension FunctionResults {
  /// log P(x|z) of 8-bit levels.
  ///
  /// - Parameters:
  ///   - picture: the samples of a picture.
  ///   - row: the draw.
  func levelLogProbability(
    _ picture: ArraySlice<Float>, row: Int, _ parameters: [Value],
    _ likelihood: Configuration.Likelihood
  ) -> Double {
    picture.withUnsafeBufferPointer {
      likelihood.family.levelLogProbability(
        $0, parameters.map { $0.shape.count == 1 ? self[$0] : self.row(row, of: $0) })
    }
  }
}

extension Model {
  /// The smallest extents that hold a picture and that the networks take.
  ///
  /// - Precondition: the model takes pictures of this size.
  func enclosing(_ image: ImageShape) -> ImageShape {
    guard let enclosing = configuration.enclosing(width: image.width, height: image.height) else {
      preconditionFailure("expected \(configuration.image), found \(image)")
    }
    return enclosing
  }
}

extension ImageShape {
  /// The extents of a picture `[C, H, W]`.
  init(_ picture: Tensor) {
    self.init(channels: picture.shape[0], height: picture.shape[1], width: picture.shape[2])
  }
}

extension FunctionInputs {
  /// A picture, `[C, H, W]`, extended to the input's extents.
  func set(_ input: Value, picture: Tensor) {
    set(
      input,
      picture.extendedByRepetition(toHeight: input.shape[2], width: input.shape[3]).elements)
  }
}
