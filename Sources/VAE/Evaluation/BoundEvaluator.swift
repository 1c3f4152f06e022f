import Graphs
import Networks
import Tensors

/// The evidence lower bound of pictures: batch by batch for those of the model's size, one by one
/// for those of any size.
package final class BoundEvaluator {
  /// The bound of one picture, in nats.
  package struct Bound: Hashable, Sendable {
    /// KL(q(z|x) || p(z)).
    package var rate: Float { groupRates.reduce(0, +) }
    /// KL(q(z_k | z_>k, x) || p(z_k | z_>k)) of each group of latents, from the finest grid to the
    /// coarsest; one number for a flat model.
    package internal(set) var groupRates: [Float]
    /// -E_q[log p(x|z)]; of continuous families a density on [0, 1].
    package internal(set) var distortion: Float
    /// -E_q[log P(x|z)] of the levels of 8-bit data, each with the mass of the density within half a
    /// level; nil where it was not asked for and where the likelihood is discrete.
    package internal(set) var levelDistortion: Double?

    package var bound: Float { -(rate + distortion) }
    /// The bound on the log probability of 8-bit data.
    package var levelBound: Double? { levelDistortion.map { -(Double(rate) + $0) } }

    /// The bound of independent parts of a picture.
    mutating func add(_ other: Bound) {
      for index in groupRates.indices { groupRates[index] += other.groupRates[index] }
      distortion += other.distortion
      if let more = other.levelDistortion { levelDistortion? += more }
    }
  }

  /// Pictures a run.
  package let batchSize: Int
  private let model: Model
  private let samples: Int
  private let countsLevels: Bool
  private let functions: FunctionCache<Key>

  private struct Key: Hashable {
    let image: ImageShape
    let batchSize: Int
    let samples: Int
  }

  /// - Parameters:
  ///   - samples: L, draws of the posterior per picture.
  ///   - countsLevels: whether `levelDistortion` is wanted.
  package init(
    _ model: Model, batchSize: Int = 100, samples: Int = 1, countsLevels: Bool = false,
    backend: any Backend
  ) throws {
    self.model = model
    self.batchSize = batchSize
    self.samples = samples
    self.countsLevels = countsLevels && !model.configuration.likelihood.isDiscrete
    functions = FunctionCache(of: model, backend: backend)
  }

  /// The bounds of up to `batchSize` pictures of the model's size.
  ///
  /// - Parameter pictures: their samples one after another, `[n, C, H, W]`, in [0, 1].
  package func evaluate(
    _ pictures: [Float], using random: inout RandomSource
  ) throws -> [Bound] {
    let image = model.configuration.image
    let count = pictures.count / image.count
    precondition(count <= batchSize && count * image.count == pictures.count)
    return try function(image, batchSize: batchSize, samples: samples)(
      { inputs, draws in
        let x = inputs[draws.x]
        x.update(repeating: 0)
        _ = x.update(fromContentsOf: pictures)
        inputs.set(draws.noise, using: &random)
      },
      read: { results, draws in
        (0..<count).map { row in
          let picture = pictures[row * image.count..<(row + 1) * image.count]
          return bound(results, draws, row: row, picture, samples: samples)
        }
      })
  }

  /// The bound of a picture of any size that the model takes, in memory that does not grow with
  /// the draws. A picture with more than 1024 pixels a side is cut into parts, about equal and at
  /// most so large, whose bounds are added: a bound for the whole, a little looser.
  ///
  /// - Parameter picture: `[C, H, W]` in [0, 1].
  package func evaluate(_ picture: Tensor, using random: inout RandomSource) throws -> Bound {
    let tiles = model.configuration.takesAnySize ? PictureTiles(picture).tiles : [picture]
    var sum = try evaluate(tile: tiles[0], using: &random)
    for tile in tiles.dropFirst() { sum.add(try evaluate(tile: tile, using: &random)) }
    return sum
  }

  private func evaluate(tile: Tensor, using random: inout RandomSource) throws -> Bound {
    let image = ImageShape(tile)
    let function = try function(image, batchSize: 1, samples: 1)
    function.write { $0.set($1.x, picture: tile) }
    func draw() throws -> Bound {
      try function(
        { $0.set($1.noise, using: &random) },
        read: { results, draws in
          bound(results, draws, row: 0, tile.elements[...], samples: 1)
        })
    }
    var mean = try draw()
    for _ in 1..<samples { mean.add(try draw()) }
    mean.groupRates = mean.groupRates.map { $0 / Float(samples) }
    mean.distortion /= Float(samples)
    mean.levelDistortion = mean.levelDistortion.map { $0 / Double(samples) }
    return mean
  }

  private func function(
    _ image: ImageShape, batchSize: Int, samples: Int
  ) throws -> Function<EvaluatedDraws> {
    try functions.function(
      Key(image: image, batchSize: batchSize, samples: samples),
      size: batchSize == 1 ? image.area : 0
    ) { graph in
      let draws = EvaluatedDraws(model, graph, image, batchSize: batchSize, samples: samples)
      return (
        draws,
        draws.groupRates + [draws.distortion] + (countsLevels ? draws.levelParameters : [])
      )
    }
  }

  private func bound(
    _ results: FunctionResults, _ draws: EvaluatedDraws, row: Int, _ picture: ArraySlice<Float>,
    samples: Int
  ) -> Bound {
    var levelDistortion: Double?
    if countsLevels {
      let total = (0..<samples).reduce(0.0) { sum, sample in
        sum
          + results.levelLogProbability(
            picture, row: row * samples + sample, draws.levelParameters,
            model.configuration.likelihood)
      }
      levelDistortion = -total / Double(samples)
    }
    return Bound(
      groupRates: draws.groupRates.map { results[$0][row] },
      distortion: results[draws.distortion][row], levelDistortion: levelDistortion)
  }
}
