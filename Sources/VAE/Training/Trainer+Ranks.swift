import Checkpoints
import Graphs
import Networks
import Pictures
import Ranks
import Tensors

/// Training on several ranks: each computes its share of every batch, and all have the same parameters.
extension Trainer {
  /// What a run does next, the same on all ranks.
  enum Course: Double {
    case goesOn, stops, isDone
  }

  /// Agrees with the other ranks on what to do next. The first rank decides: by its clock, by what it saw of
  /// the pictures held out, and whether it is to stop. A rank on a way of its own asks nobody.
  func agree(isToStop: Bool) throws -> Course {
    let own: Course = isDone ? .isDone : isToStop ? .stops : .goesOn
    guard let ranks else { return own }
    guard isInSync else { return hasAllSteps ? .isDone : .goesOn }
    let agreed = try ranks.broadcast([own.rawValue, state.seconds])
    state.seconds = agreed[1]
    return Course(rawValue: agreed[0]) ?? .stops
  }

  /// Whether the run is of a number of steps and has them all.
  private var hasAllSteps: Bool {
    if case .seconds = configuration.limit { false } else { progress >= 1 }
  }

  /// The mean of the ranks' shares of the report of the step under way: of rows as many each. A rank on a way of its
  /// own has its own report.
  func mean(of step: TrainingStep) throws -> TrainingStep {
    guard let ranks, isInSync(after: state.step + 1) else { return step }
    let all = try ranks.gather([
      Double(step.rate), Double(step.distortion), Double(step.priorPathRatio ?? 0),
    ])
    func mean(_ index: Int) -> Float {
      Float(all.reduce(0) { $0 + $1[index] } / Double(ranks.count))
    }
    return TrainingStep(
      rate: mean(0), distortion: mean(1),
      priorPathRatio: step.priorPathRatio.map { _ in mean(2) })
  }

  /// Whether all ranks have the same parameters after the step that was just done.
  var isInSync: Bool { isInSync(after: state.step) }

  /// Where each rank goes its own way for some steps, they meet at the end of an epoch too, which is looked at.
  private func isInSync(after step: Int) -> Bool {
    guard ranks != nil, let interval = configuration.syncInterval else { return true }
    return step % interval == 0 || step % stepsPerEpoch == 0
  }

  private var parameters: MutablePlaneView {
    MutablePlaneView(
      row: UnsafeMutableBufferPointer(
        start: model.parameters.values, count: model.parameters.count))
  }

  /// Makes parameters, what the optimizer remembers and the average of the parameters the means of the ranks',
  /// where each has gone its own way.
  func synchronize() throws {
    guard let ranks, configuration.syncInterval != nil else { return }
    isWhole = false
    try Profile.measure("waiting for other ranks") {
      try ranks.average(parameters.numbers)
      try optimizer.withMoments { try ranks.average($0) }
      try average?.withMemory { try ranks.average($0) }
    }
    isWhole = true
  }

  /// All that must be equal on all ranks. Where each goes its own way for some steps, sums may be rounded
  /// differently.
  private func fingerprint(_ backend: any Backend) -> String {
    var parts = [
      latentVersion, "\(model.configuration)", "\(configuration)", "\(exampleCount)",
    ]
    if configuration.syncInterval == nil {
      parts += [backend.name, "\(Threads.count)", Threads.instructionSet]
    }
    return parts.joined(separator: "\n")
  }

  /// Gives all ranks the first one's state: that of a run that begins, or is resumed.
  ///
  /// - Throws: `RanksDiffer`.
  package func share(_ backend: any Backend) throws {
    guard let ranks else { return }
    let fingerprint = fingerprint(backend)
    let first = try ranks.broadcast(fingerprint)
    let differ = try ranks.gather([first == fingerprint ? 0 : 1]).map { $0[0] != 0 }
    if let rank = differ.firstIndex(of: true) { throw RanksDiffer(rank: rank) }
    let text = try ranks.broadcast(state.json.description)
    try ranks.broadcast(UnsafeMutableRawBufferPointer(parameters.numbers))
    try optimizer.withMoments { try ranks.broadcast(UnsafeMutableRawBufferPointer($0)) }
    try average?.withMemory { try ranks.broadcast(UnsafeMutableRawBufferPointer($0)) }
    guard !ranks.isFirst else { return }
    state = try State(json: JSONValue(parsing: text))
    optimizer.restore(stepCount: state.step, state: optimizer.state)
  }
}

/// Ranks of one run that were given different things to do.
package struct RanksDiffer: Error, Hashable, Sendable {
  /// The first that differs from the first rank.
  package let rank: Int
}

/// Averages gradients over all ranks while they are computed.
struct GradientExchange {
  private let exchange: MeanExchange
  private let schedule: BucketSchedule

  /// - Parameter steps: `Function.gradientSteps`.
  init(_ ranks: Ranks, _ steps: [Int], _ parameters: ParameterStore) {
    let slots = parameters.slots
    let ends = slots.dropFirst().map(\.offset) + [parameters.count]
    schedule = BucketSchedule(
      zip(zip(slots, ends), steps).map { place, step in
        (range: place.0.offset..<place.1, step: step)
      },
      count: parameters.count)
    exchange = MeanExchange(ranks, parameters.gradients, buckets: schedule.ranges)
  }

  /// Runs a function; a bucket is on its way as soon as its gradients are final.
  func run<Values, R>(
    _ function: Function<Values>, _ read: (FunctionResults, Values) throws -> R
  ) throws -> R {
    var next = 0
    let result = try function.run(
      after: { step in
        var hasBegun = false
        while next < schedule.steps.count, schedule.steps[next] <= step {
          try exchange.begin(next)
          next += 1
          hasBegun = true
        }
        if !hasBegun && next > 0 { try exchange.advance() }
      }, read)
    try Profile.measure("waiting for other ranks") { try exchange.finish() }
    return result
  }
}
