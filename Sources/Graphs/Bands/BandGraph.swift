import Tensors

/// The graph of one band: what a `BandSchedule` says is computed now, from what was kept and what comes new.
struct BandGraph {
  let graph = Graph()
  /// The band's new rows of values of the whole graph, where it has any.
  private(set) var new: [Int: Value] = [:]
  /// By nodes of the whole graph: rows that were kept, and those that are kept from now on.
  private(set) var kept: [Int: (before: Value?, after: Value?)] = [:]

  private let nodes: [Graph.Node]
  private let schedule: BandSchedule
  /// Values without rows.
  private var others: [Int: Value] = [:]

  init(_ nodes: [Graph.Node], _ schedule: BandSchedule) {
    self.nodes = nodes
    self.schedule = schedule
    var lastReader: [Int: Int] = [:]
    for index in schedule.order {
      lastReader[index] = index
      for input in nodes[index].inputs where schedule.hasRows(input) { lastReader[input] = index }
    }
    var finished = Dictionary(grouping: schedule.order) { lastReader[$0] ?? $0 }
    for index in schedule.order {
      let rows = schedule.rows[index]
      if !rows.old.isEmpty {
        kept[index] = (graph.input("kept \(index)", shape(index, rows.old.count)), nil)
      }
      if !rows.new.isEmpty { new[index] = value(index, rows.new) }
      // What is kept may stand where it stood, so all that read it come first.
      for input in finished.removeValue(forKey: index) ?? [] { keep(input) }
    }
  }

  private func shape(_ index: Int, _ rows: Int) -> Shape {
    nodes[index].shape.replacing(axis: 2, with: rows)
  }

  private mutating func keep(_ index: Int) {
    let rows = schedule.rows[index]
    guard !rows.later.isEmpty else { return }
    let before = kept[index]?.before
    if let before, rows.new.isEmpty && rows.later == rows.old {
      kept[index] = (before, before)
    } else {
      kept[index] = (before, stacked(index, rows.later, isKept: true))
    }
  }

  /// New rows of a node.
  private mutating func value(_ index: Int, _ rows: Range<Int>) -> Value {
    let node = nodes[index]
    switch node.operation {
    case .input(let name): return graph.input(name, shape(index, rows.count))
    case .slice(axis: 2, _):
      return piece(node.inputs[0], schedule.needed(by: index, of: node.inputs[0], rows))
    case .convolution(var geometry):
      let input = node.inputs[0]
      let needed = schedule.needed(by: index, of: input, rows)
      // Zeros only where the picture ends.
      geometry.padding.top = needed.lowerBound - (rows.lowerBound - geometry.padding.top)
      geometry.padding.bottom = rows.upperBound + geometry.padding.bottom - needed.upperBound
      let inputs = [piece(input, needed)] + node.inputs.dropFirst().map { other($0) }
      return graph.value(.convolution(geometry), inputs, shape(index, rows.count))
    case .unary, .affine, .binary, .special, .concatenate, .slice, .stopGradient, .pixelShuffle,
      .pixelUnshuffle:
      let inputs = node.inputs.map { piece($0, schedule.needed(by: index, of: $0, rows)) }
      return graph.value(node.operation, inputs, shape(index, rows.count))
    default: preconditionFailure("\(node.operation) is not computed band by band")
    }
  }

  /// Rows of a value, new or kept; of one that is the same in all rows, as many.
  private mutating func piece(_ index: Int, _ rows: Range<Int>) -> Value {
    guard schedule.hasRows(index) else {
      let node = nodes[index]
      switch node.operation {
      case .constant, .broadcast:
        precondition(node.inputs.allSatisfy { nodes[$0].shape.dimensions.suffix(2).first == 1 })
        return graph.value(
          node.operation, node.inputs.map { other($0) }, shape(index, rows.count))
      default: preconditionFailure("\(node.operation) has no rows")
      }
    }
    if rows == schedule.rows[index].new, let value = new[index] { return value }
    return stacked(index, rows)
  }

  /// Rows out of those that were kept and the new ones below them.
  private func stacked(_ index: Int, _ rows: Range<Int>, isKept: Bool = false) -> Value {
    let (old, new) = (schedule.rows[index].old, schedule.rows[index].new)
    precondition(rows.lowerBound >= old.lowerBound && rows.upperBound <= new.upperBound)
    let inputs = [kept[index]?.before, self.new[index]].compactMap { $0 }
    let start = rows.lowerBound - old.lowerBound
    return graph.value(
      isKept ? .keptRows(start: start) : .stackedRows(start: start), inputs,
      shape(index, rows.count))
  }

  /// A value without rows, such as a kernel.
  private mutating func other(_ index: Int) -> Value {
    if let value = others[index] { return value }
    let node = nodes[index]
    let value = graph.value(node.operation, node.inputs.map { other($0) }, node.shape)
    others[index] = value
    return value
  }
}
