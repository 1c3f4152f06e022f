import Graphs
import Pictures
import Platform
import Tensors
import VAE

/// A model that restores pictures: takes off noise, fills holes, enlarges.
///
/// Conditional models (`photo`, `photo-denoise`) take pictures of any size; of models of one picture size
/// the latents that explain a picture are found by optimization and sampling, and enlarging is not for them.
/// Transparency, bits per sample, color profile and notes of a picture stay with its result.
///
/// What is compiled for one call serves the next ones. May be used from several tasks; their calls take
/// turns, as each has all cores. A call ends with `CancellationError` soon after its task was canceled.
public final class Restorer: Sendable {
  /// Everything but the picture and its damage that a result depends on.
  public struct Options: Hashable, Sendable {
    /// So many plausible results that differ in the place of the best estimate; nil for that.
    public var samples: Int?
    /// Whether the standard deviation of every pixel over the samples is wanted.
    public var measuresDeviation = false
    /// In how many ways a picture is turned and mirrored before the mean is taken: a little better, as many
    /// times slower. Of conditional models.
    public var ensemble: SelfEnsemble?
    /// Rows of the bands in which a picture is computed; nil for about half a megapixel each. Fewer take less memory;
    /// the result is the same for every number.
    public var tile: Int?
    /// Bits per sample of results, 8 or 16; nil for the picture's own.
    public var depth: Int?
    /// Random seed; equal seeds give equal results.
    public var seed: UInt64 = 0
    /// The picture's place among those that share a seed: each has random numbers of its own. Of models of
    /// one size.
    public var index = 0
    /// How much of the change is made, from 0; above 1 noise is taken to be as many times stronger. Of
    /// conditional models.
    public var strength: Float = 1
    /// What is done with pictures that are not what the model sees.
    public var fitting = PictureFitting()
    /// Whether results keep the transparency of their pictures.
    public var keepsTransparency = true
    /// How models of one size take off noise.
    public var refinement = Denoiser.Options()
    /// How models of one size fill holes.
    public var completion = Inpainter.Options()

    public init() {}

    fileprivate var wanted: WantedResults {
      WantedResults(
        samples: samples, deviation: measuresDeviation, ensemble: ensemble, depth: depth,
        seed: seed)
    }

    /// What a restorer of pictures is made for: what may change from one to the next is left out.
    fileprivate var fixed: Options {
      var options = self
      (options.index, options.strength, options.keepsTransparency) = (0, 1, true)
      return options
    }
  }

  /// What is wrong with a picture.
  public enum Damage: Hashable, Sendable {
    case noise(NoiseDescription)
    /// What a mask hides.
    case holes(PictureMask)
    /// Too few pixels, and noise that is taken off first; nil for none.
    case smallSize(Enlargement, NoiseDescription?)
  }

  private let turns: Turns<Workshop>

  /// - Parameters:
  ///   - model: what restores.
  ///   - denoisingModel: what takes off noise before a picture is enlarged; nil for `model`.
  /// - Throws: an error where the environment variable LATENT_BACKEND names none.
  public convenience init(
    _ model: sending Model, denoisingModel: sending Model? = nil
  ) throws {
    self.init(model, denoisingModel: denoisingModel, backend: try Backends.selected)
  }

  package init(_ model: Model, denoisingModel: Model? = nil, backend: any Backend) {
    turns = Turns(
      Workshop(model: model, denoisingModel: denoisingModel ?? model, backend: backend))
  }

  /// Takes noise off.
  ///
  /// - Parameters:
  ///   - noise: what is known of it.
  ///   - progress: is told of pixels, or of steps by models of one size.
  /// - Returns: the best estimate, or the first of the samples that were asked for.
  /// - Throws: `PictureMisfit` for a picture that the model does not take; an error where memory does not
  ///   suffice.
  public func denoise(
    _ picture: Picture, noise: NoiseDescription = .estimated, options: Options = Options(),
    progress: ProgressHandler? = nil
  ) throws -> Picture {
    try restore(picture, from: .noise(noise), options: options, progress: progress).results[0]
  }

  /// Fills what a mask hides; every other pixel stays as it is.
  ///
  /// - Returns, throws: as `denoise`.
  public func inpaint(
    _ picture: Picture, mask: PictureMask, options: Options = Options(),
    progress: ProgressHandler? = nil
  ) throws -> Picture {
    try restore(picture, from: .holes(mask), options: options, progress: progress).results[0]
  }

  /// Enlarges a picture with a conditional model.
  ///
  /// - Parameter noise: what is known of noise that is taken off first; nil for a picture without.
  /// - Returns: as `denoise`.
  /// - Throws: as `denoise`; `EnlargementMisfit`; `RestorationError` for a model that takes no condition.
  public func upscale(
    _ picture: Picture, _ enlargement: Enlargement, noise: NoiseDescription? = nil,
    options: Options = Options(), progress: ProgressHandler? = nil
  ) throws -> Picture {
    try restore(
      picture, from: .smallSize(enlargement, noise), options: options, progress: progress
    ).results[0]
  }

  /// Restores a picture from any damage.
  ///
  /// - Parameter estimated: is told the noise where it was read off the picture, of each piece that is
  ///   handled on its own.
  /// - Returns: the best estimate, or all samples, and their deviation where it was asked for.
  /// - Throws: as the method for the damage.
  public func restore(
    _ picture: Picture, from damage: Damage, options: Options = Options(),
    progress: ProgressHandler? = nil, estimated: (EstimatedNoise) -> Void = { _ in }
  ) throws -> RestoredPicture {
    try Task.checkCancellation()
    return try turns.take { workshop in
      let colored = try workshop.fit(options).prepared(picture)
      let source = options.keepsTransparency ? colored.continuingColors() : colored
      let restored = try workshop.restored(
        source, damage, options, progress: progress, estimated)
      return RestoredPicture(
        results: restored.results.map { picture.with($0, options) },
        deviation: restored.deviation)
    }
  }

  /// Makes what restores pictures from damage of a kind, so that what cannot be made is told before a
  /// picture is read.
  package func prepare(for damage: Damage, options: Options) throws {
    try turns.take { try $0.prepare(for: damage, options) }
  }
}

/// A restorer's models with what has been made of them.
private struct Workshop {
  let model: Model
  let denoisingModel: Model
  let backend: any Backend
  private var denoiser: (options: Restorer.Options, PictureDenoiser)?
  private var inpainter: (options: Restorer.Options, PictureInpainter)?
  private var enlarger: (options: Restorer.Options, denoises: Bool, PictureEnlarger)?

  init(model: Model, denoisingModel: Model, backend: any Backend) {
    self.model = model
    self.denoisingModel = denoisingModel
    self.backend = backend
  }

  func fit(_ options: Restorer.Options) -> PictureFit {
    PictureFit(model.configuration, options.fitting, alternatives: [.resize, .tile])
  }

  mutating func prepare(for damage: Restorer.Damage, _ options: Restorer.Options) throws {
    switch damage {
    case .noise: _ = try denoiser(options)
    case .holes: _ = try inpainter(options)
    case .smallSize(_, let noise): _ = try enlarger(options, denoises: noise != nil)
    }
  }

  mutating func restored(
    _ picture: Picture, _ damage: Restorer.Damage, _ options: Restorer.Options,
    progress: ProgressHandler?, _ estimated: (EstimatedNoise) -> Void
  ) throws -> RestoredPicture {
    switch damage {
    case .noise(let noise):
      // Nothing of the change is made: there is nothing to compute.
      if options.strength == 0 && !options.measuresDeviation {
        return RestoredPicture(
          results: [Picture](repeating: picture, count: options.wanted.count))
      }
      let denoiser = try denoiser(options)
      denoiser.report(to: progress)
      return try denoiser.denoise(
        picture, noise, strength: options.strength, index: options.index, estimated: estimated)
    case .holes(let mask):
      let inpainter = try inpainter(options)
      inpainter.report(to: progress)
      return try inpainter.inpaint(picture, hidden: mask.weights, index: options.index)
    case .smallSize(let enlargement, let noise):
      let enlarger = try enlarger(options, denoises: noise != nil)
      enlarger.report(to: progress)
      return try enlarger.enlarge(
        picture, enlargement, noise ?? NoiseDescription(.none), estimated: estimated)
    }
  }

  private mutating func denoiser(_ options: Restorer.Options) throws -> PictureDenoiser {
    if let denoiser, denoiser.options == options.fixed { return denoiser.1 }
    let made = try PictureDenoiser(
      model, fit: fit(options), options.wanted, tile: options.tile, options: options.refinement,
      backend: backend)
    denoiser = (options.fixed, made)
    return made
  }

  private mutating func inpainter(_ options: Restorer.Options) throws -> PictureInpainter {
    if let inpainter, inpainter.options == options.fixed { return inpainter.1 }
    let made = try PictureInpainter(
      model, fit: fit(options), options.wanted, tile: options.tile, options: options.completion,
      backend: backend)
    inpainter = (options.fixed, made)
    return made
  }

  private mutating func enlarger(
    _ options: Restorer.Options, denoises: Bool
  ) throws -> PictureEnlarger {
    if let enlarger, enlarger.options == options.fixed, enlarger.denoises == denoises {
      return enlarger.2
    }
    let denoiser =
      denoises
      ? try PictureDenoiser(
        denoisingModel, fit: fit(options), WantedResults(depth: 16), tile: options.tile,
        backend: backend) : nil
    let made = try PictureEnlarger(
      model, denoiser: denoiser, options.wanted, tile: options.tile, backend: backend)
    enlarger = (options.fixed, denoises, made)
    return made
  }
}

extension Picture {
  /// A result in this picture's place: its colors, with what else this one's file says.
  fileprivate func with(_ result: Picture, _ options: Restorer.Options) -> Picture {
    var picture = self
    picture.takeColors(of: result)
    if channels == 1 { picture = picture.meanOfChannels() }
    if options.keepsTransparency {
      let becameGray = picture.channels == 1 && channels == 3
      picture.takeTransparency(of: becameGray ? gray() : self)
    } else {
      picture.alpha = nil
    }
    // The profile describes colors that are no longer there.
    if channels == 3 && picture.channels == 1 { picture.metadata.iccProfile = nil }
    return picture
  }
}
