import Platform
import Tensors

/// A function of pictures that is computed from the top down, band by band. Of every value in between the rows
/// are kept that the next band needs, so that nothing is computed twice, memory depends on the width and not on
/// the height, and the numbers are those that all of it at once would give.
package final class BandedFunction<Values> {
  package let values: Values
  private let graph: Graph
  private let outputs: [Value]
  private let pace: Value
  private let band: Int
  private let parameters: ParameterStore
  private let backend: any Backend
  private let memory: PlanMemory
  private var states: [Int: AlignedMemory] = [:]
  /// The last plan: all but the first and the last bands of a picture have the same.
  private var last: (nodes: [Graph.Node], plan: Plan)?

  /// - Parameters:
  ///   - graph: of the whole pictures. Nothing of its size is allocated.
  ///   - values: inputs and outputs.
  ///   - outputs: `[N, C, H, W]` each, as all that depends on an input.
  ///   - pace: the input that bands are rows of, as all inputs with as many rows. Of other inputs come as many rows
  ///     as are needed.
  ///   - rows: of a band, a multiple of all factors between the rows of `pace` and other values, and of the tiles of
  ///     minimal filtering at each of them.
  ///   - parameters, backend, memory: as of `Plan`.
  package init(
    _ graph: Graph, _ values: Values, outputs: [Value], pace: Value, rows: Int,
    parameters: ParameterStore, backend: any Backend, memory: PlanMemory = PlanMemory()
  ) {
    self.graph = graph
    self.values = values
    self.outputs = outputs
    self.pace = pace
    band = rows
    self.parameters = parameters
    self.backend = backend
    self.memory = memory
  }

  /// Computes all of the outputs.
  ///
  /// - Parameters:
  ///   - write: is to fill the new rows of the inputs that have any.
  ///   - read: is lent the new rows of the outputs; called where one has any.
  /// - Throws: `BackendError`, `MemoryError`, `NotFiniteError` where a number of an output is not finite, and what
  ///   the closures throw.
  package func callAsFunction(
    _ write: (Band, Values) throws -> Void, read: (Band, Values) throws -> Void
  ) throws {
    try takeMemory()
    var schedule = makeSchedule()
    while schedule.advance() {
      let step = BandGraph(graph.nodes, schedule)
      let wanted = outputs.filter { step.new[$0.index] != nil }
      let plan = try plan(step, wanted)
      let band = Band(plan: plan, values: step.new, rows: schedule.rows)
      try write(band, values)
      try plan.runChecked(wanted.count)
      if !wanted.isEmpty { try read(band, values) }
    }
  }

  /// The elements that the intermediate values of the largest band share, and those that are kept between bands.
  package func counts() throws -> (arena: Int, kept: Int) {
    try takeMemory()
    var schedule = makeSchedule()
    var arena = 0
    while schedule.advance() {
      let step = BandGraph(graph.nodes, schedule)
      let plan = try plan(step, outputs.filter { step.new[$0.index] != nil })
      arena = max(arena, plan.arenaCount)
    }
    return (arena, states.values.reduce(0) { $0 + $1.count })
  }

  private func makeSchedule() -> BandSchedule {
    BandSchedule(graph.nodes, outputs: outputs.map(\.index), pace: pace.index, band: band)
  }

  /// Sees to memory for what is kept between bands: as much as the band takes that keeps most.
  private func takeMemory() throws {
    guard states.isEmpty else { return }
    var counts: [Int: Int] = [:]
    var schedule = makeSchedule()
    while schedule.advance() {
      for index in schedule.order where !schedule.rows[index].later.isEmpty {
        let shape = graph.nodes[index].shape
        let count = shape.replacing(axis: 2, with: schedule.rows[index].later.count).count
        counts[index] = max(counts[index] ?? 0, count)
      }
    }
    try Memory.require(counts.values.reduce(0, +), elements: 4, for: Plan.purpose)
    states = counts.mapValues { AlignedMemory(count: $0) }
  }

  private func plan(_ step: BandGraph, _ wanted: [Value]) throws -> Plan {
    if let last, last.nodes == step.graph.nodes { return last.plan }
    last = nil
    var placed: [Int: UnsafeMutablePointer<Float>] = [:]
    var kept: [Value] = []
    for (index, value) in step.kept.sorted(by: { $0.key < $1.key }) {
      guard let state = states[index] else { continue }
      if let before = value.before { placed[before.index] = state.elements }
      if let after = value.after, after.index != value.before?.index {
        placed[after.index] = state.elements
        kept.append(after)
      }
    }
    let plan = try Plan(
      step.graph, outputs: wanted.compactMap { step.new[$0.index] } + kept, placed: placed,
      parameters: parameters, backend: backend, memory: memory)
    last = (step.graph.nodes, plan)
    return plan
  }
}

/// A band's rows of inputs and outputs, lent for the length of a call.
package struct Band {
  let plan: Plan
  let values: [Int: Value]
  let rows: [BandSchedule.Rows]

  /// The rows of an input or an output that the band brings.
  package func rows(of value: Value) -> Range<Int> { rows[value.index].new }

  /// The memory of these rows, `[N, C, h, W]`; empty where there are none.
  package subscript(value: Value) -> UnsafeMutableBufferPointer<Float> {
    values[value.index].map { plan.memory(of: $0) }
      ?? UnsafeMutableBufferPointer(start: nil, count: 0)
  }
}
