import Restoration
import Tensors
import VAE

/// What `denoise`, `inpaint` and `upscale` do with a conditional model.
struct ConditionalTask {
  private let restorer: ConditionalRestorer
  private let task: RestorationTask
  private let options: ConditionalOptions
  private let seed: UInt64
  private let depth: Int?
  private let uncertainty: UncertaintyOutput?

  init(
    _ model: Model, _ task: RestorationTask, _ options: ConditionalOptions, _ seed: SeedOption,
    _ output: OutputOptions, _ threads: ThreadOptions
  ) throws {
    restorer = try ConditionalRestorer(
      model, tile: options.tile, backend: try threads.backend())
    self.task = task
    self.options = options
    self.seed = seed.value
    depth = output.depth
    uncertainty = try options.uncertainty.map {
      try UncertaintyOutput(
        $0, inputs: task.inputs, isColoured: options.colourMap)
    }
  }

  /// Restores every picture.
  ///
  /// - Parameters:
  ///   - strength: how much of the change is made, 0 to 1.
  ///   - describe: tells what is known of a picture's damage.
  func run(
    strength: Float = 1,
    _ describe: (
      _ index: Int, _ input: PictureInput, _ source: DamageSource
    ) throws -> DamageSource
  ) throws {
    let channels = restorer.pictureChannels
    func prepare(_ picture: Picture) throws -> Picture {
      let coloured =
        channels == 1
        ? try task.fit.coloured(picture) : task.fit.allowsGrey ? picture.grey() : picture
      return task.keepsAlpha ? coloured.continuingColours() : coloured
    }
    var failure: ReportedFailure?
    do {
      try task.run(prepare: prepare) { index, input, picture in
        let source = try describe(index, input, DamageSource(picture, channels: channels))
        return try restore(source, strength: strength, index: index, input: input)
      }
    } catch let error as ReportedFailure {
      failure = error
    }
    try uncertainty?.finish()
    if let failure { throw failure }
  }

  private func restore(
    _ source: DamageSource, strength: Float, index: Int, input: PictureInput
  ) throws -> [Picture] {
    let damaged = source.damaged
    let results = (0..<(options.samples ?? 1)).map { _ in
      ResultCollector(
        channels: source.picture.channels, height: damaged.height, width: damaged.width,
        depth: source.picture.isRounded ? depth ?? source.picture.depth : nil)
    }
    let delivery = ResultDelivery(source, strength: strength)
    if options.samples == nil {
      try restorer.restore(damaged, ensemble: options.ensemble) { region, pixels in
        delivery.of(pixels, region) { results[0].insert($0, at: region) }
      }
    }
    if let count = options.samples
      ?? uncertainty.map({ _ in ConditionalOptions.uncertaintySamples })
    {
      var map = uncertainty.map { _ in
        DeviationMap(height: damaged.height, width: damaged.width)
      }
      try restorer.samples(damaged, count: count, seed: seed) { sample, region, pixels in
        delivery.of(pixels, region) {
          if options.samples != nil { results[sample].insert($0, at: region) }
          map?.insert($0, sample: sample, of: count, at: region)
        }
      }
      if let map { try uncertainty?.write(map.deviation, at: index, for: input) }
    }
    return results.map(\.picture)
  }
}

/// Makes of a piece that a model restored a piece of the result: the mean of its channels where the
/// picture is grey, and of the change as much as is asked for.
private struct ResultDelivery {
  private let source: DamageSource
  private let strength: Float

  init(_ source: DamageSource, strength: Float) {
    (self.source, self.strength) = (source, strength)
  }

  /// - Parameter pixels: `[C, h, w]` of the model's channels; `body` has the picture's.
  func of(
    _ pixels: UnsafeBufferPointer<Float>, _ region: PixelRegion,
    _ body: (UnsafeBufferPointer<Float>) -> Void
  ) {
    guard strength < 1 else { return grey(pixels, region, body) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: pixels.count) { mixed in
      mixed.initialize(repeating: 0)
      source.readObservation(region, mixed)
      for place in mixed.indices { mixed[place] += strength * (pixels[place] - mixed[place]) }
      grey(UnsafeBufferPointer(mixed), region, body)
    }
  }

  private func grey(
    _ pixels: UnsafeBufferPointer<Float>, _ region: PixelRegion,
    _ body: (UnsafeBufferPointer<Float>) -> Void
  ) {
    let area = region.area
    guard pixels.count == 3 * area && source.picture.channels == 1 else { return body(pixels) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: area) { mean in
      for pixel in 0..<area {
        mean.initializeElement(
          at: pixel, to: (pixels[pixel] + pixels[area + pixel] + pixels[2 * area + pixel]) / 3)
      }
      body(UnsafeBufferPointer(mean))
    }
  }
}
