import Platform
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

  /// Slices that lie together in memory are no copies, and stay right where others write.
  @Test func slicesAreParts() throws {
    let graph = Graph()
    let x = graph.input("x", [4, 16])
    let store = ParameterStore([("w", [2, 16])])
    let sum = x + 1
    let parts = (0..<4).map { sum.sliced(axis: 0, $0..<$0 + 1) }
    let product = parts[1] * parts[3]
    let lower = sum.sliced(axis: 0, 2..<4)
    let last = lower.sliced(axis: 0, 1..<2).reshaped(to: [16])
    let columns = sum.sliced(axis: 1, 4..<6)
    let square = sum.squared()
    let plan = try Plan(
      graph, outputs: [product, last, columns, square], gradients: [("w", lower)],
      parameters: store, backend: ReferenceBackend())
    let numbers = (0..<64).map { Float($0) }
    let expected: [Float] = zip(numbers[16..<32], numbers[48...]).map { ($0 + 1) * ($1 + 1) }
    plan.fill("x", with: Tensor([4, 16], numbers))
    for _ in 0..<2 {
      try plan.run()
      #expect(plan.output(0).elements == expected)
      #expect(plan.output(1).elements == (0..<16).map { 49 + numbers[$0] })
      #expect(plan.output(2).elements == [5, 6, 21, 22, 37, 38, 53, 54])
      #expect(plan.output(3).elements == numbers.map { ($0 + 1) * ($0 + 1) })
      #expect(store.gradient("w")?.elements == numbers[32...].map { $0 + 1 })
    }
  }

  /// An operation may not write over a value of which it reads a part elsewhere.
  @Test func partsAreNotWrittenOver() throws {
    let graph = Graph()
    let x = graph.input("x", [2, 16])
    let sum = x + 1
    let first = sum.sliced(axis: 0, 0..<1).broadcast(to: [2, 16])
    let plan = try Plan(
      graph, outputs: [(sum - first).sum([1])], parameters: ParameterStore([]),
      backend: ReferenceBackend())
    plan.fill("x", with: Tensor([2, 16], (0..<32).map { Float($0) }))
    try plan.run()
    #expect(plan.output(0).elements == [0, 256])
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
    #expect(try memory.lend(1).count == arena)
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
  /// A block that is needed at another time stands where two others leave room.
  @Test func gapsAreUsed() {
    var planner = ArenaPlanner()
    let blocks = [
      planner.add(size: 64, from: 0, to: 3), planner.add(size: 48, from: 0, to: 1),
      planner.add(size: 32, from: 1, to: 3), planner.add(size: 48, from: 2, to: 3),
    ]
    let (offsets, extent) = planner.offsets()
    #expect(blocks.map { offsets[$0] } == [0, 64, 112, 64])
    #expect(extent == 144)
  }

  /// Random requests: blocks of one time never overlap.
  @Test func nothingOverlaps() {
    var random = RandomSource(seed: 9)
    var planner = ArenaPlanner()
    for _ in 0..<300 {
      let first = Int(random.nextUniform() * 100)
      let block = planner.add(
        size: 16 * (1 + Int(random.nextUniform() * 9)), from: first, to: first)
      planner.extend(block, to: first + Int(random.nextUniform() * 20))
    }
    let (offsets, extent) = planner.offsets()
    let places = planner.blocks.enumerated().map { offsets[$0]..<offsets[$0] + $1.size }
    for (index, block) in planner.blocks.enumerated() {
      #expect(places[index].lowerBound >= 0 && places[index].upperBound <= extent)
      for other in 0..<index where planner.blocks[other].time.overlaps(block.time) {
        #expect(!places[other].overlaps(places[index]))
      }
    }
    let peak = (0..<120).map { step in
      planner.blocks.filter { $0.time.contains(step) }.reduce(0) { $0 + $1.size }
    }.max()
    #expect(extent <= (peak ?? 0) * 5 / 4)
  }
}

@Suite("numbers of a plan that go out")
struct CheckedPlanTests {
  @Test("one that is not finite is an error", arguments: [Float.nan, .infinity, -.infinity])
  func checked(number: Float) throws {
    let graph = Graph()
    let x = graph.input("x", [5])
    let plan = try Plan(
      graph, outputs: [x + 1], parameters: ParameterStore([]), backend: ReferenceBackend())
    plan.input("x")?.update(repeating: .greatestFiniteMagnitude)
    try plan.runChecked()
    plan.input("x")?[3] = number
    #expect(throws: NotFiniteError.self) { try plan.runChecked() }
  }

  @Test("more memory than there is is refused before it is taken")
  func memory() {
    #expect {
      try Memory.require(1 << 40, 1 << 20, elements: 4, for: "a test")
    } throws: {
      "\($0)".hasPrefix("expected ") && "\($0)".contains(" GB of memory for a test, found ")
    }
  }
}
