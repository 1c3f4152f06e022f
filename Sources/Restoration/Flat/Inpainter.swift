import Graphs
import Pictures
import Tensors
import VAE

/// Fills what a mask hides with an unconditional model.
public final class Inpainter {
  public enum Method: String, Hashable, Sendable, CaseIterable {
    /// z from the encoder's posterior of the completed picture, the missing pixels from the
    /// decoder, in turn (Rezende, Mohamed and Wierstra 2014, appendix F). Slightly biased, as the
    /// encoder's posterior is not exact.
    case gibbs
    /// The same with each z accepted or refused by its exact probability (Mattei and Frellsen
    /// 2018, algorithm 2), so that the chain's law is the model's own p(missing | seen).
    case metropolis
    /// The latents that make the seen pixels and the prior most probable.
    case map
  }

  public struct Options: Hashable, Sendable {
    public var method = Method.metropolis
    /// Adam steps towards the start of every chain, and of MAP.
    public var steps = 200
    /// Chains a picture, each from a start of its own.
    public var chains = 8
    /// Steps of a chain that count, after a fifth as many that do not.
    public var iterations = 40
    public init() {}
  }

  /// Is told how far each picture is: on its way to the chains' starts, then in the chains.
  var progress: ProgressHandler? {
    didSet {
      refiner.progress = progress
      sampler.progress = progress
    }
  }

  private let model: Model
  private let options: Options
  private let refiner: PosteriorRefiner
  private let sampler: ChainSampler

  package init(_ model: Model, options: Options = Options(), backend: any Backend) throws {
    self.model = model
    self.options = options
    refiner = try PosteriorRefiner(
      model, rows: options.chains, isNoisy: false, backend: backend)
    sampler = try ChainSampler(model, rows: options.chains, backend: backend)
  }

  /// The best single estimate: seen pixels as they are, missing ones by their posterior mean (or,
  /// by MAP, by the mean given the most probable latents).
  ///
  /// - Parameters:
  ///   - picture: `[C, H, W]` in [0, 1].
  ///   - known: 1 where a pixel is seen, 0 where it is to be filled, `[C, H, W]`.
  package func inpaint(
    _ picture: Tensor, known: Tensor, using random: inout RandomSource
  ) throws -> Tensor {
    let chains = try run(picture, known, using: &random)
    var mean = [Float](repeating: 0, count: picture.shape.count)
    for chain in chains {
      for i in mean.indices { mean[i] += chain.weight * chain.mean[i] }
    }
    return picture.filled(with: mean, where: known)
  }

  /// Plausible completions that differ, `count` of them: E[x|z] for draws z of p(z | seen). Each
  /// is the end of a chain of its own.
  package func samples(
    _ picture: Tensor, known: Tensor, count: Int, using random: inout RandomSource
  ) throws -> [Tensor] {
    var results: [Tensor] = []
    while results.count < count {
      let chains = try run(picture, known, isResampling: true, using: &random)
      results += chains.prefix(count - results.count).map {
        picture.filled(with: $0.last, where: known)
      }
    }
    return results
  }

  /// What one chain found.
  struct Chain {
    /// The mean of E[x|z] over the chain.
    var mean: [Float]
    /// E[x|z] of the last z.
    var last: [Float]
    /// The chain's share in the estimate.
    var weight: Float
  }

  /// - Parameter isResampling: whether chains begin at fits drawn by their weights and count alike,
  ///   instead of one at each fit with the fit's weight.
  private func run(
    _ picture: Tensor, _ known: Tensor, isResampling: Bool = false,
    using random: inout RandomSource
  ) throws -> [Chain] {
    let observation = Observation(pixels: picture, known: known)
    let observations = [Observation](repeating: observation, count: options.chains)
    let schedule = PosteriorRefiner.Schedule(
      steps: options.steps, isPoint: options.method == .map)
    let fits = try refiner.fit(
      observations, from: try starts(picture, known, &random), schedule, using: &random)
    if options.method == .map {
      let means = try sampler.means(fits.map(\.mean))
      let best = fits.indices.max { fits[$0].bound < fits[$1].bound } ?? 0
      return [Chain(mean: means[best], last: means[best], weight: 1)]
    }
    var weights = softmax(fits.map(\.bound))
    var origins = fits
    if isResampling {
      origins = fits.map { _ in fits[draw(weights, using: &random)] }
      weights = fits.map { _ in 1 / Float(fits.count) }
    }
    let starts = origins.map { $0.sample(using: &random) }
    return try sampler.run(
      observation, from: starts, iterations: options.iterations,
      isExact: options.method == .metropolis, using: &random
    ).enumerated().map { Chain(mean: $1.mean, last: $1.last, weight: weights[$0]) }
  }

  /// Encoder's posteriors of the picture with the hole filled by noise of several kinds, and the
  /// prior.
  private func starts(
    _ picture: Tensor, _ known: Tensor, _ random: inout RandomSource
  ) throws -> [PosteriorRefiner.Fit] {
    let seen = zip(picture.elements, known.elements).filter { $1 > 0 }.map(\.0)
    let average = seen.isEmpty ? 0.5 : seen.reduce(0, +) / Float(seen.count)
    let fillings = (0..<options.chains).map { chain -> [Float] in
      switch chain % 4 {
      case 0: [Float](repeating: average, count: picture.shape.count)
      case 1: [Float](repeating: 0, count: picture.shape.count)
      default:
        seen.isEmpty
          ? random.uniform(picture.shape).elements
          : (0..<picture.shape.count).map { _ in
            seen[Int(random.nextUniform() * Float(seen.count)) % seen.count]
          }
      }
    }
    return try sampler.posteriors(
      fillings.map { picture.filled(with: $0, where: known).elements })
  }
}

extension Tensor {
  /// This picture where `known` is not 0, `filling` elsewhere.
  func filled(with filling: [Float], where known: Tensor) -> Tensor {
    Tensor(
      shape, elements.indices.map { known[$0] > 0 ? elements[$0] : filling[$0] })
  }
}
