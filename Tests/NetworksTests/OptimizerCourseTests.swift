import Foundation
import Graphs
import Networks
import Tensors
import Testing

/// What Tests/Fixtures/make_optimizers.py recorded of torch.optim.
private struct GoldenCourses: Decodable {
  let start: [Float]
  let gradients: [[Float]]
  let rate: Float
  let sgd: [[Double]]
  let sgdDecay: [[Double]]
  let momentum: [[Double]]
  let adagrad: [[Double]]
  let adam: [[Double]]
  let adamDecay: [[Double]]
  let adamw: [[Double]]
  let adamax: [[Double]]

  static func read() throws -> GoldenCourses {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/optimizers.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(GoldenCourses.self, from: Data(contentsOf: path))
  }
}

@Suite struct OptimizerCourseTests {
  /// A row: the rule, its decay by the prior on the weights, and PyTorch's course.
  private func check(
    _ kind: OptimizerKind, decay: Float = 0, _ course: KeyPath<GoldenCourses, [[Double]]>
  ) throws {
    let golden = try GoldenCourses.read()
    // More weights than a vector has lanes, so that whole vectors and the rest are both seen.
    let copies = 9
    let store = ParameterStore([("x", [copies * golden.start.count])])
    store["x"] = Tensor(
      [copies * golden.start.count], (0..<copies).flatMap { _ in golden.start })
    let optimizer = Optimizer(kind, store, weightDecay: decay)
    for (gradient, expected) in zip(golden.gradients, golden[keyPath: course]) {
      for index in 0..<copies * gradient.count {
        store.gradients[index] = gradient[index % gradient.count]
      }
      optimizer.step(learningRate: golden.rate)
      for index in 0..<copies * gradient.count {
        #expect(abs(Double(store.values[index]) - expected[index % gradient.count]) < 3e-6)
      }
    }
  }

  @Test func sgd() throws { try check(.sgd(momentum: 0), \.sgd) }
  @Test func sgdWithDecay() throws { try check(.sgd(momentum: 0), decay: 0.1, \.sgdDecay) }
  @Test func momentum() throws { try check(.sgd(momentum: 0.9), \.momentum) }
  @Test func adagrad() throws { try check(.adagrad(epsilon: 1e-8), \.adagrad) }
  @Test func adam() throws {
    try check(.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), \.adam)
  }
  @Test func adamWithDecay() throws {
    try check(.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-4), decay: 0.1, \.adamDecay)
  }
  @Test func adamW() throws {
    try check(.adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1), \.adamw)
  }
  @Test func adamax() throws {
    try check(.adamax(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), \.adamax)
  }
}
