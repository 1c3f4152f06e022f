import Graphs
import Networks
import Tensors

/// The evidence lower bound of pictures: batch by batch for those of the model's size, one by one
/// for those of any size.
public final class BoundEvaluator {
  /// The bound of one picture, in nats.
  public struct Bound: Hashable, Sendable {
    /// KL(q(z|x) || p(z)).
    public var rate: Float { groupRates.reduce(0, +) }
    /// KL(q(z_k | z_>k, x) || p(z_k | z_>k)) of each group of latents, from the finest grid to the
    /// coarsest; one number for a flat model.
    public internal(set) var groupRates: [Float]
    /// -E_q[log p(x|z)]; of continuous families a density on [0, 1].
    public internal(set) var distortion: Float
    /// -E_q[log P(x|z)] of the levels of 8-bit data, each with the mass of the density within half a
    /// level; nil where it was not asked for and where the likelihood is discrete.
    public internal(set) var levelDistortion: Double?

    public var bound: Float { -(rate + distortion) }
    /// The bound on the log probability of 8-bit data.
    public var levelBound: Double? { levelDistortion.map { -(Double(rate) + $0) } }

    /// The bound of independent parts of a picture.
    mutating func add(_ other: Bound) {
      for index in groupRates.indices { groupRates[index] += other.groupRates[index] }
      distortion += other.distortion
      if let more = other.levelDistortion { levelDistortion? += more }
    }
  }

  /// Pictures a run.
  public let batchSize: Int
  private let model: Model
  private let samples: Int
  private let countsLevels: Bool
  private let backend: any Backend
  private var batchPlan: Plan?
  private var plans = PlanCache()

  /// - Parameters:
  ///   - samples: L, draws of the posterior per picture.
  ///   - countsLevels: whether `levelDistortion` is wanted.
  public init(
    _ model: Model, batchSize: Int = 100, samples: Int = 1, countsLevels: Bool = false,
    backend: any Backend
  ) throws {
    self.model = model
    self.batchSize = batchSize
    self.samples = samples
    self.countsLevels = countsLevels
    self.backend = backend
  }

  /// The bounds of up to `batchSize` pictures of the model's size.
  ///
  /// - Parameter pictures: their samples one after another, `[n, C, H, W]`, in [0, 1].
  public func evaluate(
    _ pictures: UnsafeBufferPointer<Float>, using random: inout RandomSource
  ) throws -> [Bound] {
    let image = model.configuration.image
    let count = pictures.count / image.count
    precondition(count <= batchSize && count * image.count == pictures.count)
    let plan = try batchPlan ?? plan(image, batchSize: batchSize, samples: samples)
    batchPlan = plan
    if let x = plan.input("x") {
      x.update(repeating: 0)
      _ = x.update(fromContentsOf: pictures)
    }
    plan.fillNoise(using: &random)
    try plan.run()
    return (0..<count).map {
      bound(plan, row: $0, pictures: pictures, image: image, samples: samples)
    }
  }

  /// The bound of a picture of any size that the model takes, in memory that does not grow with
  /// the draws. A picture with more than 1024 pixels a side is cut into parts, about equal and at
  /// most so large, whose bounds are added: a bound for the whole, a little looser.
  ///
  /// - Parameter picture: `[C, H, W]` in [0, 1].
  public func evaluate(_ picture: Tensor, using random: inout RandomSource) throws -> Bound {
    let tiles = model.configuration.takesAnySize ? PictureTiles(picture).tiles : [picture]
    var sum = try evaluate(tile: tiles[0], using: &random)
    for tile in tiles.dropFirst() { sum.add(try evaluate(tile: tile, using: &random)) }
    return sum
  }

  private func evaluate(tile: Tensor, using random: inout RandomSource) throws -> Bound {
    let image = ImageShape(
      channels: tile.shape[0], height: tile.shape[1], width: tile.shape[2])
    let network = model.network(for: image)
    let plan = try plans.plan(image) { try self.plan(image, batchSize: 1, samples: 1) }
    plan.fill("x", withPicture: tile, image: network.configuration.image)
    func draw() throws -> Bound {
      plan.fillNoise(using: &random)
      try plan.run()
      return tile.elements.withUnsafeBufferPointer {
        bound(plan, row: 0, pictures: $0, image: image, samples: 1)
      }
    }
    var mean = try draw()
    for _ in 1..<samples { mean.add(try draw()) }
    mean.groupRates = mean.groupRates.map { $0 / Float(samples) }
    mean.distortion /= Float(samples)
    mean.levelDistortion = mean.levelDistortion.map { $0 / Double(samples) }
    return mean
  }

  /// Outputs: the groups' rates, the distortion and, where levels count, the parameters of p(x|z).
  private func plan(_ image: ImageShape, batchSize: Int, samples: Int) throws -> Plan {
    let graph = Graph()
    let draws = model.network(for: image).draws(
      graph, image, batchSize: batchSize, samples: samples)
    return try Plan(
      graph,
      outputs: draws.groupRates + [draws.bound.distortion]
        + (countsLevels ? draws.likelihood.levelParameters : []),
      parameters: model.parameters, backend: backend)
  }

  private func bound(
    _ plan: Plan, row: Int, pictures: UnsafeBufferPointer<Float>, image: ImageShape, samples: Int
  ) -> Bound {
    let groups = model.configuration.groupSizes.count
    var levelDistortion: Double?
    if countsLevels && !model.configuration.likelihood.isDiscrete {
      let picture = UnsafeBufferPointer(
        rebasing: pictures[row * image.count..<(row + 1) * image.count])
      let total = (0..<samples).reduce(0.0) { sum, sample in
        sum
          + plan.levelLogProbability(
            picture, row: row * samples + sample, from: groups + 1, model.configuration.likelihood)
      }
      levelDistortion = -total / Double(samples)
    }
    return Bound(
      groupRates: (0..<groups).map { plan.outputBuffer($0)[row] },
      distortion: plan.outputBuffer(groups)[row], levelDistortion: levelDistortion)
  }
}
