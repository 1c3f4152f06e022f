import Tensors
import Testing

@testable import Graphs

@Suite struct ProfileTests {
  /// One operation, and what a profile is to say of it.
  struct Case: Sendable {
    let operation: Operation
    let inputs: [Shape]
    let output: Shape
    let name: String
    let operations: Int

    init(_ operation: Operation, _ inputs: [Shape], _ output: Shape, _ name: String, _ count: Int) {
      self.operation = operation
      self.inputs = inputs
      self.output = output
      self.name = name
      operations = count
    }
  }

  /// Multiplications and additions of 100 rows of 784 by 500.
  private static let dense: Int = 2 * 100 * 784 * 500
  /// Those of a 3x3 convolution of 8 pictures of 32x32 from 64 to 16 channels.
  private static let convolution: Int = 2 * 8 * 16 * 1024 * 64 * 9
  private static let padded = ConvolutionGeometry(padding: 1)

  private static let cases: [Case] = [
    Case(.dense, [[100, 784], [500, 784], [500]], [100, 500], "dense [100,784] -> 500", dense),
    Case(
      .matrixProduct(transposeA: true, transposeB: false), [[100, 500], [100, 784]], [500, 784],
      "product [100,500] transposed x [100,784]", dense),
    Case(
      .convolution(ConvolutionGeometry(stride: 2, padding: 1)),
      [[8, 64, 32, 32], [16, 64, 3, 3]],
      [8, 16, 16, 16], "convolution 3x3 s2 [8,64,32,32] -> 16", convolution / 4),
    Case(
      .convolutionTransposed(padded), [[8, 16, 32, 32], [16, 64, 3, 3]], [8, 64, 32, 32],
      "data gradient 3x3 [8,16,32,32] -> 64", convolution),
    Case(
      .convolutionWeightGradient(padded), [[8, 64, 32, 32], [8, 16, 32, 32]], [16, 64, 3, 3],
      "weight gradient 3x3 [8,64,32,32] -> 16", convolution),
    Case(.unary(.leakyRelu(slope: 0.1)), [[4, 2]], [4, 2], "leakyRelu [4,2]", 0),
    Case(.unaryGradient(.tanh), [[4, 2], [4, 2]], [4, 2], "tanh gradient [4,2]", 0),
    Case(.binary(.multiply), [[4, 2], [4, 2]], [4, 2], "multiply [4,2]", 0),
    Case(.reduce(.sum, axes: [0]), [[4, 2]], [1, 2], "sum [4,2] -> [1,2]", 0),
    Case(
      .pixelShuffle(factor: 2), [[1, 4, 3, 3]], [1, 1, 6, 6],
      "pixelShuffle [1,4,3,3] -> [1,1,6,6]", 0),
  ]

  @Test(arguments: cases)
  func namesAndOperations(_ item: Case) {
    let work = Work(item.operation, inputs: item.inputs, output: item.output)
    #expect(work.name == item.name)
    #expect(work.operations == item.operations)
    #expect(work.bytes == 4 * (item.inputs.reduce(0) { $0 + $1.count } + item.output.count))
  }

  /// A grouped convolution multiplies within its groups only.
  @Test func groupsCountOnce() {
    let geometry = ConvolutionGeometry(padding: 1, groups: 4)
    let work = Work(
      .convolution(geometry), inputs: [[1, 8, 5, 5], [12, 2, 3, 3]], output: [1, 12, 5, 5])
    #expect(work.operations == 2 * 12 * 25 * 2 * 9)
  }

  @Test func runsOfEqualWorkAreCountedTogether() throws {
    let profile = Profile(.table)
    let graph = Graph()
    let x = graph.input("x", [2])
    let y = x.tanh()
    let node = graph.nodes[y.index]
    let memory = AlignedMemory(count: 2)
    defer { withExtendedLifetime(memory) {} }
    var calls = 0
    for _ in 0..<3 {
      let step = profile.timing(
        { calls += 1 }, node, inputs: [Operand(shape: [2], elements: memory.elements)])
      try step()
      try step()
    }
    #expect(calls == 6)
    #expect(profile.entries.map(\.work.name) == ["tanh [2]"])
    #expect(profile.entries.first?.total.runs == 6)
  }

  private func counter(_ work: Work, _ seconds: Double, runs: Int) -> Profile.Counter {
    let counter = Profile.Counter(work)
    for _ in 0..<runs { counter.add(seconds / Double(runs)) }
    return counter
  }

  @Test func theTableHasSharesRatesAndTheRest() {
    let product = Work(
      .dense, inputs: [[100, 1000], [500, 1000]], output: [100, 500], reorders: 2,
      reorderedBytes: 1_000_000_000)
    let report = ProfileReport(
      [counter(product, 0.5, runs: 50), counter(Work("optimizer"), 0.25, runs: 50)], wall: 1,
      processor: 1.5, threads: 2)
    let lines = report.table.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("profile: 1.00 s, 1.50 s of processor time, 2 threads, "))
    // 10 ms a run for 10^8 operations and 2,600,000 bytes.
    let operations = lines.first { $0.hasSuffix("dense [100,1000] -> 500  (2 reorders)") }
    #expect(
      operations?.split(separator: " ").prefix(6)
        == ["50.0%", "0.500", "50", "10.000", "10.0", "0.3"])
    #expect(lines.contains { $0.hasPrefix(" 25.0%") && $0.hasSuffix("the rest of the program") })
    #expect(lines.contains { $0.hasPrefix("reorders: 100 copies") && $0.contains("50.00 GB") })
    #expect(lines.allSatisfy { $0.count <= 100 })
  }

  @Test func aLongTableIsSummedUp() {
    let counters = (0..<60).map { counter(Work("work \($0)"), 0.01, runs: 1) }
    let report = ProfileReport(counters, wall: 1, processor: 1, threads: 1)
    #expect(report.table.contains("20 more kinds of work"))
    #expect(!report.table.contains("work 59"))
  }

  @Test func theJSONNamesEveryKindOfWork() {
    let report = ProfileReport(
      [counter(Work("optimizer"), 0.25, runs: 4)], wall: 1, processor: 2, threads: 3)
    #expect(
      report.json == """
        {"wall_seconds":1.0,"processor_seconds":2.0,"threads":3,"works":[\
        {"name":"optimizer","group":"around the plans","seconds":0.25,"runs":4,"operations":0,\
        "bytes":0,"reorders":0,"reordered_bytes":0}]}

        """)
  }
}
