import Graphs
import Networks
import Tensors

/// The variational mixture of posteriors (Tomczak and Welling 2018, equation 9): the mean of the
/// posteriors of K pictures that are learned themselves, the pseudo-inputs.
struct VampPrior: LatentPrior {
  /// What the encoder makes of the pseudo-inputs, `[K, O]`.
  let outputs: Value
  /// The posteriors that encoder's outputs describe.
  let posterior: (Value) -> any LatentPosterior

  static let name = "prior.pseudo_inputs"

  /// The tensor of the prior. A pseudo-input starts as dark noise; see
  /// `Model.startPseudoInputs(from:)`.
  static func parameters(pseudoInputs: Int, image: ImageShape) -> [ParameterSpecification] {
    [
      ParameterSpecification(
        name, [pseudoInputs, image.count], .normal(mean: -0.5, deviation: 0.25))
    ]
  }

  /// The pseudo-inputs as pictures, `[K, C, H, W]`: sigmoid of four times the parameters, which
  /// keeps them in range and lets them cross it in a few hundred steps of Adam.
  static func pictures(_ graph: Graph, pseudoInputs: Int, image: ImageShape) -> Value {
    (graph.parameter(name, [pseudoInputs, image.count]) * 4).sigmoid()
      .reshaped(to: image.batch(pseudoInputs))
  }

  /// The parameter whose pseudo-input is a sample of a picture, which is kept away from 0 and 1,
  /// where it could not move.
  static func parameter(of sample: Float) -> Float {
    let inside = Swift.min(Swift.max(sample, 0.02), 0.98)
    return logOf(inside / (1 - inside)) / 4
  }

  func logDensity(_ z: Value) -> Value {
    let count = outputs.shape[0]
    let densities: Value
    if let components = posterior(outputs) as? DiagonalGaussian {
      densities = components.logDensities(z)
    } else {
      let (rows, size) = (z.shape[0], outputs.shape[1])
      let tiled = outputs.reshaped(to: [1, count, size]).broadcast(to: [rows, count, size])
        .reshaped(to: [rows * count, size])
      densities = posterior(tiled).logDensity(z.repeatingRows(count))
        .reshaped(to: [rows, count])
    }
    return densities.logSumExp([1]) - logOf(Float(count))
  }

  func sample(_ noise: LatentNoise, temperature: Value) -> Value {
    let count = outputs.shape[0]
    // The last uniform number chooses the component, those before it are the posterior's.
    let own = noise.uniforms.shape[1] - 1
    let choice = ComponentChoice.oneHot(
      weights: outputs.graph.constant(1 / Float(count), [1, count]),
      uniform: noise.uniforms.sliced(axis: 1, own..<own + 1))
    let component = posterior(choice.times(outputs))
    let draw = component.draw(
      LatentNoise(
        normal: noise.normal,
        uniform: own > 0 ? noise.uniforms.sliced(axis: 1, 0..<own) : nil))
    let mean = component.mean
    return mean + (draw.latents - mean) * temperature
  }
}
