import Graphs
import Pictures
import Platform
import Restoration
import Tensors
import VAE

/// Has a model make the pictures of a report: always of the same pictures and with the same noise, so that
/// they can be followed over a run. The model's parameters are read when they are made.
package final class ModelPictures {
  /// How much work holes may be.
  package enum Effort: Hashable, Sendable {
    /// A few seconds, for while others wait.
    case quick
    /// As for results.
    case thorough

    fileprivate var completion: Inpainter.Options {
      var options = Inpainter.Options()
      guard self == .quick else { return options }
      options.method = .gibbs
      options.chains = 2
      options.steps = 20
      options.iterations = 10
      return options
    }
  }

  /// What a model made.
  package struct Sheets: Hashable, Sendable {
    /// `[C, H, W]` each.
    package struct Pair: Hashable, Sendable {
      package let original: Tensor
      package let made: Tensor
    }

    package struct Repair: Hashable, Sendable {
      package let damaged: Tensor
      package let repaired: Tensor
      package let original: Tensor
    }

    package var reconstructions: [Pair] = []
    package var samples: [Tensor] = []
    /// From one picture to another.
    package var strip: [Tensor] = []
    package var holes: [Repair] = []
    /// Of a conditional model.
    package var restored: [Repair] = []

    /// The mean peak signal-to-noise ratio of the reconstructions, or of what was restored, in dB.
    package var ratio: Double? {
      let pairs =
        restored.isEmpty
        ? reconstructions.map { ($0.made, $0.original) }
        : restored.map { ($0.repaired, $0.original) }
      return Self.ratio(pairs)
    }

    /// That of what is damaged.
    package var damagedRatio: Double? { Self.ratio(restored.map { ($0.damaged, $0.original) }) }

    private static func ratio(_ pairs: [(Tensor, Tensor)]) -> Double? {
      guard !pairs.isEmpty else { return nil }
      return pairs.reduce(0.0) {
        $0 + min(60, PictureComparison($1.0, $1.1).peakSignalToNoise)
      } / Double(pairs.count)
    }
  }

  private let model: Model
  private let backend: any Backend
  private let seed: UInt64
  private let autoencoder: Autoencoder
  private var inpainter: Inpainter?
  private var restorer: ConditionalRestorer?
  private let examples: [Tensor]
  private let damaged: [TrainingData.DamagedExample]
  private let effort: Effort

  /// Numbers of the pictures of a figure at most, about.
  private static let budget = 400_000
  /// Of a strip.
  private static let frames = 9

  /// - Parameters:
  ///   - training: of the run, for what the pictures suffer and the seed.
  package init(
    _ model: Model, _ data: TrainingData, _ training: TrainingConfiguration, effort: Effort,
    backend: any Backend
  ) throws {
    self.model = model
    self.backend = backend
    self.effort = effort
    seed = training.seed
    autoencoder = Autoencoder(model, backend: backend)
    let image = model.configuration.image
    let isConditional = model.configuration.isConditional
    let count = max(4, min(12, Self.budget / (2 * image.count)))
    damaged = isConditional ? try data.damagedExamples(count, training) : []
    examples = isConditional ? [] : try data.examples(count, training)
  }

  /// How many samples are drawn.
  package var sampleCount: Int {
    max(4, min(8, Self.budget / (2 * model.configuration.image.count)))
  }

  /// - Throws: `BackendError`, or an error where memory does not suffice.
  package func make() throws -> Sheets {
    var sheets = Sheets()
    guard !model.configuration.isConditional else {
      sheets.restored = try restored()
      return sheets
    }
    let pictures = examples.map { Picture(pixels: $0) }
    for picture in pictures {
      sheets.reconstructions.append(
        Sheets.Pair(
          original: picture.pixels, made: try autoencoder.reconstruct(picture).pixels))
    }
    var sampling = SamplingOptions()
    sampling.seed = seed
    sheets.samples = try autoencoder.sample(sampleCount, options: sampling).map(\.pixels)
    if pictures.count >= 2 {
      var options = InterpolationOptions()
      options.frames = Self.frames
      sheets.strip = try autoencoder.interpolate(
        [pictures[0], pictures[pictures.count / 2]], options: options
      ).map(\.pixels)
    }
    if !model.configuration.posterior.isPositive && !model.configuration.takesAnySize {
      sheets.holes = try holes()
    }
    return sheets
  }

  private func restored() throws -> [Sheets.Repair] {
    let restorer = try self.restorer ?? ConditionalRestorer(model, backend: backend)
    self.restorer = restorer
    return try damaged.map { example in
      let repaired = try example.maps.map {
        try restorer.restore(observation: example.observation, maps: $0)
      }
      return Sheets.Repair(
        damaged: example.observation.clipped, repaired: (repaired ?? example.observation).clipped,
        original: example.clean)
    }
  }

  /// A square in the middle of some pictures is taken away and filled.
  private func holes() throws -> [Sheets.Repair] {
    let inpainter =
      try self.inpainter ?? Inpainter(model, options: effort.completion, backend: backend)
    self.inpainter = inpainter
    return try examples.prefix(4).enumerated().map { index, picture in
      let (channels, height, width) = (picture.shape[0], picture.shape[1], picture.shape[2])
      let side = max(1, min(height, width) * 2 / 5)
      let hole = Region(
        rows: (height - side) / 2..<(height + side) / 2,
        columns: (width - side) / 2..<(width + side) / 2)
      let known = Tensor(
        picture.shape,
        (0..<channels * height * width).map { place in
          let (row, column) = (place / width % height, place % width)
          return hole.rows.contains(row) && hole.columns.contains(column) ? 0 : 1
        })
      var random = RandomSource(
        seed: seed, stream: RandomStreams.pictures + UInt64(index))
      let filled = try inpainter.inpaint(picture, known: known, using: &random)
      // Mid gray shows on black and on white alike.
      let damaged = Tensor(
        picture.shape, zip(picture.elements, known.elements).map { $1 > 0 ? $0 : 0.5 })
      return Sheets.Repair(damaged: damaged, repaired: filled.clipped, original: picture)
    }
  }
}

extension Tensor {
  /// Limited to [0, 1].
  fileprivate var clipped: Tensor { Tensor(shape, elements.map { min(max($0, 0), 1) }) }
}
