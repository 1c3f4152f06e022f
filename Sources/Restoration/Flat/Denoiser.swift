import Graphs
import Pictures
import Platform
import Tensors
import VAE

/// Removes Gaussian noise of known deviation with an unconditional model.
///
/// The posterior of the noisy picture is refined from several starts, and the result is the posterior
/// mean of the clean picture: over draws z of the refined posteriors, each posterior weighted by the
/// bound that it reached, the mean of what was seen and what the model expects,
/// x = (s^2 y + sigma^2 m) / (s^2 + sigma^2), m and s^2 the model's mean and variance given z.
public final class Denoiser {
  public struct Options: Hashable, Sendable {
    /// Adam steps of the refinement.
    public var steps = 200
    /// Draws of every refined posterior.
    public var draws = 16
    public init() {}
  }

  /// Is told how far each picture is.
  var progress: ProgressHandler? {
    get { refiner.progress }
    set { refiner.progress = newValue }
  }

  private let model: Model
  private let options: Options
  private let coder: Coder
  private let refiner: PosteriorRefiner
  private let decoder: LatentDecoder

  /// Noise below this deviation is none: it is far below a step of 16-bit files, and dividing by
  /// its square would leave the numbers' range.
  static let smallestSigma: Float = 1e-6

  /// Starts of the refinement: the encoder's posterior of the picture as it is and smoothed, and
  /// the prior.
  static let startCount = 4

  package init(_ model: Model, options: Options = Options(), backend: any Backend) throws {
    self.model = model
    self.options = options
    coder = Coder(model, backend: backend)
    refiner = try PosteriorRefiner(
      model, rows: Self.startCount, isNoisy: true, backend: backend)
    decoder = try LatentDecoder(model, rows: options.draws, backend: backend)
  }

  /// A draw of the clean picture's latents with what it says of the picture.
  private struct Candidate {
    let picture: LatentDecoder.Picture
    let weight: Float
  }

  /// The best single estimate, E[x|y].
  ///
  /// - Parameters:
  ///   - noisy: `[C, H, W]` on the [0, 1] scale, not clipped if it can be helped.
  ///   - sigma: the noise's standard deviation on the [0, 1] scale.
  /// - Returns: `[C, H, W]`, not clipped.
  package func denoise(
    _ noisy: Tensor, sigma: Float, using random: inout RandomSource
  ) throws -> Tensor {
    guard sigma >= Self.smallestSigma else { return noisy }
    let candidates = try candidates(noisy, sigma, &random)
    let total = candidates.reduce(0) { $0 + $1.weight }
    var result = [Float](repeating: 0, count: noisy.shape.count)
    for candidate in candidates {
      let (picture, weight) = (candidate.picture, candidate.weight / total)
      for i in result.indices {
        let (s, m) = (picture.variance[i], picture.mean[i])
        result[i] += weight * (s * noisy[i] + sigma * sigma * m) / (s + sigma * sigma)
      }
    }
    return Tensor(noisy.shape, result)
  }

  /// `count` plausible clean pictures: draws of p(x|y).
  package func samples(
    _ noisy: Tensor, sigma: Float, count: Int, using random: inout RandomSource
  ) throws -> [Tensor] {
    guard sigma >= Self.smallestSigma else { return [Tensor](repeating: noisy, count: count) }
    let candidates = try candidates(noisy, sigma, &random)
    let total = candidates.reduce(0) { $0 + $1.weight }
    let weights = candidates.map { $0.weight / total }
    return (0..<count).map { _ in
      let picture = candidates[draw(weights, using: &random)].picture
      let noise = random.normal(noisy.shape)
      let elements = noise.elements.indices.map { i in
        let (s, m) = (picture.variance[i], picture.mean[i])
        let total = max(s + sigma * sigma, .leastNormalMagnitude)
        let mean = (s * noisy[i] + sigma * sigma * m) / total
        return mean + (s * sigma * sigma / total).squareRoot() * noise[i]
      }
      return Tensor(noisy.shape, elements)
    }
  }

  private func candidates(
    _ noisy: Tensor, _ sigma: Float, _ random: inout RandomSource
  ) throws -> [Candidate] {
    let observation = Observation(pixels: noisy, noiseDeviation: sigma)
    let fits = try refiner.fit(
      [Observation](repeating: observation, count: Self.startCount),
      from: try starts(noisy), PosteriorRefiner.Schedule(steps: options.steps), using: &random)
    // Draws of one fit count alike: weighting each by its importance would, in this many
    // dimensions, leave one or two of them, and a draw errs twice as much as the mean.
    let fitWeights = softmax(fits.map(\.bound))
    return try zip(fits, fitWeights).flatMap { fit, weight -> [Candidate] in
      guard weight > 1e-3 else { return [] }
      let z = (0..<options.draws).map { _ in fit.sample(using: &random) }
      return try decoder.decode(z).map {
        Candidate(picture: $0, weight: weight / Float(options.draws))
      }
    }
  }

  private func starts(_ noisy: Tensor) throws -> [PosteriorRefiner.Fit] {
    let clipped = Tensor(noisy.shape, noisy.elements.map { min(max($0, 0), 1) })
    var fits = try [0, 0.8, 1.4].map { deviation in
      PosteriorRefiner.Fit(try coder.encode(clipped.smoothed(deviation: deviation)))
    }
    let latents = model.configuration.latents
    fits.append(
      PosteriorRefiner.Fit(
        mean: [Float](repeating: 0, count: latents),
        logVariance: [Float](repeating: -2, count: latents)))
    return fits
  }
}

extension PosteriorRefiner.Fit {
  init(_ posterior: Coder.Posterior) {
    self.init(mean: posterior.mean.elements, logVariance: posterior.logVariance.elements)
  }

  /// A draw, `[D]`.
  func sample(using random: inout RandomSource) -> [Float] {
    let noise = random.normal([mean.count])
    return mean.indices.map { mean[$0] + expf(0.5 * logVariance[$0]) * noise[$0] }
  }
}

/// An index drawn with the given probabilities.
func draw(_ weights: [Float], using random: inout RandomSource) -> Int {
  var remaining = random.nextUniform()
  for (index, weight) in weights.enumerated() {
    remaining -= weight
    if remaining < 0 { return index }
  }
  return weights.count - 1
}
