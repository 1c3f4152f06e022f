/// How a plan's values share memory.
extension Plan {
  /// For every node the node whose memory it stands in: itself, or the origin of an alias.
  static func roots(of nodes: [Graph.Node]) -> [Int] {
    var roots = Array(nodes.indices)
    for (index, node) in nodes.enumerated() where node.operation.isAlias {
      roots[index] = roots[node.inputs[0]]
    }
    return roots
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
    _ nodes: [Graph.Node], _ order: [Int], _ roots: [Int], isFixed: (Int) -> Bool,
    assign: (_ root: Int, _ offset: Int) -> Void
  ) -> Int {
    var lastUse: [Int: Int] = [:]
    for index in order {
      for input in nodes[index].inputs { lastUse[roots[input]] = index }
    }
    var planner = ArenaPlanner()
    var offsets: [Int: Int] = [:]
    for index in order where roots[index] == index && !nodes[index].operation.isSource {
      let node = nodes[index]
      let size = ArenaPlanner.rounded(node.shape.count)
      let dying = Set(node.inputs.map { roots[$0] }).filter {
        lastUse[$0] == index && offsets[$0] != nil
      }.sorted()
      var taken: Int?
      if !isFixed(index) {
        if node.operation.mayRunInPlace {
          taken = dying.first { ArenaPlanner.rounded(nodes[$0].shape.count) == size }
        }
        let offset = taken.flatMap { offsets[$0] } ?? planner.allocate(size)
        offsets[index] = offset
        assign(index, offset)
      }
      for root in dying where root != taken {
        if let offset = offsets[root] {
          planner.free(offset, ArenaPlanner.rounded(nodes[root].shape.count))
        }
      }
      if offsets[index] != nil && lastUse[index] == nil {
        planner.free(offsets[index] ?? 0, size)
      }
    }
    return planner.extent
  }
}

/// First-fit allocation of offsets, planned before there is memory.
struct ArenaPlanner {
  /// The largest extent reached, in elements.
  private(set) var extent = 0
  /// Free gaps below `extent`, sorted, never adjacent.
  private var gaps: [Range<Int>] = []

  /// Sizes are whole cache lines, so that everything in the arena is aligned.
  static func rounded(_ count: Int) -> Int { max((count + 15) / 16 * 16, 16) }

  mutating func allocate(_ size: Int) -> Int {
    let fitting = gaps.indices.filter { gaps[$0].count >= size }
    if let index = fitting.min(by: { gaps[$0].count < gaps[$1].count }) {
      let gap = gaps[index]
      if gap.count == size {
        gaps.remove(at: index)
      } else {
        gaps[index] = gap.lowerBound + size..<gap.upperBound
      }
      return gap.lowerBound
    }
    if let last = gaps.last, last.upperBound == extent {
      gaps.removeLast()
      extent = last.lowerBound + size
      return last.lowerBound
    }
    defer { extent += size }
    return extent
  }

  mutating func free(_ offset: Int, _ size: Int) {
    var gap = offset..<offset + size
    if let before = gaps.firstIndex(where: { $0.upperBound == gap.lowerBound }) {
      gap = gaps.remove(at: before).lowerBound..<gap.upperBound
    }
    if let after = gaps.firstIndex(where: { $0.lowerBound == gap.upperBound }) {
      gap = gap.lowerBound..<gaps.remove(at: after).upperBound
    }
    let index = gaps.firstIndex { $0.lowerBound > gap.lowerBound } ?? gaps.endIndex
    gaps.insert(gap, at: index)
  }
}
