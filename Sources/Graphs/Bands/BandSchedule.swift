import Tensors

/// Which rows of every value of a graph are computed, when pictures go through it from the top down, band
/// by band.
///
/// A value's row can be computed when those rows of its inputs are there that it depends on: those under a
/// convolution's kernel, or under its tiles of minimal filtering. So values lag behind their inputs by a fixed
/// number of rows, and of every input the rows are kept that are still to be read.
struct BandSchedule {
  /// Rows of a value: those that were computed before, are computed now, and stay for later.
  struct Rows: Hashable {
    /// Kept from the bands before: from here up to `start`.
    var first = 0
    /// What the band adds.
    var start = 0
    var end = 0
    /// From here up to `end` they are kept for the bands that follow.
    var kept = 0

    var new: Range<Int> { start..<end }
    var old: Range<Int> { first..<start }
    var later: Range<Int> { kept..<end }
  }

  private let nodes: [Graph.Node]
  /// The nodes that are needed and have rows, in topological order.
  let order: [Int]
  /// Whether a node has rows that depend on an input.
  private let isBanded: [Bool]
  /// Inputs of which `band` rows come at a time. Others are read as far as they are needed.
  private let paced: Set<Int>
  private let band: Int
  private var step = 0
  /// By node.
  private(set) var rows: [Rows]

  /// - Parameters:
  ///   - pace: an input. All inputs with as many rows come with it.
  ///   - band: rows of it at a time; a multiple of all factors between the rows of inputs and other values, and of
  ///     the tiles of minimal filtering at each of them.
  init(_ nodes: [Graph.Node], outputs: [Int], pace: Int, band: Int) {
    self.nodes = nodes
    self.band = band
    let live = Plan.live(nodes, outputs)
    var isBanded = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() where live[index] {
      if case .input = node.operation { isBanded[index] = true }
      if node.inputs.contains(where: { isBanded[$0] }) { isBanded[index] = true }
      precondition(!isBanded[index] || node.shape.rank == 4, "values with rows are [N, C, H, W]")
    }
    self.isBanded = isBanded
    order = nodes.indices.filter { isBanded[$0] }
    let height = nodes[pace].shape[2]
    paced = Set(
      order.filter {
        if case .input = nodes[$0].operation { return nodes[$0].shape[2] == height }
        return false
      })
    rows = [Rows](repeating: Rows(), count: nodes.count)
  }

  func hasRows(_ node: Int) -> Bool { isBanded[node] }

  private func height(_ node: Int) -> Int { nodes[node].shape[2] }

  /// Goes on to the next band, the first to begin with.
  ///
  /// - Returns: whether there was anything left.
  mutating func advance() -> Bool {
    guard order.contains(where: { rows[$0].end < height($0) }) else { return false }
    step += 1
    var reaches = [Int](repeating: Self.unlimited, count: nodes.count)
    for index in order {
      reaches[index] = reach(index, reaches)
      rows[index].first = rows[index].kept
      rows[index].start = rows[index].end
      if reaches[index] < Self.unlimited {
        rows[index].end = min(max(reaches[index], rows[index].start), height(index))
      }
    }
    let readers = self.readers
    for index in order.reversed() {
      if reaches[index] == Self.unlimited {
        let needed = readers[index].map { self.needed(by: $0, of: index, rows[$0].new).upperBound }
        rows[index].end = max(rows[index].start, needed.max() ?? height(index))
      }
      let kept = readers[index].filter { rows[$0].end < height($0) }.map {
        self.needed(by: $0, of: index, rows[$0].end..<height($0)).lowerBound
      }
      rows[index].kept = min(rows[index].end, kept.min() ?? rows[index].end)
    }
    return true
  }

  /// More rows than any picture has, whatever factors and kernels make of them.
  private static let wholePicture = Int.max >> 20

  /// No limit of its own, and twice that is still a number.
  private static let unlimited = Int.max / 4

  /// Up to which row a value would be computed if the pictures had no lower edge.
  private func reach(_ index: Int, _ reaches: [Int]) -> Int {
    let node = nodes[index]
    let inputs = node.inputs.filter { isBanded[$0] }.map { reaches[$0] }
    guard let input = inputs.min() else {
      guard paced.contains(index) else { return Self.unlimited }
      // Where one band holds the picture, nothing waits for rows that will not come.
      return band >= height(index) ? Self.wholePicture : step * band
    }
    if input == Self.unlimited { return input }
    switch node.operation {
    case .convolution(let geometry):
      let padding = geometry.padding.bottom
      let unit = padding == 0 || geometry.isLocal ? 1 : MinimalFiltering.tile
      return Self.floor(input - padding, unit) * unit
    case .pixelShuffle(let factor): return input * factor
    case .pixelUnshuffle(let factor): return Self.floor(input, factor)
    case .slice(axis: 2, let start): return input - start
    default: return input
    }
  }

  private static func floor(_ number: Int, _ divisor: Int) -> Int {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
  }

  /// Which rows of an input a node reads for rows of its own.
  func needed(by reader: Int, of input: Int, _ range: Range<Int>) -> Range<Int> {
    guard !range.isEmpty else { return 0..<0 }
    switch nodes[reader].operation {
    case .convolution(let geometry):
      return max(
        0, range.lowerBound - geometry.padding.top)..<min(
          height(input), range.upperBound + geometry.padding.bottom)
    case .pixelShuffle(let factor):
      return range.lowerBound / factor..<(range.upperBound + factor - 1) / factor
    case .pixelUnshuffle(let factor):
      return range.lowerBound * factor..<range.upperBound * factor
    case .slice(axis: 2, let start):
      return range.lowerBound + start..<range.upperBound + start
    default: return range
    }
  }

  /// Of each node those that read it.
  private var readers: [[Int]] {
    var readers = [[Int]](repeating: [], count: nodes.count)
    for index in order {
      for input in Set(nodes[index].inputs) where isBanded[input] { readers[input].append(index) }
    }
    return readers
  }
}
