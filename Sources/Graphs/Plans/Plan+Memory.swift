/// How a plan's values share memory.
extension Plan {
  /// Where a node stands in memory.
  struct Origin {
    /// The node whose memory it is: the node itself, or the origin of an alias.
    let root: Int
    /// Where it begins there, in elements.
    let offset: Int
  }

  static func origins(of nodes: [Graph.Node]) -> [Origin] {
    var origins: [Origin] = []
    for (index, node) in nodes.enumerated() {
      if let offset = aliasOffset(of: node, nodes) {
        let input = origins[node.inputs[0]]
        origins.append(Origin(root: input.root, offset: input.offset + offset))
      } else {
        origins.append(Origin(root: index, offset: 0))
      }
    }
    return origins
  }

  /// Where a node begins in its input's memory, if it is another name for that or a part of it;
  /// nil if it has memory of its own.
  private static func aliasOffset(of node: Graph.Node, _ nodes: [Graph.Node]) -> Int? {
    switch node.operation {
    case .reshape, .stopGradient: return 0
    case .slice(let axis, let start):
      let whole = nodes[node.inputs[0]].shape
      let isOnePiece = (0..<axis).allSatisfy { whole[$0] == 1 }
      let offset = (axis + 1..<whole.rank).reduce(start) { $0 * whole[$1] }
      return isOnePiece && offset % ArenaPlanner.line == 0 ? offset : nil
    default: return nil
    }
  }

  /// Which nodes the wanted ones need.
  static func live(_ nodes: [Graph.Node], _ wanted: [Int]) -> [Bool] {
    var live = [Bool](repeating: false, count: nodes.count)
    for index in wanted { live[index] = true }
    for index in nodes.indices.reversed() where live[index] {
      for input in nodes[index].inputs { live[input] = true }
    }
    return live
  }

  /// Gives every value without a fixed place an offset in the arena; a value's memory is used again
  /// after its last reader, by that reader itself where it works in place.
  ///
  /// - Returns: the length of the arena in elements.
  static func assignArena(
    _ nodes: [Graph.Node], _ order: [Int], _ origins: [Origin], isFixed: (Int) -> Bool,
    assign: (_ root: Int, _ offset: Int) -> Void
  ) -> Int {
    var lastUse: [Int: Int] = [:]
    for index in order {
      for input in nodes[index].inputs { lastUse[origins[input].root] = index }
    }
    var planner = ArenaPlanner()
    var blocks: [Int: Int] = [:]
    for index in order where origins[index].root == index && !nodes[index].operation.isSource {
      guard !isFixed(index) else { continue }
      let last = lastUse[index] ?? index
      let size = ArenaPlanner.rounded(nodes[index].shape.count)
      let taken = replaceable(index, nodes, origins).first {
        lastUse[$0] == index && blocks[$0].map { planner.blocks[$0].size } == size
      }
      if let block = taken.flatMap({ blocks[$0] }) {
        planner.extend(block, to: last)
        blocks[index] = block
      } else {
        blocks[index] = planner.add(size: size, from: index, to: last)
      }
    }
    let (offsets, extent) = planner.offsets()
    for (index, block) in blocks { assign(index, offsets[block]) }
    return extent
  }

  /// The roots of inputs over which an operation may write its result.
  private static func replaceable(
    _ index: Int, _ nodes: [Graph.Node], _ origins: [Origin]
  ) -> [Int] {
    let node = nodes[index]
    guard node.operation.mayRunInPlace else { return [] }
    // A part of a value would be read where another has been written already.
    let parts = node.inputs.filter {
      nodes[$0].shape.count < nodes[origins[$0].root].shape.count
    }
    return Set(node.inputs.map { origins[$0].root })
      .subtracting(parts.map { origins[$0].root }).sorted()
  }
}

/// Places blocks of memory that are each needed for a while, before there is memory: the largest
/// first, each in the smallest gap that those of its time leave (Pisarchyk and Lee 2020: greedy by
/// size for offset calculation).
struct ArenaPlanner {
  struct Block {
    let size: Int
    /// The steps that need it.
    var time: ClosedRange<Int>
  }

  private(set) var blocks: [Block] = []

  /// Elements of a cache line.
  static let line = 16

  /// Sizes are whole cache lines, so that everything in the arena is aligned.
  static func rounded(_ count: Int) -> Int { max((count + line - 1) / line * line, line) }

  /// - Returns: the block's number.
  mutating func add(size: Int, from first: Int, to last: Int) -> Int {
    blocks.append(Block(size: size, time: first...last))
    return blocks.count - 1
  }

  /// Keeps a block for longer.
  mutating func extend(_ block: Int, to last: Int) {
    let time = blocks[block].time
    blocks[block].time = time.lowerBound...max(time.upperBound, last)
  }

  /// Where the blocks stand, and how much memory they need together.
  func offsets() -> (offsets: [Int], extent: Int) {
    var offsets = [Int](repeating: 0, count: blocks.count)
    var extent = 0
    /// Sorted by offset.
    var placed: [Int] = []
    let order = blocks.indices.sorted { (-blocks[$0].size, $0) < (-blocks[$1].size, $1) }
    for index in order {
      let block = blocks[index]
      var end = 0
      var best: Range<Int>?
      for other in placed where blocks[other].time.overlaps(block.time) {
        let gap = end..<max(end, offsets[other])
        if gap.count >= block.size && gap.count < best?.count ?? .max { best = gap }
        end = max(end, offsets[other] + blocks[other].size)
      }
      offsets[index] = best?.lowerBound ?? end
      extent = max(extent, offsets[index] + block.size)
      let place = placed.firstIndex { offsets[$0] > offsets[index] } ?? placed.endIndex
      placed.insert(index, at: place)
    }
    return (offsets, extent)
  }
}
