import Datasets
import Graphs
import Networks
import Tensors

/// Trains a `NoiseEstimator` by maximum likelihood on pieces whose noise is known.
package final class NoiseEstimatorTrainer {
  package let estimator: NoiseEstimator
  /// Pieces a step.
  package let batchSize: Int
  /// Steps done.
  package private(set) var step = 0
  private let function: Function<(pieces: Value, jpeg: Value, targets: Value, loss: Value)>
  private let optimizer: Optimizer
  private let average: WeightAverage
  private let learningRate: Float

  package init(
    _ estimator: NoiseEstimator, batchSize: Int = 32, learningRate: Float = 1e-3,
    backend: any Backend
  ) throws {
    self.estimator = estimator
    self.batchSize = batchSize
    self.learningRate = learningRate
    optimizer = Optimizer(
      .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), estimator.parameters, gradientLimit: 1)
    average = WeightAverage(estimator.parameters, decay: 0.999)
    let graph = Graph()
    let side = NoiseEstimator.side
    let blocks = NoiseEstimator.blocks
    let pieces = graph.input([batchSize, estimator.channels, side, side])
    let jpeg = graph.input([batchSize, 1, blocks, blocks])
    let targets = graph.input([batchSize, 2])
    let values = estimator.layers(pieces, jpeg: jpeg)
    func loss(_ index: Int) -> Value {
      let mean = values.sliced(axis: 1, 2 * index..<2 * index + 1)
      let logVariance = values.sliced(axis: 1, 2 * index + 1..<2 * index + 2)
      let error = (targets.sliced(axis: 1, index..<index + 1) - mean).squared()
      return ((error * (-logVariance).exp() + logVariance) * 0.5).mean()
    }
    let total = estimator.channels == 3 ? loss(0) + loss(1) : loss(0)
    let parameters = estimator.layers.parameters.map { graph.parameter($0.name, $0.shape) }
    let gradients = graph.gradient(of: total, withRespectTo: parameters)
    function = try Function(
      graph, (pieces, jpeg, targets, total), outputs: [total],
      gradients: Array(zip(estimator.layers.parameters.map(\.name), gradients)),
      parameters: estimator.parameters, backend: backend, isChecked: false)
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - batch: of the damage `DamageMixture.noiseLevels`, with as many pieces as a step takes.
  ///   - progress: the share of the run that is done, 0...1, for the cosine schedule.
  /// - Returns: the mean negative log likelihood in nats a piece.
  package func step(_ batch: ExampleBatch, progress: Double) throws -> Float {
    let loss = try loss(of: batch)
    let rate = learningRate * Schedule.cosine.factor(at: progress)
    optimizer.step(learningRate: rate * min(1, Float(step + 1) / 100))
    step += 1
    average.update(step: step)
    return loss
  }

  /// The mean negative log likelihood of batches under the average of the weights.
  package func evaluate(_ batches: [ExampleBatch]) throws -> Float {
    try average.withAverage {
      var sum: Float = 0
      for batch in batches {
        sum += try loss(of: batch)
      }
      return sum / Float(max(batches.count, 1))
    }
  }

  /// Makes the average of the weights the estimator's own.
  package func finish() {
    let result = average.withAverage { ParameterCopy(estimator.parameters) }
    result.restore()
  }

  /// Runs the function of the loss and its gradient.
  private func loss(of batch: ExampleBatch) throws -> Float {
    guard let observation = batch.observation, let maps = batch.maps else {
      preconditionFailure("a batch with damage")
    }
    let area = NoiseEstimator.side * NoiseEstimator.side
    /// What a map says of a piece, the same everywhere.
    func level(_ map: Int, of piece: Int) -> Float {
      maps.elements[(piece * ConditionMaps.count + map) * area]
    }
    return try function(
      { inputs, values in
        inputs.set(values.pieces, observation.elements)
        let (targets, jpeg) = (inputs[values.targets], inputs[values.jpeg])
        let blocks = jpeg.count / batchSize
        for piece in 0..<batchSize {
          for (index, map) in [ConditionMaps.lumaNoise, ConditionMaps.chromaNoise].enumerated() {
            targets[2 * piece + index] = NoiseEstimator.logarithm(
              ofLevel: level(map, of: piece))
          }
          jpeg[piece * blocks..<(piece + 1) * blocks]
            .update(repeating: level(ConditionMaps.jpeg, of: piece))
        }
      }, read: { $0.scalar($1.loss) })
  }
}
