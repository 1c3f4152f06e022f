import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

@Suite struct InverseAutoregressiveFlowTests {
  private static let latents = 3

  private func model(steps: Int) -> Model {
    let model = Model(
      Configuration(
        image: ImageShape(channels: 1, height: 2, width: 2), latents: Self.latents,
        network: .mlp(hidden: [4], activation: .tanh), likelihood: .bernoulli,
        posterior: .inverseAutoregressiveFlow(steps: steps, hidden: 7)),
      seed: 2)
    // Weights of order one, so that the flow does something.
    for slot in model.parameters.slots where slot.name.hasPrefix("posterior.") {
      guard slot.name.hasSuffix(".weight"), let tensor = model.parameters[slot.name] else {
        continue
      }
      model.parameters[slot.name] = Tensor(tensor.shape, tensor.elements.map { 2 * $0 })
    }
    return model
  }

  private func draw(_ model: Model, _ noise: Tensor) throws -> (z: Tensor, logDensity: Tensor) {
    let x = Tensor([1, 1, 2, 2], [0, 0.5, 1, 0.25])
    let values = try model.values(of: [x, noise]) { _, inputs in
      let draw = model.flat.posterior(inputs[0]).repeated(noise.shape[0])
        .draw(LatentNoise(normal: inputs[1]))
      return [draw.latents, draw.logDensity]
    }
    return (values[0], values[1])
  }

  /// log q(z) = log N(noise) - log |det dz/dnoise|, the determinant from finite differences.
  @Test(arguments: [1, 2, 5])
  func densityFollowsFromTheJacobian(steps: Int) throws {
    let model = model(steps: steps)
    let start: [Float] = [0.4, -0.9, 1.2]
    let step: Float = 1e-2
    var rows = [start]
    for i in start.indices {
      for sign in [step, -step] {
        var moved = start
        moved[i] += sign
        rows.append(moved)
      }
    }
    let (z, logDensity) = try draw(model, Tensor([rows.count, 3], rows.flatMap(\.self)))
    var jacobian = [[Double]](repeating: [0, 0, 0], count: 3)
    for i in 0..<3 {
      for j in 0..<3 {
        let (up, down) = (z[(1 + 2 * i) * 3 + j], z[(2 + 2 * i) * 3 + j])
        jacobian[j][i] = Double(up - down) / Double(2 * step)
      }
    }
    let m = jacobian
    let determinant =
      m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
      - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
      + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    let base = start.reduce(0.0) { $0 - 0.5 * (Double($1 * $1) + log(2 * Double.pi)) }
    #expect(abs(Double(logDensity[0]) - (base - log(abs(determinant)))) < 2e-3)
    let isDiagonal = (0..<3).allSatisfy { i in
      (0..<3).allSatisfy { i == $0 || abs(m[i][$0]) < 1e-4 }
    }
    #expect(!isDiagonal, "a flow bends")
  }

  /// In an even step latent i depends on the ones before it, in an odd one on those after it.
  @Test func order() throws {
    let flow = InverseAutoregressiveFlow(latents: 3, steps: 2, hidden: 7, activation: .tanh)
    let model = model(steps: 1)
    let noise = Tensor([2, 3], [0, 0, 0, 0, 0, 1])
    let (z, _) = try draw(model, noise)
    #expect(z[0] == z[3] && z[1] == z[4] && z[2] != z[5], "the last latent moves none before it")
    let first = try draw(model, Tensor([2, 3], [0, 0, 0, 1, 0, 0])).z
    #expect(first[0] != first[3] && first[1] != first[4] && first[2] != first[5])
    #expect(flow.parameters.count == 16)
  }

  /// The mean of a flow is where it takes the base's mean.
  @Test func mean() throws {
    let model = model(steps: 3)
    let x = Tensor([1, 1, 2, 2], [0, 0.5, 1, 0.25])
    let mean = try model.values(of: [x]) { _, inputs in
      [model.flat.posterior(inputs[0]).mean]
    }[0]
    #expect(try draw(model, Tensor([1, 3])).z == mean)
  }
}
