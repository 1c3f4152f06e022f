import Foundation
import Graphs
import Networks
import Tensors
import Testing

@Suite struct OptimizerTests {
  private func store(_ value: [Float], _ gradient: [Float]) -> ParameterStore {
    let store = ParameterStore([("x", [value.count])])
    store["x"] = Tensor([value.count], value)
    for (index, number) in gradient.enumerated() { store.gradients[index] = number }
    return store
  }

  /// Three steps of algorithm 1 by hand, in double precision.
  @Test func adam() {
    let parameters = store([1, -2], [0.5, -3])
    let optimizer = Optimizer(.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), parameters)
    var (value, m, v) = ([1.0, -2.0], [0.0, 0.0], [0.0, 0.0])
    var power = (1.0, 1.0)
    for step in 1...3 {
      let gradient = [0.5 * Double(step), -3]
      for i in 0..<2 { parameters.gradients[i] = Float(gradient[i]) }
      optimizer.step(learningRate: 0.1)
      power = (power.0 * 0.9, power.1 * 0.999)
      for i in 0..<2 {
        m[i] = 0.9 * m[i] + 0.1 * gradient[i]
        v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i]
        value[i] -= 0.1 * (m[i] / (1 - power.0)) / ((v[i] / (1 - power.1)).squareRoot() + 1e-8)
        #expect(abs(Double(parameters.values[i]) - value[i]) < 1e-5)
      }
    }
    #expect(optimizer.stepCount == 3)
  }

  @Test func gradientThatIsNotFiniteIsPassedOver() {
    for broken in [Float.nan, .infinity] {
      let parameters = store([1, -2], [broken, 1])
      let optimizer = Optimizer(
        .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), parameters, gradientLimit: 1)
      optimizer.step(learningRate: 0.1)
      #expect(parameters.values[0] == 1 && parameters.values[1] == -2)
      parameters.gradients[0] = 1
      optimizer.step(learningRate: 0.1)
      #expect(parameters.values[0].isFinite && parameters.values[0] < 1)
    }
  }

  @Test func adagrad() {
    let parameters = store([1], [2])
    let optimizer = Optimizer(.adagrad(epsilon: 0), parameters)
    optimizer.step(learningRate: 0.1)
    #expect(abs(parameters.values[0] - 0.9) < 1e-6)
    optimizer.step(learningRate: 0.1)
    #expect(abs(parameters.values[0] - (0.9 - 0.1 * 2 / Float(8).squareRoot())) < 1e-6)
  }

  @Test func momentum() {
    let parameters = store([1], [1])
    let optimizer = Optimizer(.sgd(momentum: 0.5), parameters)
    optimizer.step(learningRate: 0.1)
    optimizer.step(learningRate: 0.1)
    #expect(abs(parameters.values[0] - (1 - 0.1 - 0.15)) < 1e-6)
  }

  /// A Gaussian prior on the weights pulls them towards zero with a force of `weightDecay` times
  /// their value.
  @Test func weightDecay() {
    let parameters = store([2], [0])
    let optimizer = Optimizer(.sgd(momentum: 0), parameters, weightDecay: 0.25)
    optimizer.step(learningRate: 1)
    #expect(parameters.values[0] == 1.5)
  }

  @Test(arguments: [
    OptimizerKind.adam(beta1: 0.9, beta2: 0.99, epsilon: 1e-8), .adagrad(epsilon: 1e-8),
    .sgd(momentum: 0.9), .sgd(momentum: 0), .adamax(beta1: 0.9, beta2: 0.99, epsilon: 1e-8),
    .adamW(beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.01),
  ])
  func resumesToTheSameBits(kind: OptimizerKind) {
    let whole = store([1, 2, 3], [0.1, -0.2, 0.3])
    let optimizer = Optimizer(kind, whole)
    for _ in 0..<5 { optimizer.step(learningRate: 0.01) }
    let part = store([1, 2, 3], [0.1, -0.2, 0.3])
    let first = Optimizer(kind, part)
    for _ in 0..<2 { first.step(learningRate: 0.01) }
    let second = Optimizer(kind, part)
    second.restore(stepCount: first.stepCount, state: first.state)
    for _ in 0..<3 { second.step(learningRate: 0.01) }
    #expect(part["x"] == whole["x"])
    #expect(second.state == optimizer.state)
  }
}

@Suite struct InitializerTests {
  @Test(arguments: [
    (Initializer.glorot, Shape([300, 200]), Float(2) / 500),
    (Initializer.he(gain: 2), Shape([64, 32, 3, 3]), Float(2) / 288),
  ])
  func variance(initializer: Initializer, shape: Shape, expected: Float) {
    var random = RandomSource(seed: 3)
    let x = initializer.tensor(shape, using: &random).elements
    let variance = x.reduce(0) { $0 + $1 * $1 } / Float(x.count)
    #expect(abs(variance / expected - 1) < 0.05)
    #expect(abs(x.reduce(0, +) / Float(x.count)) < 4 * (expected / Float(x.count)).squareRoot())
  }

  @Test func eachTensorHasAStreamOfItsOwn() {
    let two = [
      ParameterSpecification("a", [5], .he(gain: 1)),
      ParameterSpecification("b", [5], .he(gain: 1)),
    ]
    let (first, second) = (ParameterStore(two), ParameterStore(two))
    first.initialize(two, seed: 1)
    second.initialize(two, seed: 1)
    #expect(first["a"] == second["a"])
    #expect(first["a"] != first["b"])
    second.initialize(two, seed: 2)
    #expect(first["a"] != second["a"])
  }
}

@Suite struct ScheduleTests {
  @Test func ends() {
    #expect(Schedule.constant.factor(at: 0.7) == 1)
    #expect(Schedule.cosine.factor(at: 0) == 1)
    #expect(abs(Schedule.cosine.factor(at: 0.5) - 0.5) < 1e-6)
    #expect(Schedule.cosine.factor(at: 1) == 0)
  }

  @Test func step() {
    let schedule = Schedule.step(epochs: 10, factor: 0.5)
    #expect(
      [0, 9.9, 10, 19.9, 30].map { schedule.factor(at: 0, epoch: $0) } == [1, 1, 0.5, 0.5, 0.125])
  }

  /// The paper's table: stage i lasts 3^i epochs.
  @Test func iwae() {
    var epoch = 0
    var length = 1
    for stage in 0...7 {
      let expected = Float(Foundation.pow(10, -Double(stage) / 7))
      for pass in [epoch, epoch + length - 1] {
        let factor = Schedule.iwae.factor(at: Double(pass) / Double(Schedule.iwaeEpochs))
        #expect(abs(factor - expected) < 1e-6, "epoch \(pass)")
      }
      epoch += length
      length *= 3
    }
    #expect(epoch == Schedule.iwaeEpochs)
  }
}
