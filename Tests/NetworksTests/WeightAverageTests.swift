import Graphs
import Tensors
import Testing

@testable import Networks

@Suite struct WeightAverageTests {
  private let specifications = [ParameterSpecification("weight", [2], .constant(1))]

  /// Against the recursion written out: a (t + 1) = d a(t) + (1 - d) w with d = min(decay, t / (t + 10)).
  @Test func followsTheRecursion() throws {
    let store = ParameterStore(specifications)
    let average = WeightAverage(store, decay: 0.3)
    var expected = 0.0
    for step in 1...8 {
      store["weight"] = Tensor([2], [Float(step), -Float(step)])
      average.update(step: step)
      let decay = min(0.3, Double(step) / Double(step + 10))
      expected = decay * expected + (1 - decay) * Double(step)
    }
    average.withAverage {
      #expect(abs(Double(store.values[0]) - expected) < 1e-5)
      #expect(abs(Double(store.values[1]) + expected) < 1e-5)
    }
    #expect(store["weight"]?.elements == [8, -8])
  }

  @Test func comesBackFromItsState() {
    let store = ParameterStore(specifications)
    let average = WeightAverage(store, decay: 0.5)
    store["weight"] = Tensor([2], [3, 4])
    average.update(step: 20)
    let other = WeightAverage(store, decay: 0.5)
    other.state = average.state
    other.withAverage { #expect(store["weight"]?.elements == [1.5, 2]) }
  }

  @Test(arguments: [(limit: Float(1), moved: Float(1)), (limit: 10, moved: 5)])
  func gradientsAreShortenedToTheLimit(limit: Float, moved: Float) throws {
    let store = ParameterStore(specifications)
    let optimizer = Optimizer(.sgd(momentum: 0), store, gradientLimit: limit)
    store.gradients[0] = 3
    store.gradients[1] = -4
    let before = [store.values[0], store.values[1]]
    optimizer.step(learningRate: 1)
    let step = [before[0] - store.values[0], before[1] - store.values[1]]
    #expect(abs((step[0] * step[0] + step[1] * step[1]).squareRoot() - moved) < 1e-5)
    #expect(abs(step[1] / step[0] + 4.0 / 3) < 1e-5)
  }
}
