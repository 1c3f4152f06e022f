import Graphs
import Pictures
import Platform
import Tensors

/// A model at work: pictures to latents and back, new pictures, pictures in between, and how well the model
/// explains pictures.
///
/// What is compiled for one call serves the next ones of the same size of picture. May be used from several
/// tasks; their calls take turns, as each has all cores. Every call ends with `CancellationError` soon
/// after its task was canceled.
public final class Autoencoder: Sendable {
  private struct Coding {
    let model: Model
    let coder: Coder
    let backend: any Backend
  }

  /// Of the model.
  public let configuration: Configuration
  private let turns: Turns<Coding>

  /// - Throws: an error where the environment variable LATENT_BACKEND names none.
  public convenience init(_ model: sending Model) throws {
    self.init(model, backend: try Backends.selected)
  }

  package init(_ model: Model, backend: any Backend) {
    configuration = model.configuration
    turns = Turns(Coding(model: model, coder: Coder(model, backend: backend), backend: backend))
  }

  private func fit(
    _ fitting: PictureFitting, alternatives: [PictureFitting.Sizing] = [.resize]
  ) -> PictureFit {
    PictureFit(configuration, fitting, alternatives: alternatives)
  }

  /// A picture's latents.
  ///
  /// - Throws: `PictureMisfit` for a picture that the model does not take; an error where memory does not suffice.
  public func encode(
    _ picture: Picture, options: CodingOptions = CodingOptions()
  ) throws -> LatentCode {
    try Task.checkCancellation()
    let pixels = try fit(options.fitting).whole(picture)
    return try turns.take { coding in
      guard options.draws else {
        let posterior = try coding.coder.encode(pixels)
        return LatentCode(posterior.mean, posterior, ImageShape(pixels))
      }
      var random = options.random
      let drawn = try coding.coder.sample(pixels, using: &random)
      return LatentCode(drawn.latents, drawn.posterior, ImageShape(pixels))
    }
  }

  /// The picture of latents, E[x|z].
  ///
  /// - Parameters:
  ///   - latents: `[D]`, as many as a picture of these extents has.
  ///   - image: the picture's extents; nil for those that the model was trained on.
  public func decode(_ latents: Tensor, image: ImageShape? = nil) throws -> Picture {
    try Task.checkCancellation()
    return try turns.take { Picture(pixels: try $0.coder.decode(latents, image: image)) }
  }

  /// The picture of a picture's latents: decoded as it was encoded.
  public func decode(_ code: LatentCode) throws -> Picture {
    try decode(code.latents, image: code.image)
  }

  /// What the model keeps of a picture: encoded and decoded, opaque. A picture of another size is
  /// scaled or cut into tiles where `fitting` says so.
  ///
  /// - Throws: `PictureMisfit`; an error where memory does not suffice.
  public func reconstruct(
    _ picture: Picture, fitting: PictureFitting = PictureFitting()
  ) throws -> Picture {
    try Task.checkCancellation()
    let fit = fit(fitting, alternatives: [.resize, .tile])
    let colored = try fit.colored(picture.flattened(on: fitting.background))
    return try turns.take { coding in
      Picture(
        pixels: try fit.apply(colored, [colored.pixels]) { layers in
          try Task.checkCancellation()
          return try coding.coder.decode(
            coding.coder.encode(layers[0]).mean, image: ImageShape(layers[0]))
        })
    }
  }

  /// New pictures: the means of p(x|z) for draws z from the prior.
  public func sample(
    _ count: Int, options: SamplingOptions = SamplingOptions(), progress: ProgressHandler? = nil
  ) throws -> [Picture] {
    try (0..<max(count, 0)).map { index in
      try WorkProgress.report(index, of: count, to: progress)
      return try sample(at: index, options: options)
    }
  }

  /// One of the pictures that a seed gives.
  ///
  /// - Parameter index: its place, from 0.
  public func sample(
    at index: Int, options: SamplingOptions = SamplingOptions()
  ) throws -> Picture {
    var random = RandomSource(
      seed: options.seed, stream: RandomStreams.pictures + UInt64(index))
    return try turns.take {
      Picture(
        pixels: try $0.coder.drawPicture(
          image: options.image, temperatures: options.temperatures, using: &random))
    }
  }

  /// The pictures between pictures: their latents change in even steps from each to the next.
  ///
  /// - Parameter pictures: at least one, all of one size.
  /// - Throws: `PictureError.mixedShapes`, `PictureMisfit`.
  public func interpolate(
    _ pictures: [Picture], options: InterpolationOptions = InterpolationOptions(),
    progress: ProgressHandler? = nil
  ) throws -> [Picture] {
    var frames: [Picture] = []
    let stops = try pictures.map { try stop($0, fitting: options.fitting) }
    try interpolate(stops, options: options) { picture in
      try WorkProgress.report(frames.count, of: options.frames, to: progress)
      frames.append(picture)
    }
    return frames
  }

  /// A picture that an interpolation goes through.
  package struct Stop {
    fileprivate let pixels: Tensor
    fileprivate let latents: Tensor
    package var shape: Shape { pixels.shape }
  }

  package func stop(_ picture: Picture, fitting: PictureFitting) throws -> Stop {
    let pixels = try fit(fitting).whole(picture)
    return try turns.take { Stop(pixels: pixels, latents: try $0.coder.encode(pixels).mean) }
  }

  /// - Parameter body: takes one frame after another.
  package func interpolate(
    _ stops: [Stop], options: InterpolationOptions, _ body: (Picture) throws -> Void
  ) throws {
    guard let image = stops.first.map({ ImageShape($0.pixels) }), options.frames > 0 else { return }
    if let other = stops.first(where: { $0.shape != image.shape }) {
      throw PictureError.mixedShapes(image.shape, other.shape)
    }
    let groups = configuration.enclosing(width: image.width, height: image.height).map {
      configuration.groups(of: $0)
    }
    let available = configuration.levels
    let changing = groups?.map { $0.level >= available - (options.levels ?? available) }
    let vectors = options.path.path(
      through: stops.map(\.latents), count: options.frames,
      groups: groups?.map(\.shape.count), changing: changing)
    let positions = options.path.positions(stops: stops.count, count: options.frames)
    for (vector, place) in zip(vectors, positions) {
      let isStop = options.keepsEnds && place.position == 0
      try body(
        isStop ? Picture(pixels: stops[place.segment].pixels) : decode(vector, image: image))
    }
  }

  /// How well the model explains pictures: means over them, in nats.
  ///
  /// - Parameter pictures: taken one by one.
  /// - Throws: `PictureMisfit`; an error for numbers that are not finite, or where memory does not suffice.
  public func evaluate(
    _ pictures: some Sequence<Picture>, options: EvaluationOptions = EvaluationOptions(),
    progress: ProgressHandler? = nil
  ) throws -> EvaluationSummary {
    let fit = fit(options.fitting)
    return try turns.take { coding in
      let evaluation = try Evaluation(coding.model, options, backend: coding.backend)
      for (index, picture) in pictures.enumerated() {
        try WorkProgress.report(index, of: pictures.underestimatedCount, to: progress)
        _ = try evaluation.add(fit.whole(picture), at: index, name: "\(index)")
      }
      _ = try evaluation.finish()
      return evaluation.summary
    }
  }
}
