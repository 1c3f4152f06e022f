import Graphs
import Tensors
import Testing

@testable import VAE

@Suite struct ModelGrowthTests {
  private static func configuration(_ blocks: [Int]) -> Configuration {
    var configuration = Hierarchies.configuration()
    guard var hierarchy = configuration.hierarchy else { return configuration }
    hierarchy.blocks = blocks
    configuration = Configuration(image: configuration.image, hierarchy: hierarchy)
    return configuration
  }

  /// New blocks are the identity at first.
  @Test func aModelWithMoreBlocksBeginsAsTheSmaller() throws {
    let small = Hierarchies.model(Self.configuration([1, 1]))
    let large = Model(Self.configuration([2, 3]), seed: 5)
    #expect(large.parameters.parameterCount > small.parameters.parameterCount)
    large.takeParameters(of: small)
    let inputs = [
      "observation": Tensor(
        [1, 1, 8, 8], Hierarchies.picture(height: 8, width: 8).elements),
      "maps": Tensor([1, 5, 8, 8], repeating: 0.5),
    ]
    let results = try [small, large].map { model in
      try Plan.results(model, inputs) { graph in
        let condition = ConditionValues(
          observation: graph.input("observation", [1, 1, 8, 8]),
          maps: graph.input("maps", [1, 5, 8, 8]))
        return [model.hierarchical.pass(condition).priorPath()]
      }[0]
    }
    #expect(
      zip(results[0].elements, results[1].elements).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func formsThatCanBeBegunFrom() {
    let (small, large) = (Self.configuration([1, 1]), Self.configuration([2, 1]))
    #expect(large.extends(small))
    #expect(small.extends(small))
    #expect(!small.extends(large))
    #expect(!large.extends(Hierarchies.configuration(channels: 3)))
  }

  /// One number where all levels have as many, otherwise one a level; both are read.
  @Test(arguments: [[1, 1], [2, 1]])
  func blocksAreWrittenByLevel(blocks: [Int]) throws {
    let configuration = Self.configuration(blocks)
    let text = configuration.json.description
    #expect(text.contains(blocks == [1, 1] ? #""blocks":1"# : #""blocks":[2,1]"#))
    #expect(try Configuration(json: .init(parsing: text)) == configuration)
  }
}
