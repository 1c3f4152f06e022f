import Graphs
import Networks
import Tensors

/// The training objective on pictures held out: the same damage and noise every time.
package final class ObjectiveEvaluator {
  package let batchSize: Int
  private let configuration: Configuration
  private let training: TrainingConfiguration
  private let function: Function<(inputs: TrainingInputs, objective: TrainingObjective)>

  /// - Parameters:
  ///   - training: of the run, for the objective and the seed.
  ///   - batchSize: pictures a batch.
  package init(
    _ model: Model, _ training: TrainingConfiguration, batchSize: Int, backend: any Backend
  ) throws {
    self.batchSize = batchSize
    configuration = model.configuration
    self.training = training
    let graph = Graph()
    let inputs = TrainingInputs(model, training, batchSize: batchSize, graph: graph)
    let objective = model.network.objective(inputs, training)
    function = try Function(
      graph, (inputs, objective), outputs: objective.reported + objective.groupRates,
      parameters: model.parameters, backend: backend)
  }

  /// The mean over `batches` batches of a source that stands at its beginning.
  package func evaluate(_ source: any BatchSource, batches: Int) throws -> ValidationSummary {
    precondition(batches > 0, "a batch to look at")
    var (rate, distortion, ratio) = (0.0, 0.0, 0.0)
    var groupRates: [Double] = []
    for batch in 0..<batches {
      try function.write { inputs, values in
        try source.next(into: TrainingBatch(inputs, values.inputs))
        training.setNoise(
          inputs, values.inputs, stream: RandomStreams.evaluation + UInt64(batch))
        training.setDamage(inputs, values.inputs, stream: nil)
        if let weight = values.inputs.rateWeight { inputs.set(weight, to: 1) }
      }
      let (step, rates) = try function.run { results, values in
        (
          TrainingStep(results, values.objective),
          values.objective.groupRates.map { Double(results.scalar($0)) }
        )
      }
      groupRates = groupRates.isEmpty ? rates : zip(groupRates, rates).map { $0 + $1 }
      rate += Double(step.rate)
      distortion += Double(step.distortion)
      ratio += Double(step.priorPathRatio ?? 0)
    }
    let count = Double(batches)
    return ValidationSummary(
      bound: BoundSummary(rate: rate / count, distortion: distortion / count),
      priorPathRatio: configuration.isConditional ? ratio / count : nil,
      groupRates: groupRates.map { $0 / count })
  }
}

/// What a look at the pictures held out gave.
package struct ValidationSummary: Hashable, Sendable {
  /// In nats per picture.
  package let bound: BoundSummary
  /// The peak signal-to-noise ratio of a conditional model's prior path, in dB; nil without one.
  package let priorPathRatio: Double?
  /// The rate of each group of latents, the finest first, in nats; empty where nobody asked.
  package let groupRates: [Double]

  package init(bound: BoundSummary, priorPathRatio: Double?, groupRates: [Double] = []) {
    self.bound = bound
    self.priorPathRatio = priorPathRatio
    self.groupRates = groupRates
  }
}
