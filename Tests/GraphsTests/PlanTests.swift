import Tensors
import Testing

@testable import Graphs

@Suite struct PlanTests {
  @Test func memoryIsUsedAgain() throws {
    let graph = Graph()
    var x = graph.input("x", [1000])
    for _ in 0..<50 { x = x.tanh().broadcast(to: [2, 1000]).sum([0]) }
    let plan = try Plan(
      graph, outputs: [x], parameters: ParameterStore([]), backend: ReferenceBackend())
    #expect(plan.arenaCount <= 4 * 1008 + 2 * 2016)
  }

  /// A value that is read after an operation that could work in place must not be overwritten.
  @Test func valuesLiveUntilTheirLastReader() throws {
    let graph = Graph()
    let x = graph.input("x", [4])
    let a = x + 1
    let b = a.squared()
    let c = a * b
    let view = b.reshaped(to: [2, 2])
    let plan = try Plan(
      graph, outputs: [c, view, a], parameters: ParameterStore([]), backend: ReferenceBackend())
    plan.fill("x", with: Tensor([4], [0, 1, 2, 3]))
    for _ in 0..<2 {
      try plan.run()
      #expect(plan.output(0) == Tensor([4], [1, 8, 27, 64]))
      #expect(plan.output(1) == Tensor([2, 2], [1, 4, 9, 16]))
      #expect(plan.output(2) == Tensor([4], [1, 2, 3, 4]))
      #expect(plan.input("x").map(Array.init) == [0, 1, 2, 3])
    }
  }

  /// Plans of different sizes that take turns in one memory, the larger one compiled last.
  @Test func plansShareMemory() throws {
    let memory = PlanMemory()
    func plan(_ count: Int) throws -> Plan {
      let graph = Graph()
      let x = graph.input("x", [count])
      let sum = (x + 1).squared() * (x - 1)
      return try Plan(
        graph, outputs: [sum.sum([0])], parameters: ParameterStore([]),
        backend: ReferenceBackend(), memory: memory)
    }
    let plans = try [2, 500, 3].map(plan)
    for _ in 0..<2 {
      for (plan, expected) in zip(plans, [18, 4500, 27] as [Float]) {
        plan.input("x")?.update(repeating: 2)
        try plan.run()
        #expect(plan.output(0).elements[0] == expected)
      }
    }
    let arena = try #require(plans.map(\.arenaCount).max())
    #expect(memory.lend(1).count == arena)
  }

  @Test func memoryIsAlignedZeros() {
    for count in [0, 1, 1000, 1 << 20] {
      let memory = AlignedMemory(count: count)
      #expect(UInt(bitPattern: memory.elements) % 64 == 0)
      #expect(UnsafeBufferPointer(start: memory.elements, count: count).allSatisfy { $0 == 0 })
    }
  }

  @Test func gradientsGoToTheStore() throws {
    let store = ParameterStore([("w", [2, 3]), ("b", [2]), ("unused", [1])])
    store["w"] = Tensor([2, 3], [1, 2, 3, 4, 5, 6])
    let graph = Graph()
    let (w, b) = (graph.parameter("w", [2, 3]), graph.parameter("b", [2]))
    let loss = graph.input("x", [1, 3]).dense(w, b).sum()
    let gradients = graph.gradient(of: loss, withRespectTo: [w, b])
    let plan = try Plan(
      graph, outputs: [loss], gradients: [("w", gradients[0]), ("b", gradients[1])],
      parameters: store, backend: ReferenceBackend())
    plan.fill("x", with: Tensor([1, 3], [1, 10, 100]))
    try plan.run()
    #expect(plan.scalar(0) == 321 + 654)
    #expect(store.gradient("w") == Tensor([2, 3], [1, 10, 100, 1, 10, 100]))
    #expect(store.gradient("b") == Tensor([2], [1, 1]))
    #expect(store.gradient("unused") == Tensor([1], [0]))
  }

  @Test func constantsFold() {
    let graph = Graph()
    let x = graph.input("x", [2, 2])
    let count = graph.nodes.count
    _ = x * graph.constant(1, [2, 2])
    #expect(graph.nodes.count == count + 1)
    #expect((x + 0).index == x.index)
    #expect((x.exp() + 2).index == (x.exp() + 2).index)
  }
}

@Suite struct ArenaPlannerTests {
  @Test func gapsAreJoinedAndReused() {
    var planner = ArenaPlanner()
    let offsets = (0..<4).map { _ in planner.allocate(16) }
    #expect(offsets == [0, 16, 32, 48])
    planner.free(16, 16)
    planner.free(32, 16)
    #expect(planner.allocate(32) == 16)
    planner.free(48, 16)
    #expect(planner.allocate(48) == 48)
    #expect(planner.extent == 96)
  }

  /// Random requests: what is given out never overlaps.
  @Test func nothingOverlaps() {
    var planner = ArenaPlanner()
    var random = RandomSource(seed: 9)
    var taken: [Range<Int>] = []
    for _ in 0..<2000 {
      if !taken.isEmpty && random.nextUniform() < 0.5 {
        let range = taken.remove(at: Int(random.nextUniform() * Float(taken.count)))
        planner.free(range.lowerBound, range.count)
      } else {
        let size = 16 * Int(1 + random.nextUniform() * 9)
        let offset = planner.allocate(size)
        #expect(offset + size <= planner.extent)
        #expect(!taken.contains { $0.overlaps(offset..<offset + size) })
        taken.append(offset..<offset + size)
      }
    }
  }
}
