import Foundation
import Graphs
import Networks
import Tensors

@testable import VAE

extension BoundFixture {
  /// Fits the encoder, the decoder held as it is, and returns the bounds of the three pictures.
  func fittedBounds(_ posterior: Configuration.Posterior) throws -> [Double] {
    let model = try model(posterior)
    let graph = Graph()
    let x = graph.input([3, 1, 2, 2])
    let draws = 16
    let noise = LatentNoise(graph, rows: 3 * draws, model.posteriorNoise)
    let bound = model.network.draws(x, seeing: nil, noise: noise, samples: draws).bound.bound
    let names = ["encoder.0.weight", "encoder.0.bias"]
    let parameters = names.map { name in
      graph.parameter(name, model.parameters[name]?.shape ?? .scalar)
    }
    let gradients = graph.gradient(of: -bound.mean(), withRespectTo: parameters)
    let function = try Function(
      graph, bound, outputs: [bound], gradients: Array(zip(names, gradients)),
      parameters: model.parameters, backend: PortableBackend())
    let pictures = try pictures()
    function.write { inputs, _ in inputs.set(x, pictures.elements) }
    let optimizer = Optimizer(
      .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), model.parameters)
    var random = RandomSource(seed: 4)
    let steps = 1500
    for step in 0..<steps {
      try function({ inputs, _ in inputs.set(noise, using: &random) }, read: { _, _ in })
      let factor = 0.5 * (1 + cos(Double.pi * Double(step) / Double(steps)))
      optimizer.step(learningRate: 0.03 * Float(factor))
    }
    var sums = [Double](repeating: 0, count: 3)
    let runs = 400
    for _ in 0..<runs {
      try function(
        { inputs, _ in inputs.set(noise, using: &random) },
        read: { results, bound in
          for row in 0..<3 { sums[row] += Double(results[bound][row]) / Double(runs) }
        })
    }
    return sums
  }
}
