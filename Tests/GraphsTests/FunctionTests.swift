import Tensors
import Testing

@testable import Graphs

@Suite struct FunctionTests {
  private let store = ParameterStore([(name: "w", shape: [2])])

  /// w x + y, and what has nothing to do with it.
  private struct Line {
    let x: Value
    let y: Value
    let unused: Value
    let sum: Value
    let scalar: Value
  }

  private func line() throws -> Function<Line> {
    store["w"] = Tensor([2], [2, -1])
    let graph = Graph()
    let (x, y) = (graph.input([3, 2]), graph.input([3, 2]))
    let sum = graph.parameter("w", [2]).reshaped(to: [1, 2]) * x + y
    let line = Line(x: x, y: y, unused: graph.input([4]), sum: sum, scalar: sum.sum())
    return try Function(
      graph, line, outputs: [line.sum, line.scalar], parameters: store,
      backend: ReferenceBackend())
  }

  @Test func takesAndGivesWhatItsValuesName() throws {
    let function = try line()
    let sums = try function(
      { inputs, line in
        inputs.set(line.x, [1, 2, 3, 4, 5, 6])
        inputs.set(line.y, rows: [[0.5], [1, 2], [0]])
        inputs.set(line.unused, [1, 2, 3])
        #expect(inputs[line.unused].isEmpty)
      },
      read: { results, line in
        #expect(Array(results.row(1, of: line.sum)) == [7, -2])
        #expect(results.scalar(line.scalar) == 10)
        return results.tensor(line.sum)
      })
    #expect(sums == Tensor([3, 2], [2.5, -1.5, 7, -2, 10, -6]))
    // What is not written anew stays.
    function.write { inputs, line in inputs.set(line.y, to: 0) }
    #expect(try function.run { $0.tensor($1.sum).elements } == [2, -2, 6, -4, 10, -6])
  }

  @Test func inputsOfOneShapeAreDifferentOnes() {
    let graph = Graph()
    #expect(graph.input([2]).index != graph.input([2]).index)
  }

  /// How often functions of sizes are compiled, and what they give: n ones and an input, added up.
  private func compiled(_ cache: FunctionCache<Int>, _ sizes: [Int]) throws -> [Int] {
    var made: [Int] = []
    for size in sizes {
      let function = try cache.function(size, size: size) { graph in
        made.append(size)
        let x = graph.input([size])
        // Two steps, so that there is an intermediate value.
        let sum = (x + 1).exp().log().sum()
        return ((x: x, sum: sum), [sum])
      }
      let sum = try function({ $0.set($1.x, to: 1) }, read: { $0.scalar($1.sum) })
      #expect(abs(sum - Float(2 * size)) < 1e-3 * Float(size))
    }
    return made
  }

  @Test func keepsThoseThatCameLast() throws {
    let cache = FunctionCache<Int>(parameters: store, backend: ReferenceBackend(), count: 2)
    #expect(try compiled(cache, [3, 4, 3, 5, 3, 4]) == [3, 4, 5, 4])
  }

  @Test func keepsAsMuchAsFits() throws {
    let cache = FunctionCache<Int>(
      parameters: store, backend: ReferenceBackend(), count: 9, size: 10)
    #expect(try compiled(cache, [3, 4, 3, 20, 20, 3, 7, 3, 7]) == [3, 4, 20, 3, 7])
  }

  /// Those that share memory are compiled anew where it has grown, and give what they should.
  @Test func sharedMemoryGrows() throws {
    let cache = FunctionCache<Int>(
      parameters: store, backend: ReferenceBackend(), count: 9, sharesMemory: true)
    #expect(try compiled(cache, [8, 4000, 8, 4000, 8]) == [8, 4000, 8])
  }
}
