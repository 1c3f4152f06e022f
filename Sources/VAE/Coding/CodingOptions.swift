import Datasets
import Tensors

/// How pictures become latents.
public struct CodingOptions: Hashable, Sendable {
  /// Whether to draw from the posterior instead of taking its mean.
  public var draws = false
  /// What is done with a picture that is not what the model sees.
  public var fitting = PictureFitting()
  /// Random seed; equal seeds give equal draws.
  public var seed: UInt64 = 0
  /// The picture's place among those that share a seed: each has random numbers of its own.
  public var index = 0

  public init() {}

  var random: RandomSource {
    RandomSource(seed: seed, stream: RandomStreams.pictures + UInt64(index))
  }
}

/// How pictures are drawn from a model.
public struct SamplingOptions: Hashable, Sendable {
  /// What the standard deviations of the prior are multiplied by: one number, or one for each level of a
  /// model with several, from the finest.
  public var temperatures: [Float] = [1]
  /// The pictures' extents, of a model that takes any; nil for those it was trained on.
  public var image: ImageShape?
  /// Random seed; picture i of a seed is the same however many are drawn.
  public var seed: UInt64 = 0

  public init() {}
}

/// How the pictures between pictures are made.
public struct InterpolationOptions: Hashable, Sendable {
  /// How many pictures, the ends included.
  public var frames = 9
  public var path = Interpolation.linear
  /// How many levels of latents change, from the coarsest; the others stay those of the first picture. nil for
  /// all.
  public var levels: Int?
  /// Whether the given pictures show themselves instead of their reconstructions.
  public var keepsEnds = false
  /// What is done with pictures that are not what the model sees.
  public var fitting = PictureFitting()

  public init() {}
}

/// The posterior q(z|x) of a picture, and a point of it.
public struct LatentCode: Hashable, Sendable {
  /// The posterior's mean, or a draw where one was asked for, `[D]`.
  public let latents: Tensor
  /// `[D]`.
  public let mean: Tensor
  /// The logarithm of every latent's variance, `[D]`.
  public let logVariance: Tensor
  /// Of the picture.
  public let image: ImageShape

  init(_ latents: Tensor, _ posterior: Coder.Posterior, _ image: ImageShape) {
    self.latents = latents
    mean = posterior.mean
    logVariance = posterior.logVariance
    self.image = image
  }
}

extension LatentCode {
  /// As it stands in a stream of latents.
  ///
  /// - Parameters:
  ///   - model: whose latents they are.
  ///   - source: what the picture is called.
  package func record(of model: Model, source: String) -> LatentRecord {
    let configuration = model.configuration
    let groups =
      configuration.enclosing(width: image.width, height: image.height)
      .map { configuration.groups(of: $0) } ?? []
    return LatentRecord(
      source: source, image: configuration.takesAnySize ? image.shape : nil,
      groups: groups.count > 1
        ? groups.map { LatentRecord.Group(name: $0.name, shape: $0.shape) } : [],
      shape: mean.shape, mean: latents.elements,
      logVariance: configuration.posterior.hasTractableDensity ? logVariance.elements : nil)
  }
}
